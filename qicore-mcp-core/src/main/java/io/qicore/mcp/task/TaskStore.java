package io.qicore.mcp.task;

import io.qicore.mcp.tool.MCPToolError;
import java.util.Optional;

/**
 * Stores tasks. {@link InMemoryTaskStore} serves one process. An application with several replicas provides a store
 * that they share, for example on a SQL table or a compacted Kafka topic.
 *
 * <p>The store must be consistent across replicas: once {@link #create} or {@link #update} returns, {@link #get}
 * returns the change on every replica. Clients can then send their requests for a task to any replica. The work itself
 * stays in the replica that started it, which {@linkplain #watch watches} the stored task. Another replica cancels the
 * task or passes on the client's input by updating the stored task. If the replica that runs the work is stopped, its
 * tasks fail. If it crashes, its tasks keep their last status until they expire.
 *
 * <p>Implementations must be thread-safe. They may throw any unchecked exception; the client then gets an internal
 * error. A store should limit how many tasks one {@linkplain Task#principal caller} can have in it.
 */
public interface TaskStore {

    /**
     * Stores a new task.
     *
     * @throws MCPToolError with the code {@code BUSY} if the store is full, or full for the caller of the task; the agent gets
     *     this error
     */
    void create(Task task);

    /** Returns the task with the given id, or empty if it does not exist or has expired. */
    Optional<Task> get(String taskId);

    /**
     * Replaces a task with its next version, unless another update came first (compare and set).
     *
     * @param next the new state of the task, with a {@link Task#version()} one higher than the version it is based on
     * @return whether the task was replaced; false if the stored task is missing or has any other version than the one
     *     before {@code next}
     * @throws MCPToolError with the code {@code BUSY} if the store has no memory for the result; the task then gets this error
     *     as its result
     */
    boolean update(Task next);

    /**
     * Watches a task for changes.
     *
     * @param changed runs after each change, on any thread, and returns quickly. It may also run when nothing has
     *     changed, so a store without notifications may run it at a fixed interval
     * @return a handle that ends the watch when it is closed
     */
    AutoCloseable watch(String taskId, Runnable changed);
}
