/** The revisions of MCP, from 2024-11-05 to 2026-07-28: what differs between them on the wire, and nothing else. */
@NullMarked
package io.qicore.mcp.internal.engine.revision;

import org.jspecify.annotations.NullMarked;
