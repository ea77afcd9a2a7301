/**
 * Transports, which carry messages between clients and the engine. The bundled ones are in the subpackages
 * {@code http}, {@code servlet} and {@code stdio}. Implement {@link io.qicore.mcp.transport.ServerTransport} to add
 * your own.
 */
@NullMarked
package io.qicore.mcp.transport;

import org.jspecify.annotations.NullMarked;
