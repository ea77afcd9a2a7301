/** Internal: the rules of MCP over HTTP, apart from the HTTP server that carries them. */
@NullMarked
package io.qicore.mcp.internal.http;

import org.jspecify.annotations.NullMarked;
