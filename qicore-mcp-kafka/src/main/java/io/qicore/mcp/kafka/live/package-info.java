/** A server for live market data from Kafka topics. Start with {@link io.qicore.mcp.kafka.live.RealTimeDataMCPServer}. */
@NullMarked
package io.qicore.mcp.kafka.live;

import org.jspecify.annotations.NullMarked;
