/**
 * The base class of servers with its life cycle, and the settings that every server has. Start with
 * {@link io.qicore.mcp.server.StatelessMCPServer}.
 */
@NullMarked
package io.qicore.mcp.server;

import org.jspecify.annotations.NullMarked;
