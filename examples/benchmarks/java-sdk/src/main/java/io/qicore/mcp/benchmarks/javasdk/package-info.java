/** A server on the official MCP Java SDK, for comparison. */
@NullMarked
package io.qicore.mcp.benchmarks.javasdk;

import org.jspecify.annotations.NullMarked;
