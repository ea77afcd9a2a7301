/**
 * The protocol as one function, {@link io.qicore.mcp.engine.MCPEngine}, for applications with a transport of their own.
 * {@link io.qicore.mcp.engine.MessageConnection} is for transports with one client on each connection.
 */
@NullMarked
package io.qicore.mcp.engine;

import org.jspecify.annotations.NullMarked;
