package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.tool.Schema;
import org.jspecify.annotations.Nullable;

/** A key, a value or a header as an agent sees it, in one of the forms. */
public record Shown(
        @Schema("JSON object or array, or any JSON if it was decoded with a schema") @Nullable
        JsonNode json,

        @Schema("Text, or the start of long JSON") @Nullable String text,

        @Schema("Bytes that are not text, as Base64") @Nullable
        String base64,

        @Schema("The bytes as a big-endian integer, if there are 1, 2, 4 or 8") @Nullable
        Long integer,

        @Schema("The bytes as a floating-point number, if there are 4 or 8 and it has a usual size") @Nullable
        Double decimal,

        @Schema("The number of all bytes, if not all of them are shown") @Nullable
        Integer bytes,

        @Schema("The schema that it was decoded with") ContentDecoder.@Nullable SchemaName schema,

        @Schema("Why it is not decoded or not shown") @Nullable
        String note) {

    /** Returns about how many bytes this takes in a result. */
    int size() {
        return (schema == null ? 40 : 120)
                + (json == null ? 0 : JsonTrees.write(json).length())
                + length(text)
                + length(base64)
                + length(note);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
