package io.qicore.mcp.kafka.marketdata;

import io.qicore.mcp.kafka.internal.argument.Decimal;
import io.qicore.mcp.kafka.internal.argument.TimeField;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a candle from texts by field name. */
final class CandleFields {

    /** The fields that a candle needs. */
    static final List<String> NAMES = List.of("symbol", "time", "open", "high", "low", "close", "volume");

    private CandleFields() {}

    static Candle read(Function<String, @Nullable String> fields) throws MarketDataException {
        try {
            return new Candle(
                    required(fields, "symbol"),
                    TimeField.read("time", required(fields, "time")),
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
            return Decimal.read(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + name + "' is not a number: '" + shorten(text) + "'", e);
        }
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
