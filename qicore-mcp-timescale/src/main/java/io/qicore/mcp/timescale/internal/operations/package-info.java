/**
 * Internal: the tools for operators of the database: its health, its most expensive queries, and cancelling a query.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.operations;

import org.jspecify.annotations.NullMarked;
