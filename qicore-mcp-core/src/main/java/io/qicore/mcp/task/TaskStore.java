package io.qicore.mcp.task;

import java.util.Optional;

/**
 * Keeps tasks. {@link InMemoryTaskStore} serves one process; an application with replicas brings one that they share, on
 * a SQL table or a compacted Kafka topic for example.
 *
 * <p>What makes tasks stateless for their clients is this contract: when {@link #create} or {@link #update} returns, every
 * replica's {@link #get} sees the change. The work itself runs in the replica that started it and watches its task there:
 * another replica answers, cancels or completes the input of a task by changing it. When that replica stops, its tasks
 * fail; if it dies, they stay as they were until their time is up.
 *
 * <p>Implementations are thread-safe. They may throw any unchecked exception; the client then gets an internal error.
 */
public interface TaskStore {

    /**
     * Stores a new task.
     *
     * @throws IllegalStateException if there is no room for it
     */
    void create(Task task);

    /** The task of an id; empty if there is none or its time is up. */
    Optional<Task> get(String taskId);

    /**
     * Replaces a task by its next version, unless somebody else has done so.
     *
     * @param next the task with a {@link Task#version()} that is one higher than that of the task it was made from
     * @return whether the stored task had the version before and has been replaced
     */
    boolean update(Task next);

    /**
     * Watches a task.
     *
     * @param changed run after each change, on any thread; quick. It may be run without a change, so a store that cannot
     *     tell may run it at intervals.
     * @return closed when nobody watches any more
     */
    AutoCloseable watch(String taskId, Runnable changed);
}
