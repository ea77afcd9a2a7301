package io.qicore.mcp.task;

import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks in the memory of this process. Suits a server that runs as a single replica and whose clients can accept
 * that tasks are lost on a restart. Limits the number of tasks, the number of one caller's tasks, and the size of all tasks
 * as JSON; above a limit, a new task is refused with the error code {@code BUSY}. Expired tasks are removed when they are
 * read, or when a limit is reached. Thread-safe.
 */
public final class InMemoryTaskStore implements TaskStore {

    /** Default limit on the number of stored tasks. */
    public static final int DEFAULT_MAX_TASKS = 10_000;

    /** Default limit on the number of stored tasks of one authenticated caller. */
    public static final int DEFAULT_MAX_TASKS_PER_CALLER = 1_000;

    private static final Duration CLEAN_UP_INTERVAL = Duration.ofSeconds(1);
    private static final int ALWAYS_ACCEPTED_BYTES = 4 << 10;

    private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();
    private final int maxTasks;
    private final int maxTasksPerCaller;
    private final long maxBytes;
    private final Clock clock;

    // Guarded by the first map.
    private final Map<String, Stored> tasks = new HashMap<>();
    private final Map<String, Integer> ofCallers = new HashMap<>();
    private long bytes;
    private Instant nextCleanUp = Instant.MIN;

    private record Stored(Task task, long bytes) {}

    /**
     * Creates a store that holds up to {@value #DEFAULT_MAX_TASKS} tasks, {@value #DEFAULT_MAX_TASKS_PER_CALLER} of one caller,
     * and an eighth of the largest heap.
     */
    public InMemoryTaskStore() {
        this(DEFAULT_MAX_TASKS, Clock.systemUTC());
    }

    /**
     * Creates a store that holds at most a tenth of its tasks for one caller, and an eighth of the largest heap.
     *
     * @param maxTasks the largest number of tasks that are stored at the same time
     * @param clock decides whether a task has expired
     */
    public InMemoryTaskStore(int maxTasks, Clock clock) {
        this(maxTasks, Math.max(1, maxTasks / 10), Runtime.getRuntime().maxMemory() / 8, clock);
    }

    /**
     * Creates a store.
     *
     * @param maxTasks the largest number of tasks that are stored at the same time
     * @param maxTasksPerCaller the largest number of tasks of one authenticated caller; callers without authentication share
     *     all tasks
     * @param maxBytes the largest size of all tasks as JSON, in bytes
     * @param clock decides whether a task has expired
     * @throws IllegalArgumentException if a limit is not positive
     */
    public InMemoryTaskStore(int maxTasks, int maxTasksPerCaller, long maxBytes, Clock clock) {
        if (maxTasks < 1 || maxTasksPerCaller < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("The limits of a task store must be positive, not " + maxTasks + ", "
                    + maxTasksPerCaller + " and " + maxBytes + ".");
        }
        Objects.requireNonNull(clock, "clock");
        this.maxTasks = maxTasks;
        this.maxTasksPerCaller = maxTasksPerCaller;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    @Override
    public void create(Task task) {
        Stored stored = new Stored(task, size(task));
        synchronized (tasks) {
            String refusal = refusal(stored);
            if (refusal != null) {
                removeExpired();
                refusal = refusal(stored);
            }
            if (refusal != null) {
                throw new MCPToolError(StandardErrorCode.BUSY, refusal);
            }
            put(stored);
        }
    }

    private @Nullable String refusal(Stored added) {
        if (tasks.size() >= maxTasks) {
            return "The task store is full: it holds " + maxTasks + " tasks. Try again later.";
        }
        if (bytes + added.bytes() > maxBytes) {
            return "The task store is full: its tasks have " + bytes + " bytes. Try again later.";
        }
        String caller = added.task().principal();
        if (caller != null && ofCallers.getOrDefault(caller, 0) >= maxTasksPerCaller) {
            return "The task store holds " + maxTasksPerCaller + " tasks of this caller. Try again later.";
        }
        return null;
    }

    @Override
    public Optional<Task> get(String taskId) {
        Objects.requireNonNull(taskId, "taskId");
        synchronized (tasks) {
            Stored stored = tasks.get(taskId);
            if (stored == null) {
                return Optional.empty();
            }
            if (stored.task().isExpired(clock.instant())) {
                remove(stored);
                return Optional.empty();
            }
            return Optional.of(stored.task());
        }
    }

    @Override
    public boolean update(Task next) {
        Stored stored = new Stored(next, size(next));
        synchronized (tasks) {
            Stored current = tasks.get(next.taskId());
            if (current == null || current.task().version() + 1 != next.version()) {
                return false;
            }
            if (isTooLarge(stored, current)) {
                removeExpired();
                current = tasks.get(next.taskId());
                if (current == null) {
                    return false;
                }
                if (isTooLarge(stored, current)) {
                    throw new MCPToolError(
                            StandardErrorCode.BUSY,
                            "The task store has no room for " + stored.bytes() + " bytes more. Try again later.");
                }
            }
            remove(current);
            put(stored);
        }
        watchers.getOrDefault(next.taskId(), Set.of()).forEach(Runnable::run);
        return true;
    }

    /** The end of a task always fits if it is small, so that no task stays as if it were running. */
    private boolean isTooLarge(Stored next, Stored current) {
        return next.bytes() > ALWAYS_ACCEPTED_BYTES && bytes - current.bytes() + next.bytes() > maxBytes;
    }

    private void put(Stored stored) {
        tasks.put(stored.task().taskId(), stored);
        bytes += stored.bytes();
        String caller = stored.task().principal();
        if (caller != null) {
            ofCallers.merge(caller, 1, Integer::sum);
        }
    }

    private void remove(Stored stored) {
        tasks.remove(stored.task().taskId());
        bytes -= stored.bytes();
        String caller = stored.task().principal();
        if (caller != null) {
            ofCallers.computeIfPresent(caller, (name, count) -> count == 1 ? null : count - 1);
        }
    }

    private void removeExpired() {
        Instant now = clock.instant();
        if (now.isBefore(nextCleanUp)) {
            // A caller whose calls are all refused must not make each of them cost a pass over all tasks.
            return;
        }
        nextCleanUp = now.plus(CLEAN_UP_INTERVAL);
        tasks.values().stream()
                .filter(stored -> stored.task().isExpired(now))
                .toList()
                .forEach(this::remove);
    }

    private static long size(Task task) {
        CountingStream counter = new CountingStream();
        try {
            Json.MAPPER.writeValue(counter, task);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return counter.count;
    }

    /** Counts the bytes that are written to it. */
    private static final class CountingStream extends OutputStream {

        private long count;

        @Override
        public void write(int one) {
            count++;
        }

        @Override
        public void write(byte[] many, int offset, int length) {
            count += length;
        }
    }

    @Override
    public AutoCloseable watch(String taskId, Runnable changed) {
        Objects.requireNonNull(changed, "changed");
        Objects.requireNonNull(taskId, "taskId");
        // Each call gets its own object, so that closing one does not remove another watcher with the same action.
        Runnable watcher = changed::run;
        watchers.compute(taskId, (id, others) -> {
            Set<Runnable> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(watcher);
            return all;
        });
        return () -> watchers.computeIfPresent(taskId, (id, all) -> {
            all.remove(watcher);
            return all.isEmpty() ? null : all;
        });
    }
}
