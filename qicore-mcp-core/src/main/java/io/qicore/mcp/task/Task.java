package io.qicore.mcp.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is stored. Every component can be written as JSON, so a store can keep it as one document. Immutable as
 * long as nobody changes its JSON.
 *
 * @param taskId its name, which cannot be guessed
 * @param principal who started it; only that caller may see it. Null without authentication
 * @param status where it is in its life
 * @param statusMessage what it is doing, for people, or null
 * @param createdAt when it was started
 * @param lastUpdatedAt when it was last changed
 * @param ttl how long after its start it may be forgotten
 * @param inputRequests what it waits for, by key, while its status is {@link TaskStatus#INPUT_REQUIRED}; else null
 * @param inputResponses the answers to what it waited for last, by key
 * @param result the result of the tool when {@link TaskStatus#COMPLETED}; else null
 * @param error the JSON-RPC error when {@link TaskStatus#FAILED}; else null
 * @param version grows by one with each change
 */
public record Task(
        String taskId,
        @Nullable String principal,
        TaskStatus status,
        @Nullable String statusMessage,
        Instant createdAt,
        Instant lastUpdatedAt,
        Duration ttl,
        @Nullable ObjectNode inputRequests,
        ObjectNode inputResponses,
        @Nullable ObjectNode result,
        @Nullable ObjectNode error,
        long version) {

    /** Checks what must be there. */
    public Task {
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(status, "status");
    }

    /** Whether it may be forgotten. */
    public boolean isExpired(Instant now) {
        return now.isAfter(createdAt.plus(ttl));
    }
}
