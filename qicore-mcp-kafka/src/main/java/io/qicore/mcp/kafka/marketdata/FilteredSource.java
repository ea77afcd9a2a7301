package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Delivers the candles of another source that are of given symbols. */
final class FilteredSource implements MarketDataSource {

    private final MarketDataSource source;
    private final Set<String> symbols;

    FilteredSource(MarketDataSource source, Set<String> symbols) {
        this.source = source;
        this.symbols = symbols;
    }

    @Override
    public @Nullable Candle next() throws IOException, InterruptedException {
        Candle candle = source.next();
        while (candle != null && !symbols.contains(candle.symbol())) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while reading candles of " + symbols);
            }
            candle = source.next();
        }
        return candle;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
