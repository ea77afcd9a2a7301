/**
 * MCP Streamable HTTP on the bundled Jetty server. {@link io.qicore.mcp.transport.http.HttpTransport} configures and
 * runs it; the other classes connect Jetty to the HTTP endpoints of the engine.
 */
@NullMarked
package io.qicore.mcp.transport.http;

import org.jspecify.annotations.NullMarked;
