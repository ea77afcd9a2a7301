/**
 * Internal: the privileges of the server's database user. Holds the checks before a change, whose errors name the
 * missing grant, and the check of the whole role when a server starts.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.role;

import org.jspecify.annotations.NullMarked;
