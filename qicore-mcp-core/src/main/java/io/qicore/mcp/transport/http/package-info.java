/** MCP Streamable HTTP on the bundled Jetty server. */
@NullMarked
package io.qicore.mcp.transport.http;

import org.jspecify.annotations.NullMarked;
