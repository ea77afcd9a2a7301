/**
 * What an application writes its tools with: {@link io.qicore.mcp.tool.MCPTool}, its results, content and errors, the
 * schemas of its arguments, and what a handler knows about the request that it serves, including questions to the client.
 */
@NullMarked
package io.qicore.mcp.tool;

import org.jspecify.annotations.NullMarked;
