/** Tools: what an author of an MCP server writes. Start with {@link io.qicore.mcp.tool.MCPTool}. */
@NullMarked
package io.qicore.mcp.tool;

import org.jspecify.annotations.NullMarked;
