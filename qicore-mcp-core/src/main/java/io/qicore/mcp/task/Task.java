package io.qicore.mcp.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is stored. Every component can be written as JSON, so a store can keep a task as one document.
 * Immutable, provided that the JSON objects are not modified.
 *
 * @param taskId the unique id, which cannot be guessed
 * @param principal the {@linkplain io.qicore.mcp.auth.Caller#identity() identity} of the caller that started the task, who alone
 *     may see it; null for an anonymous caller
 * @param status the current status
 * @param statusMessage a description of the current step for people, or null
 * @param createdAt when the task was started
 * @param lastUpdatedAt when the task was last updated
 * @param ttl how long the task is kept, counted from {@code createdAt}
 * @param inputRequests the requests to the client that are open, by key, while the status is
 *     {@link TaskStatus#INPUT_REQUIRED}; otherwise null
 * @param inputResponses the answers to the latest input requests, by key
 * @param result the result of the tool if the status is {@link TaskStatus#COMPLETED}; otherwise null
 * @param error the JSON-RPC error if the status is {@link TaskStatus#FAILED}; otherwise null
 * @param version the version for optimistic locking; each update increases it by one
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

    /** Requires an id and a status. */
    public Task {
        Objects.requireNonNull(inputResponses, "inputResponses");
        Objects.requireNonNull(ttl, "ttl");
        Objects.requireNonNull(lastUpdatedAt, "lastUpdatedAt");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(status, "status");
    }

    /** Returns whether the task has outlived its {@code ttl} and may be removed. */
    public boolean isExpired(Instant now) {
        Objects.requireNonNull(now, "now");
        // Not createdAt + ttl, which can be beyond the range of Instant.
        return Duration.between(createdAt, now).compareTo(ttl) > 0;
    }
}
