/** Agents that coordinate several MCP servers. */
@NullMarked
package io.qicore.mcp.agent;

import org.jspecify.annotations.NullMarked;
