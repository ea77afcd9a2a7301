/** A program that runs the MCP servers which are enabled in its environment. */
@NullMarked
package io.qicore.mcp.examples.serve;

import org.jspecify.annotations.NullMarked;
