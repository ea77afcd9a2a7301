/** A complete pipeline in one program: an embedded broker and database, MCP servers, an agent, and a summary. */
@NullMarked
package io.qicore.mcp.examples.quickstart;

import org.jspecify.annotations.NullMarked;
