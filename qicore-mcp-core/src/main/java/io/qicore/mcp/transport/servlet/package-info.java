/**
 * MCP Streamable HTTP as a Jakarta servlet, for applications that already run a servlet container. Start with
 * {@link io.qicore.mcp.transport.servlet.MCPServlet}.
 */
@NullMarked
package io.qicore.mcp.transport.servlet;

import org.jspecify.annotations.NullMarked;
