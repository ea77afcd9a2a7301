/** Resources: what a client can read by URI. Start with {@link io.qicore.mcp.resource.MCPResource}. */
@NullMarked
package io.qicore.mcp.resource;

import org.jspecify.annotations.NullMarked;
