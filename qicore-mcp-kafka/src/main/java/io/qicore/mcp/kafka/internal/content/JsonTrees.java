package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import io.qicore.mcp.tool.Json;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON of records, with all digits of its numbers. */
public final class JsonTrees {

    private static final int MAX_SHOWN_DEPTH = 64;

    private static final ObjectReader READER = Json.MAPPER
            .reader()
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

    private static final ObjectWriter ASCII = Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private JsonTrees() {}

    /** Returns the object or array that a text holds as JSON; null if it holds something else, also a single value. */
    static @Nullable JsonNode containerOrNull(String text) {
        String stripped = text.stripLeading();
        if (!stripped.startsWith("{") && !stripped.startsWith("[")) {
            return null;
        }
        try {
            return READER.readTree(text);
        } catch (JsonProcessingException e) {
            // Also duplicate keys and extreme nesting: a tree could not show these.
            return null;
        }
    }

    /** Reads JSON. */
    public static JsonNode read(String json) throws JsonProcessingException {
        return READER.readTree(json);
    }

    /** Writes JSON on one line. Half surrogate pairs are escaped, so that the text can be written in UTF-8. */
    public static String write(JsonNode node) {
        try {
            String text = Json.MAPPER.writeValueAsString(node);
            return wellFormed(text) ? text : ASCII.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns whether a result may have the tree as it is. Clients cannot read numbers beyond the range of a double, and texts
     * with half a surrogate pair cannot be written in UTF-8.
     */
    static boolean showable(JsonNode node) {
        return showable(node, 0);
    }

    private static boolean showable(JsonNode node, int depth) {
        if (depth > MAX_SHOWN_DEPTH) {
            return false;
        }
        if (node.isNumber()) {
            return Double.isFinite(node.doubleValue());
        }
        if (node.isTextual()) {
            return wellFormed(node.textValue());
        }
        for (var field : node.properties()) {
            if (!wellFormed(field.getKey())) {
                return false;
            }
        }
        for (JsonNode child : node) {
            if (!showable(child, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
