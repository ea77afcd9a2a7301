package io.qicore.mcp.task;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps tasks in this process: for servers of one replica, whose clients can live with the loss of tasks at a restart.
 * Forgets a task when its time is up. Thread-safe.
 */
public final class InMemoryTaskStore implements TaskStore {

    /** How many tasks it keeps, unless told otherwise. */
    public static final int DEFAULT_MAX_TASKS = 10_000;

    private final Map<String, Task> tasks = new ConcurrentHashMap<>();
    private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();
    private final int maxTasks;
    private final Clock clock;

    /** A store for {@value #DEFAULT_MAX_TASKS} tasks. */
    public InMemoryTaskStore() {
        this(DEFAULT_MAX_TASKS, Clock.systemUTC());
    }

    /**
     * A store.
     *
     * @param maxTasks how many tasks it keeps at most
     * @param clock tells whether a task's time is up
     */
    public InMemoryTaskStore(int maxTasks, Clock clock) {
        this.maxTasks = maxTasks;
        this.clock = clock;
    }

    @Override
    public void create(Task task) {
        if (tasks.size() >= maxTasks) {
            tasks.values().removeIf(old -> old.isExpired(clock.instant()));
        }
        if (tasks.size() >= maxTasks) {
            throw new IllegalStateException("There are " + maxTasks + " tasks already. Try again later.");
        }
        tasks.put(task.taskId(), task);
    }

    @Override
    public Optional<Task> get(String taskId) {
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
        // A watcher of its own for each call, even of the same action.
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
