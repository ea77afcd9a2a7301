/**
 * The differences between the revisions of MCP on the wire, from 2024-11-05 to 2026-07-28. Depends on {@code rpc} and
 * {@code call}.
 */
@NullMarked
package io.qicore.mcp.internal.engine.revision;

import org.jspecify.annotations.NullMarked;
