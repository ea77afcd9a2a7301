package io.qicore.mcp.internal.engine.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.task.Task;
import io.qicore.mcp.task.TaskStatus;
import io.qicore.mcp.task.TaskStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Creates, changes and shows the tasks of a store. Thread-safe. */
public final class Tasks {

    private static final Duration TTL = Duration.ofHours(1);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final int ID_BYTES = 24;
    private static final int MAX_ATTEMPTS = 100;

    private final TaskStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public Tasks(TaskStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    public TaskStore store() {
        return store;
    }

    /** Creates and stores a task with the status {@code working}. */
    public Task create(@Nullable String principal) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        // In milliseconds, as on the wire.
        Instant now = Instant.ofEpochMilli(clock.millis());
        Task task = new Task(
                Base64.getUrlEncoder().withoutPadding().encodeToString(id),
                principal,
                TaskStatus.WORKING,
                null,
                now,
                now,
                TTL,
                null,
                Json.object(),
                null,
                null,
                1);
        store.create(task);
        return task;
    }

    /** Returns the task of an id, if it belongs to the caller. */
    public Optional<Task> find(String taskId, @Nullable String principal) {
        return store.get(taskId).filter(task -> Objects.equals(task.principal(), principal));
    }

    /**
     * Changes a task, unless it has ended.
     *
     * @param change makes the next version; may be called several times
     * @return the changed task; empty if it does not exist any more
     * @throws IllegalStateException if concurrent changes never let this one through, or the store breaks its contract
     */
    public Optional<Task> change(String taskId, UnaryOperator<Task> change) {
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            Optional<Task> current = store.get(taskId);
            if (current.isEmpty() || current.get().status().isTerminal()) {
                return current;
            }
            Task next = change.apply(current.get());
            if (store.update(next)) {
                return Optional.of(next);
            }
        }
        throw new IllegalStateException("The task store did not take a change of " + taskId + " in " + MAX_ATTEMPTS
                + " attempts. Does its get() see what its update() compares with?");
    }

    /** Returns the next version of a task with a status message. */
    Task described(Task task, String message) {
        return next(task, task.status(), message, task.inputRequests(), task.inputResponses(), null, null);
    }

    /** Returns the next version of a task with another status. */
    Task with(Task task, TaskStatus status, @Nullable String message) {
        return next(task, status, message, null, task.inputResponses(), null, null);
    }

    Task waiting(Task task, ObjectNode inputRequests) {
        return next(task, TaskStatus.INPUT_REQUIRED, task.statusMessage(), inputRequests, Json.object(), null, null);
    }

    /** Returns the next version of a task with more answers. With the last answer, the task works again. */
    Task answered(Task task, @Nullable ObjectNode stillWanted, ObjectNode responses) {
        boolean complete = stillWanted == null || stillWanted.isEmpty();
        return next(
                task,
                complete ? TaskStatus.WORKING : TaskStatus.INPUT_REQUIRED,
                task.statusMessage(),
                complete ? null : stillWanted,
                responses,
                null,
                null);
    }

    Task completed(Task task, ObjectNode result) {
        return next(task, TaskStatus.COMPLETED, task.statusMessage(), null, Json.object(), result, null);
    }

    Task failed(Task task, RpcError error) {
        ObjectNode json = Json.object().put("code", error.code()).put("message", error.message());
        if (error.data() != null) {
            json.set("data", error.data());
        }
        return next(task, TaskStatus.FAILED, error.message(), null, Json.object(), null, json);
    }

    private Task next(
            Task task,
            TaskStatus status,
            @Nullable String message,
            @Nullable ObjectNode inputRequests,
            ObjectNode inputResponses,
            @Nullable ObjectNode result,
            @Nullable ObjectNode error) {
        return new Task(
                task.taskId(),
                task.principal(),
                status,
                message,
                task.createdAt(),
                Instant.ofEpochMilli(clock.millis()),
                task.ttl(),
                inputRequests,
                inputResponses,
                result,
                error,
                task.version() + 1);
    }

    /** Returns a task as clients see it. */
    public static ObjectNode toJson(Task task) {
        ObjectNode json = Json.object()
                .put("taskId", task.taskId())
                .put("status", task.status().name().toLowerCase(Locale.ROOT));
        if (task.statusMessage() != null) {
            json.put("statusMessage", task.statusMessage());
        }
        json.put("createdAt", task.createdAt().toString());
        json.put("lastUpdatedAt", task.lastUpdatedAt().toString());
        json.put("ttlMs", task.ttl().toMillis());
        json.put("pollIntervalMs", POLL_INTERVAL.toMillis());
        if (task.inputRequests() != null) {
            json.set("inputRequests", task.inputRequests());
        }
        if (task.result() != null) {
            json.set("result", task.result());
        }
        if (task.error() != null) {
            json.set("error", task.error());
        }
        return json;
    }
}
