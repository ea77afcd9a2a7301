package io.qicore.mcp.kafka.live;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.argument.Decimal;
import io.qicore.mcp.kafka.internal.argument.RecordTime;
import io.qicore.mcp.kafka.internal.argument.TimeField;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the JSON objects on a topic have the parts of a price: {@code symbol}, {@code time}, {@code open}, {@code high},
 * {@code low}, {@code close} and {@code volume}. By default a member has the name of the part, as in the candles that the
 * producers of this module write. A record is a price if it has a symbol and a close; the other parts may be missing.
 *
 * <pre>{@code
 * PriceFields.of(Map.of("symbol", "s", "close", "/trade/p", "time", "T"))
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class PriceFields {

    private static final List<String> PARTS = List.of("symbol", "time", "open", "high", "low", "close", "volume");

    /** Each part in the member of its name. */
    public static final PriceFields DEFAULT = of(Map.of());

    private final Map<String, String> fields;
    private final Map<String, JsonPointer> pointers = new HashMap<>();

    private PriceFields(Map<String, String> fields) {
        this.fields = fields;
        fields.forEach((part, field) -> pointers.put(part, pointer(part, field)));
    }

    /**
     * Returns fields of which some have other names.
     *
     * @param names the name of a member by the part that it holds; a name that begins with {@code /} is a JSON Pointer, such as
     *     {@code /trade/price}
     * @throws IllegalArgumentException if a part is unknown, or a name is blank or not a JSON Pointer
     */
    public static PriceFields of(Map<String, String> names) {
        Map<String, String> fields = new TreeMap<>();
        PARTS.forEach(part -> fields.put(part, part));
        names.forEach((part, field) -> {
            if (!PARTS.contains(part)) {
                throw new IllegalArgumentException("'" + part + "' is not a part of a price. Parts: "
                        + String.join(", ", PARTS) + "."
                        + ClosestName.to(part, PARTS)
                                .map(near -> " Did you mean '" + near + "'?")
                                .orElse(""));
            }
            if (field.isBlank()) {
                throw new IllegalArgumentException("The name of the field for '" + part + "' must not be blank.");
            }
            fields.put(part, field);
        });
        return new PriceFields(fields);
    }

    /** Returns the name of the member, or the JSON Pointer, that has a part. */
    String field(String part) {
        return fields.get(part);
    }

    /**
     * Reads a price.
     *
     * @param timestamp the timestamp of the record in milliseconds since 1970, for records without a time; negative for none
     * @return the price, or null if the value is not a price
     */
    @Nullable
    LivePrice read(byte[] json, long timestamp) {
        try {
            JsonNode node = Json.MAPPER.readTree(json);
            String symbol = text(node, "symbol");
            Double close = number(node, "close");
            if (symbol == null || close == null) {
                return null;
            }
            Instant time = time(node);
            return new LivePrice(
                    symbol,
                    time == null ? RecordTime.of(timestamp) : time,
                    number(node, "open"),
                    number(node, "high"),
                    number(node, "low"),
                    close,
                    number(node, "volume"));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // Counted by the caller, as every value that is not a price.
            return null;
        } catch (IOException e) {
            throw new IllegalStateException("Reading from memory failed", e);
        }
    }

    private @Nullable String text(JsonNode node, String part) {
        JsonNode value = node.at(pointers.get(part));
        if (value.isMissingNode() || value.isNull() || !value.isValueNode()) {
            return null;
        }
        String text = value.asText().strip();
        return text.isEmpty() ? null : text;
    }

    private @Nullable Double number(JsonNode node, String part) {
        String text = text(node, part);
        return text == null ? null : Decimal.read(text);
    }

    private @Nullable Instant time(JsonNode node) {
        String text = text(node, "time");
        return text == null ? null : TimeField.read(field("time"), text);
    }

    private static JsonPointer pointer(String part, String field) {
        try {
            return field.startsWith("/")
                    ? JsonPointer.compile(field)
                    : JsonPointer.empty().appendProperty(field);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The field for '" + part + "' is not a JSON Pointer, such as /trade/price: " + field, e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PriceFields same && fields.equals(same.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** Returns the fields by part. */
    @Override
    public String toString() {
        return fields.toString();
    }
}
