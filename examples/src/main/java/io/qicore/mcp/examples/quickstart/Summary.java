package io.qicore.mcp.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of the quickstart.
 *
 * @param produced number of records that Kafka acknowledged, as the producer reports it
 * @param stored number of rows in the database
 * @param lag lag of the sink's consumer group
 * @param symbols one row per symbol: symbol, last price, lowest price, highest price, number of candles
 * @param chartSymbol symbol of the chart
 * @param candles candles of the chart, oldest first
 */
record Summary(
        long produced, long stored, long lag, List<JsonNode> symbols, String chartSymbol, List<JsonNode> candles) {

    /** Why calls of a good run are answered with an error, by its code. */
    private static final Map<String, String> EXPECTED = Map.of(
            "TIMESCALE_NOT_INSTALLED", "PostgreSQL runs without TimescaleDB here, so the table stays a plain one",
            "GROUP_NOT_FOUND", "the agent asks for the lag before the sink has joined");

    /** Returns whether all produced records have been stored and the lag is 0. */
    boolean isSuccess() {
        return produced > 0 && produced == stored && lag == 0;
    }

    /** Returns the summary as text. */
    String render(CallStatistics calls, Duration total) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format("  %-8s %14s %14s %14s %9s", "symbol", "last price", "lowest", "highest", "candles"));
        for (JsonNode row : symbols) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-8s %14.4f %14.4f %14.4f %9d",
                    row.path(0).asText(),
                    row.path(1).asDouble(),
                    row.path(2).asDouble(),
                    row.path(3).asDouble(),
                    row.path(4).asLong()));
        }
        lines.add("");
        lines.add("  " + chartSymbol + ", " + candles.size() + " candles of 5 minutes (█ rise, ░ fall)");
        lines.addAll(CandleChart.draw(candles));
        lines.add("");
        lines.add(String.format(
                "  Records produced %d %s stored %d, final lag %d",
                produced, produced == stored ? "=" : "≠", stored, lag));
        lines.add(String.format(
                Locale.ROOT,
                "  Tool calls %d, p50 %.1f ms, p95 %.1f ms",
                calls.calls(),
                millis(calls.percentile(50)),
                millis(calls.percentile(95))));
        calls.failures()
                .forEach((code, count) -> lines.add("  " + count + " answered " + code
                        + (EXPECTED.containsKey(code) ? ": " + EXPECTED.get(code) : "")));
        lines.add(String.format(
                Locale.ROOT, "  %s in %.1f s", isSuccess() ? "Done" : "FAILED", total.toMillis() / 1000.0));
        return String.join("\n", lines);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
