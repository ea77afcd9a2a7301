package io.qicore.mcp.kafka.marketdata;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a candle from texts by field name. All file formats use it. */
final class CandleFields {

    /** The fields that a candle needs. */
    static final List<String> NAMES = List.of("symbol", "time", "open", "high", "low", "close", "volume");

    // Smaller numbers are taken for seconds: as milliseconds they would be dates before March 1973.
    private static final long FIRST_MILLISECONDS = 100_000_000_000L;

    private CandleFields() {}

    static Candle read(Function<String, @Nullable String> fields) throws MarketDataException {
        try {
            return new Candle(
                    required(fields, "symbol"),
                    time(required(fields, "time")),
                    number(fields, "open"),
                    number(fields, "high"),
                    number(fields, "low"),
                    number(fields, "close"),
                    number(fields, "volume"));
        } catch (IllegalArgumentException e) {
            throw new MarketDataException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String required(Function<String, @Nullable String> fields, String name) {
        String value = fields.apply(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return value.trim();
    }

    private static double number(Function<String, @Nullable String> fields, String name) {
        String text = required(fields, name);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + name + "' is not a number: '" + shorten(text) + "'", e);
        }
    }

    private static Instant time(String text) {
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                long number = Long.parseLong(text);
                return number < FIRST_MILLISECONDS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
            }
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'time' must be ISO-8601 with an offset, such as 2026-11-22T10:00:00Z, or seconds or"
                            + " milliseconds since 1970, not '" + shorten(text) + "'",
                    e);
        }
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
