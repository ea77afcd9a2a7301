/** Candles of market data and their JSON. Start with {@link io.qicore.mcp.kafka.marketdata.Candle}. */
@NullMarked
package io.qicore.mcp.kafka.marketdata;

import org.jspecify.annotations.NullMarked;
