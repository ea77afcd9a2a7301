/** A program that serves the MCP servers which its environment enables. */
@NullMarked
package io.qicore.mcp.examples.serve;

import org.jspecify.annotations.NullMarked;
