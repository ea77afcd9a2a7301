/**
 * Internal: the tools for hypertables, their chunks, columnstore, policies, continuous aggregates and background
 * jobs. All of them need TimescaleDB.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.hypertable;

import org.jspecify.annotations.NullMarked;
