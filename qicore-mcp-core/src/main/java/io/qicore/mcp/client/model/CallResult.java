package io.qicore.mcp.client.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.Content;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of a tool as the server sent it. Immutable, provided that the JSON is not modified.
 *
 * @param content the content blocks of the types that {@link Content} has
 * @param structured the structured value, or null
 * @param isError whether the tool failed
 * @param json the whole result, also with content blocks of other types and {@code _meta}
 */
public record CallResult(List<Content> content, @Nullable JsonNode structured, boolean isError, ObjectNode json) {
    /** Copies the list. */
    public CallResult {
        Objects.requireNonNull(json, "json");
        content = List.copyOf(Objects.requireNonNull(content, "content"));
    }

    /** Returns the text blocks, one after the other without a separator; empty if there are none. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Content block : content) {
            if (block instanceof Content.Text found) {
                text.append(found.text());
            }
        }
        return text.toString();
    }
}
