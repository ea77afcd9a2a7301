package io.qicore.mcp.task;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps tasks in the memory of this process. Suits a server that runs as a single replica and whose clients can accept
 * that tasks are lost on a restart. Expired tasks are removed when they are read, or when the store is full.
 * Thread-safe.
 */
public final class InMemoryTaskStore implements TaskStore {

    /** Default limit on the number of stored tasks. */
    public static final int DEFAULT_MAX_TASKS = 10_000;

    private final Map<String, Task> tasks = new ConcurrentHashMap<>();
    private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();
    private final int maxTasks;
    private final Clock clock;

    /** Creates a store that holds up to {@value #DEFAULT_MAX_TASKS} tasks. */
    public InMemoryTaskStore() {
        this(DEFAULT_MAX_TASKS, Clock.systemUTC());
    }

    /**
     * Creates a store.
     *
     * @param maxTasks the largest number of tasks that are stored at the same time
     * @param clock decides whether a task has expired
     */
    public InMemoryTaskStore(int maxTasks, Clock clock) {
        Objects.requireNonNull(clock, "clock");
        this.maxTasks = maxTasks;
        this.clock = clock;
    }

    @Override
    public void create(Task task) {
        if (tasks.size() >= maxTasks) {
            tasks.values().removeIf(stored -> stored.isExpired(clock.instant()));
        }
        if (tasks.size() >= maxTasks) {
            throw new IllegalStateException(
                    "The task store is full: it holds " + maxTasks + " tasks. Try again later.");
        }
        tasks.put(task.taskId(), task);
    }

    @Override
    public Optional<Task> get(String taskId) {
        Objects.requireNonNull(taskId, "taskId");
        Task task = tasks.get(taskId);
        if (task != null && task.isExpired(clock.instant())) {
            tasks.remove(taskId, task);
            return Optional.empty();
        }
        return Optional.ofNullable(task);
    }

    @Override
    public boolean update(Task next) {
        boolean[] replaced = new boolean[1];
        tasks.computeIfPresent(next.taskId(), (id, current) -> {
            replaced[0] = current.version() + 1 == next.version();
            return replaced[0] ? next : current;
        });
        if (replaced[0]) {
            watchers.getOrDefault(next.taskId(), Set.of()).forEach(Runnable::run);
        }
        return replaced[0];
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
