/** The MCP client that agents and tests use. */
@NullMarked
package io.qicore.mcp.client;

import org.jspecify.annotations.NullMarked;
