/** OAuth 2.1 for {@code MCPClient}, as MCP requires it: {@link io.qicore.mcp.client.oauth.OAuth}. */
@NullMarked
package io.qicore.mcp.client.oauth;

import org.jspecify.annotations.NullMarked;
