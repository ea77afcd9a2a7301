/**
 * Internal: the tools that measure and explain the lag of consumer groups, the watch for subscribers, and the model of
 * lag behind them: {@code GroupLag} and {@code PartitionLag} for one moment, {@code LagSample} and {@code Trend} for its
 * course over time. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.lag;

import org.jspecify.annotations.NullMarked;
