package io.qicore.mcp.kafka.internal.argument;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads configuration values, which Kafka takes as text and models also write as numbers, booleans and lists. */
public final class ConfigValues {

    private ConfigValues() {}

    /**
     * Returns the values as text, sorted by name and without blanks around them. A list becomes a text with commas, as in
     * {@code compact,delete}.
     *
     * @param values by name of the setting
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} for null and for objects
     */
    public static Map<String, String> texts(Map<String, ? extends @Nullable Object> values) {
        Map<String, String> texts = new TreeMap<>();
        values.forEach((name, value) -> texts.put(name, text(name, value)));
        return texts;
    }

    private static String text(String name, @Nullable Object value) {
        if (value instanceof String text) {
            return text.strip();
        }
        if (value instanceof Boolean truth) {
            return truth.toString();
        }
        if (value instanceof Number number) {
            return number instanceof Double || number instanceof Float
                    ? plain(number.doubleValue())
                    : number.toString();
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(item -> text(name, item)).collect(Collectors.joining(","));
        }
        throw new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "The value of '" + name + "' must be text, a number or a boolean."
                        + (value == null
                                ? " For the default, leave it out of a new topic, or name it in reset of an existing one."
                                : ""),
                Map.of("config", name));
    }

    /** Writes 86400000.0 and 8.64e7 as 86400000, because Kafka reads whole numbers only in this form. */
    private static String plain(double number) {
        BigDecimal exact = BigDecimal.valueOf(number);
        return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }
}
