package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The candles of some symbols of another source. */
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
                throw new InterruptedException("Stopped while looking for " + symbols);
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
