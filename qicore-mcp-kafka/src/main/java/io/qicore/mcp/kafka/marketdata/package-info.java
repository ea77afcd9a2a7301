/**
 * Candles of market data and their sources: simulated, replayed from a file, or implemented by an application. Start with
 * {@link io.qicore.mcp.kafka.marketdata.MarketDataSource}.
 */
@NullMarked
package io.qicore.mcp.kafka.marketdata;

import org.jspecify.annotations.NullMarked;
