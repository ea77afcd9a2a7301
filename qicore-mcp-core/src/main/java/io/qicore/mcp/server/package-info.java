/** Servers: the base class, its life cycle, registry, factory and configuration. Start with {@link io.qicore.mcp.server.StatelessMCPServer}. */
@NullMarked
package io.qicore.mcp.server;

import org.jspecify.annotations.NullMarked;
