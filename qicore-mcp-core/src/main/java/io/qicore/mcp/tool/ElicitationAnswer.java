package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.util.Objects;

/**
 * A user's answer to an {@link Elicitation}. Immutable, provided that the content is not modified.
 *
 * @param action what the user chose
 * @param content the fields of the form; empty unless the user accepted. It comes from the client, so validate it
 *     before use, for example with {@link #as}
 */
public record ElicitationAnswer(Action action, ObjectNode content) {
    /** Requires what is not marked as nullable. */
    public ElicitationAnswer {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(action, "action");
    }

    /** What the user chose. */
    public enum Action {
        /** Submitted the form, or agreed to open the page. */
        ACCEPT,
        /** Declined explicitly. */
        DECLINE,
        /** Dismissed the question without a choice. */
        CANCEL
    }

    /** Returns whether the user accepted. */
    public boolean isAccepted() {
        return action == Action.ACCEPT;
    }

    /**
     * Validates the content and reads it as the record that the form was created from.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if the content does not match the record
     */
    public <T extends Record> T as(Class<T> fields) {
        Objects.requireNonNull(fields, "fields");
        ObjectNode schema = Schemas.forArguments(fields);
        schema.remove("additionalProperties");
        return new ArgumentReader<>("the form", schema, fields).read(content.isEmpty() ? Json.object() : content);
    }
}
