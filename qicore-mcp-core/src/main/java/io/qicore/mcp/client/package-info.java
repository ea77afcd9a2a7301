/**
 * The client of MCP servers, for agents, tests and applications. {@link io.qicore.mcp.client.MCPClient} is its entry; its packages
 * hold what is passed to it and what it returns.
 */
@NullMarked
package io.qicore.mcp.client;

import org.jspecify.annotations.NullMarked;
