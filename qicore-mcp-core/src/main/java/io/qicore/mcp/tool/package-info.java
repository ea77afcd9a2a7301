/**
 * Everything that an application needs to write tools. An {@link io.qicore.mcp.tool.MCPTool} combines a
 * {@link io.qicore.mcp.tool.ToolHandler} with the schemas of its arguments and result. The package also holds results
 * and content blocks, errors, page cursors, and the {@link io.qicore.mcp.tool.RequestContext} through which a handler
 * learns its deadline, reports progress and requests input from the client.
 */
@NullMarked
package io.qicore.mcp.tool;

import org.jspecify.annotations.NullMarked;
