/** How a client reaches a server: over HTTP, as a child process, or in this JVM; and which revisions of MCP it uses. */
@NullMarked
package io.qicore.mcp.client.endpoint;

import org.jspecify.annotations.NullMarked;
