package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that records must meet, all of them. They see contents as an agent does, so they cannot be used to guess what
 * is masked; a condition on something that is masked is refused. Immutable.
 */
public final class RecordFilter {

    private final @Nullable String key;
    private final Map<String, String> headers;
    private final Map<String, Object> fields;
    private final @Nullable String text;

    /**
     * Creates a filter.
     *
     * @param key the key as text; null for any
     * @param headers the value as text of each header, of which one with this name must have it
     * @param fields the value of each field of the JSON value, by its path with dots
     * @param text a text that the key, the value or a header contains; null for any
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if the value of a field is an object or an array
     */
    public RecordFilter(
            @Nullable String key,
            @Nullable Map<String, String> headers,
            @Nullable Map<String, Object> fields,
            @Nullable String text) {
        this.key = key;
        this.headers = headers == null ? Map.of() : headers;
        this.fields = fields == null ? Map.of() : fields;
        this.text = text;
        this.fields.forEach((path, value) -> {
            if (value instanceof Map<?, ?> || value instanceof Collection<?>) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "Field '" + path
                                + "' is compared with a text, a number, true, false or null. Write the path of a"
                                + " field in an object with dots, such as {\"order.id\": 42}.",
                        Map.of("argument", "fields"));
            }
        });
    }

    /** Returns whether every record passes. */
    public boolean isEmpty() {
        return key == null && headers.isEmpty() && fields.isEmpty() && text == null;
    }

    /** Returns the text that contents are searched for, or null. */
    @Nullable
    public String text() {
        return text;
    }

    /**
     * Requires that no condition is on something that is masked.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#NOT_ALLOWED} if one is
     */
    public void requireVisible(FieldMask mask) {
        if (key != null && mask.masksKeys()) {
            throw masked("The keys of records are", KafkaPolicy.MASKED_KEY);
        }
        headers.keySet().stream().filter(mask::covers).findFirst().ifPresent(name -> {
            throw masked("Header '" + name + "' is", name);
        });
        fields.keySet().stream()
                .filter(path -> mask.covers(path) || mask.covers(withoutIndexes(path)))
                .findFirst()
                .ifPresent(path -> {
                    throw masked("Field '" + path + "' is", path);
                });
    }

    private static MCPToolError masked(String subject, String name) {
        return new MCPToolError(
                KafkaErrorCode.NOT_ALLOWED,
                subject + " masked by the policy of this server, so records cannot be selected by it. Leave this"
                        + " condition out.",
                Map.of("masked", name));
    }

    private static String withoutIndexes(String path) {
        return path.replaceAll("\\.\\d+(?=\\.|$)", "");
    }

    /** Returns whether a record meets all conditions. */
    public boolean test(RecordView record) {
        if (key != null
                && !(Optional.ofNullable(record.key())
                        .filter(content -> content.is(key))
                        .isPresent())) {
            return false;
        }
        for (var header : headers.entrySet()) {
            if (record.headers(header.getKey()).stream().noneMatch(content -> content.is(header.getValue()))) {
                return false;
            }
        }
        return (text == null || record.contains(text)) && testFields(record);
    }

    /** Returns whether a record could not be tested, because its value is too large to be parsed. */
    public boolean cannotTest(RecordView record, FieldMask mask) {
        return record.unparsed() && (!fields.isEmpty() || (text != null && mask.masksFields()));
    }

    private boolean testFields(RecordView record) {
        if (fields.isEmpty()) {
            return true;
        }
        JsonNode tree = record.tree();
        return tree != null
                && fields.entrySet().stream().allMatch(field -> has(tree, field.getKey(), field.getValue()));
    }

    /** Returns whether a node has a value at a path. An array has it if one of its elements does. */
    private static boolean has(JsonNode node, String path, @Nullable Object wanted) {
        if (node.isArray()) {
            int dot = path.indexOf('.');
            JsonNode element = element(node, dot < 0 ? path : path.substring(0, dot));
            if (element != null && (dot < 0 ? is(element, wanted) : has(element, path.substring(dot + 1), wanted))) {
                return true;
            }
            for (JsonNode each : node) {
                if (has(each, path, wanted)) {
                    return true;
                }
            }
            return false;
        }
        for (var field : node.properties()) {
            String name = field.getKey();
            // The name of a field can have dots itself.
            if (path.equals(name)
                    ? is(field.getValue(), wanted)
                    : path.startsWith(name + ".") && has(field.getValue(), path.substring(name.length() + 1), wanted)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable JsonNode element(JsonNode array, String index) {
        return index.matches("\\d{1,9}") ? array.get(Integer.parseInt(index)) : null;
    }

    private static boolean is(JsonNode node, @Nullable Object wanted) {
        if (node.isArray()) {
            for (JsonNode each : node) {
                if (is(each, wanted)) {
                    return true;
                }
            }
            return false;
        }
        if (wanted == null) {
            return node.isNull();
        }
        if (node.isNumber()) {
            return equalNumbers(node.decimalValue(), wanted.toString());
        }
        return node.isValueNode() && !node.isNull() && node.asText().equals(wanted.toString());
    }

    private static boolean equalNumbers(BigDecimal number, String wanted) {
        try {
            return number.compareTo(new BigDecimal(wanted)) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
