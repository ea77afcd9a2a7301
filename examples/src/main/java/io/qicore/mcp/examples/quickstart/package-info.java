/** A whole pipeline in one program: embedded broker and database, MCP servers, an agent, and a summary. */
@NullMarked
package io.qicore.mcp.examples.quickstart;

import org.jspecify.annotations.NullMarked;
