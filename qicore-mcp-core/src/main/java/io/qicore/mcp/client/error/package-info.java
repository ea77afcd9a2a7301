/** The failures of calls that {@code MCPClient} makes, other than those of the tools themselves. */
@NullMarked
package io.qicore.mcp.client.error;

import org.jspecify.annotations.NullMarked;
