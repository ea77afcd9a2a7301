/**
 * Internal: statements that agents write. The tools {@code query} and {@code explain_query}, the guard that looks at
 * what a statement calls before it is planned, and how rows, pages and plans become JSON.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.query;

import org.jspecify.annotations.NullMarked;
