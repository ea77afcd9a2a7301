package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;

/**
 * What a user did with an {@link Elicitation}. Immutable as long as nobody changes the content.
 *
 * @param action what the user chose
 * @param content the fields of the form; empty unless accepted. It comes from the client: check it before use, for
 *     example by {@link #as}
 */
public record ElicitationAnswer(Action action, ObjectNode content) {

    /** What a user can do with a question. */
    public enum Action {
        /** Answered it, or agreed to open the page. */
        ACCEPT,
        /** Said no. */
        DECLINE,
        /** Closed it without a decision. */
        CANCEL
    }

    /** Whether the user answered. */
    public boolean isAccepted() {
        return action == Action.ACCEPT;
    }

    /**
     * Reads the fields as the record that the form was made of.
     *
     * @throws MCPToolError if they do not fit it
     */
    public <T extends Record> T as(Class<T> fields) {
        ObjectNode schema = Schemas.forArguments(fields);
        schema.remove("additionalProperties");
        return new ArgumentReader<>("the form", schema, fields).read(content.isEmpty() ? Json.object() : content);
    }
}
