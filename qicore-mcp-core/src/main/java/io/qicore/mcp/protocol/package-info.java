/** The protocol engine as one transport-neutral function: {@link io.qicore.mcp.protocol.MCPEngine}. */
@NullMarked
package io.qicore.mcp.protocol;

import org.jspecify.annotations.NullMarked;
