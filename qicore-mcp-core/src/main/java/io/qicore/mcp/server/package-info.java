/** Servers: the base class and its life cycle. Start with {@link io.qicore.mcp.server.StatelessMCPServer}. */
@NullMarked
package io.qicore.mcp.server;

import org.jspecify.annotations.NullMarked;
