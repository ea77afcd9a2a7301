/** MCP Streamable HTTP as a jakarta servlet, for applications that run a servlet container already. */
@NullMarked
package io.qicore.mcp.transport.servlet;

import org.jspecify.annotations.NullMarked;
