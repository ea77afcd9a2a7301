/**
 * Candles and where they come from: simulated, replayed, or an application's own source. Start with
 * {@link io.qicore.mcp.kafka.marketdata.MarketDataSource}.
 */
@NullMarked
package io.qicore.mcp.kafka.marketdata;

import org.jspecify.annotations.NullMarked;
