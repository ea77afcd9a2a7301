package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.sql.NamedParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Converts JSON values to text for the placeholders of a statement. Every value is sent as text of unknown type, so
 * that PostgreSQL infers its type from the context, as for a quoted constant. A JSON array becomes a PostgreSQL
 * array, and an object becomes JSON text.
 */
final class ParameterValues {

    private ParameterValues() {}

    /** Returns the text for each placeholder. */
    static List<@Nullable String> texts(NamedParameters parameters, ObjectNode values) {
        List<@Nullable String> texts = new ArrayList<>();
        for (String name : parameters.placeholders()) {
            texts.add(text(values.get(name)));
        }
        return texts;
    }

    static @Nullable String text(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isArray()) {
            return arrayLiteral(value);
        }
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /** Returns an array such as {@code {"a","b",NULL}}. Elements are quoted, so that they are not read as syntax. */
    private static String arrayLiteral(JsonNode array) {
        StringJoiner literal = new StringJoiner(",", "{", "}");
        for (JsonNode element : array) {
            String text = text(element);
            if (text == null) {
                literal.add("NULL");
            } else if (element.isArray()) {
                literal.add(text);
            } else {
                literal.add('"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
            }
        }
        return literal.toString();
    }
}
