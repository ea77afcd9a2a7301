package io.qicore.mcp.client.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a server reports about a task. Immutable, provided that the JSON is not modified.
 *
 * @param id the id of the task
 * @param status how far it has come
 * @param message a message for the user, or null
 * @param questions what the server asks, by key, while the status is {@link Status#INPUT_REQUIRED}: objects with {@code method} and
 *     {@code params}
 * @param json all that the server has reported, with the result of a completed task
 */
public record TaskState(String id, Status status, @Nullable String message, ObjectNode questions, ObjectNode json) {

    /** How far a task has come. */
    public enum Status {
        /** It is running. */
        WORKING,
        /** It waits for answers. */
        INPUT_REQUIRED,
        /** It has a result, which may say that the tool has failed. */
        COMPLETED,
        /** It has ended with a JSON-RPC error. */
        FAILED,
        /** It was cancelled. */
        CANCELLED;

        /** Returns whether a task does not change any more. */
        public boolean isFinal() {
            return this == COMPLETED || this == FAILED || this == CANCELLED;
        }
    }

    /** Requires what is not marked as nullable. */
    public TaskState {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(questions, "questions");
        Objects.requireNonNull(json, "json");
    }
}
