package io.qicore.mcp.kafka.internal.source;

import java.util.Map;

/**
 * The parameters of the simulated market of one symbol.
 *
 * @param startPrice price at the beginning, in US dollars
 * @param drift expected growth per year: 0.1 is ten percent
 * @param volatility standard deviation per year: 0.6 is sixty percent
 * @param turnoverPerMinute typical amount traded in a minute, in US dollars
 */
record SymbolModel(String symbol, double startPrice, double drift, double volatility, double turnoverPerMinute) {

    private static final double DEFAULT_DRIFT = 0.1;

    // Rough values, so that simulated prices resemble those of the real markets.
    private static final Map<String, SymbolModel> KNOWN = Map.ofEntries(
            known("BTC", 95_000, 0.5, 20_000_000),
            known("ETH", 3_300, 0.65, 12_000_000),
            known("SOL", 180, 0.85, 3_000_000),
            known("XRP", 2.2, 0.9, 3_000_000),
            known("BNB", 650, 0.55, 1_200_000),
            known("ADA", 0.8, 0.85, 700_000),
            known("DOGE", 0.2, 0.95, 1_500_000),
            known("AVAX", 25, 0.9, 300_000),
            known("DOT", 5, 0.85, 200_000),
            known("LINK", 15, 0.85, 400_000),
            known("LTC", 100, 0.7, 400_000),
            known("TRX", 0.27, 0.5, 500_000));

    /** Returns the model of a well-known symbol, or a plausible model for any other symbol. */
    static SymbolModel of(String symbol) {
        SymbolModel known = KNOWN.get(symbol);
        return known != null ? known : new SymbolModel(symbol, 100, DEFAULT_DRIFT, 0.8, 250_000);
    }

    private static Map.Entry<String, SymbolModel> known(
            String symbol, double startPrice, double volatility, double turnoverPerMinute) {
        return Map.entry(symbol, new SymbolModel(symbol, startPrice, DEFAULT_DRIFT, volatility, turnoverPerMinute));
    }
}
