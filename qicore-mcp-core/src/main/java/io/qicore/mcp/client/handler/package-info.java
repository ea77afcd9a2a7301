/** What an application gives to {@code MCPClient} to be called back: listeners, and handlers that answer a server's questions. */
@NullMarked
package io.qicore.mcp.client.handler;

import org.jspecify.annotations.NullMarked;
