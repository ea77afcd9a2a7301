/** Internal: the rules of MCP over HTTP, independent of the HTTP server that is used. */
@NullMarked
package io.qicore.mcp.internal.http;

import org.jspecify.annotations.NullMarked;
