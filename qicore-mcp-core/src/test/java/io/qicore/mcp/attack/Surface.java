package io.qicore.mcp.attack;

import io.qicore.mcp.transport.servlet.HttpServing;

/** The ways over HTTP on which an attack can come. */
enum Surface {
    JETTY(HttpServing.BUNDLED),
    TOMCAT(HttpServing.TOMCAT),
    SERVLET_IN_JETTY(HttpServing.SERVLET_IN_JETTY),
    /** HTTP+SSE of MCP 2024-11-05, on the bundled server. */
    HTTP_SSE(HttpServing.BUNDLED);

    final HttpServing serving;

    Surface(HttpServing serving) {
        this.serving = serving;
    }
}
