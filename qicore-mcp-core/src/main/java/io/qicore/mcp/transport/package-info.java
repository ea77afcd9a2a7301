/** What carries messages between a client and the engine; implement {@link io.qicore.mcp.transport.ServerTransport} to wire in your own. */
@NullMarked
package io.qicore.mcp.transport;

import org.jspecify.annotations.NullMarked;
