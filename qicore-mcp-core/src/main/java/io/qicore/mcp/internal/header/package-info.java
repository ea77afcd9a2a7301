/** The grammar of HTTP headers: media types, origins, addresses, and the values that MCP puts into headers. */
@NullMarked
package io.qicore.mcp.internal.header;

import org.jspecify.annotations.NullMarked;
