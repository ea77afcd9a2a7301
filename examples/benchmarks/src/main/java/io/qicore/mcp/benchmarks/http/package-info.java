/** How many tool calls per second HTTP carries, side by side with the official Java SDK and with a bare handler. */
@NullMarked
package io.qicore.mcp.benchmarks.http;

import org.jspecify.annotations.NullMarked;
