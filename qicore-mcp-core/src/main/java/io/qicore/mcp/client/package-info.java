/**
 * A client for MCP servers, used by agents and tests. {@link io.qicore.mcp.client.MCPClient} calls tools over HTTP or
 * in the same JVM. The package also holds its exceptions and the descriptions of servers and tools that it returns.
 */
@NullMarked
package io.qicore.mcp.client;

import org.jspecify.annotations.NullMarked;
