package io.qicore.mcp.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws candles as text: {@code █} for a rise, {@code ░} for a fall, {@code │} for the range beyond open and close. */
final class CandleChart {

    private static final int ROWS = 10;

    private CandleChart() {}

    /** Returns the lines of a chart, from the highest price to the lowest. */
    static List<String> draw(List<JsonNode> candles) {
        double top = candles.stream()
                .mapToDouble(c -> c.path("high").asDouble())
                .max()
                .orElse(1);
        double bottom = candles.stream()
                .mapToDouble(c -> c.path("low").asDouble())
                .min()
                .orElse(0);
        double perRow = Math.max((top - bottom) / ROWS, Double.MIN_NORMAL);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            double price = top - (row + 0.5) * perRow;
            StringBuilder line =
                    new StringBuilder(row % 3 == 0 ? String.format(Locale.ROOT, "  %12.2f ", price) : " ".repeat(15));
            for (JsonNode candle : candles) {
                line.append(cell(candle, price, perRow / 2)).append(' ');
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static char cell(JsonNode candle, double price, double half) {
        double open = candle.path("open").asDouble();
        double close = candle.path("close").asDouble();
        if (price + half >= Math.min(open, close) && price - half <= Math.max(open, close)) {
            return close >= open ? '█' : '░';
        }
        boolean inRange = price + half >= candle.path("low").asDouble()
                && price - half <= candle.path("high").asDouble();
        return inRange ? '│' : ' ';
    }
}
