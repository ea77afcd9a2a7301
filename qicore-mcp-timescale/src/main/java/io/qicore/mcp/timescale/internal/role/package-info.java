/**
 * Internal: what the database user of a server may do. Checks before a change, so that the error names the missing grant,
 * and the check of the whole role when a server starts.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.role;

import org.jspecify.annotations.NullMarked;
