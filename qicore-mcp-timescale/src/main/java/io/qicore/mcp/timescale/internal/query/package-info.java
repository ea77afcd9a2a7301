/**
 * Internal: statements of agents. Holds the tools {@code query} and {@code explain_query}, the guard that checks a
 * statement before it is planned, and the conversion of rows, pages and plans to JSON.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.query;

import org.jspecify.annotations.NullMarked;
