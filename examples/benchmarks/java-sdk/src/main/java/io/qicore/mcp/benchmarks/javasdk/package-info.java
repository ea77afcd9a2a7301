/** A server on the official MCP Java SDK, to compare with. */
@NullMarked
package io.qicore.mcp.benchmarks.javasdk;

import org.jspecify.annotations.NullMarked;
