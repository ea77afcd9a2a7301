/** MCP over standard input and output. */
@NullMarked
package io.qicore.mcp.transport.stdio;

import org.jspecify.annotations.NullMarked;
