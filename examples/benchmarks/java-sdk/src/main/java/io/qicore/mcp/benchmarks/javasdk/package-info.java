/** Servers on the official MCP Java SDK, for comparison and for the client to be checked against. */
@NullMarked
package io.qicore.mcp.benchmarks.javasdk;

import org.jspecify.annotations.NullMarked;
