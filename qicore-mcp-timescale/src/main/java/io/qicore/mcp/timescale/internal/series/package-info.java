/**
 * Internal: the tools for time series, such as time buckets, candlesticks and the latest rows. They work on any table
 * with a time column, and use functions of TimescaleDB if the database has them.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.series;

import org.jspecify.annotations.NullMarked;
