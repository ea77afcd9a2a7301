/**
 * Internal: the tools that measure and explain the lag of consumer groups, the watch that notifies subscribers, and the
 * model of lag behind them. {@code GroupLag} and {@code PartitionLag} hold the lag at one moment, {@code LagSample} and
 * {@code Trend} its change over time. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.lag;

import org.jspecify.annotations.NullMarked;
