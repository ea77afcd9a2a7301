/**
 * MCP over standard input and output, for hosts that start the server as a child process. Start with
 * {@link io.qicore.mcp.transport.stdio.StdioTransport}.
 */
@NullMarked
package io.qicore.mcp.transport.stdio;

import org.jspecify.annotations.NullMarked;
