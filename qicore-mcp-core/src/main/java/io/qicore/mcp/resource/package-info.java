/**
 * Resources, which clients read by URI. An {@link io.qicore.mcp.resource.MCPResource} describes one resource or a
 * template for many, with the {@link io.qicore.mcp.resource.ResourceReader} that reads it and, optionally, the
 * {@link io.qicore.mcp.resource.ResourceWatcher} that reports its changes.
 */
@NullMarked
package io.qicore.mcp.resource;

import org.jspecify.annotations.NullMarked;
