package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a runtime by source id: those that run, and a limited number of those that have ended, so that agents can
 * read their final metrics. Thread-safe.
 */
final class ProducerTasks {

    private static final int MAX_ENDED = 100;

    private final int maxRunning;
    private final Map<String, ProducerTask> tasks = new LinkedHashMap<>();
    private final Set<String> starting = new HashSet<>();
    private boolean closed;

    ProducerTasks(int maxRunning) {
        this.maxRunning = maxRunning;
    }

    /**
     * Reserves a source id for a task while it is being prepared.
     *
     * @throws MCPToolError if a task with this id is running, or the maximum number of tasks is
     */
    synchronized Reservation reserve(String sourceId) {
        requireOpen();
        ProducerTask existing = tasks.get(sourceId);
        if (starting.contains(sourceId) || (existing != null && existing.isRunning())) {
            throw new MCPToolError(
                    KafkaErrorCode.PRODUCER_EXISTS,
                    "Producer '" + sourceId
                            + "' is already running: stop it with stop_producer, or choose another sourceId.",
                    Map.of("sourceId", sourceId));
        }
        List<String> running = running();
        if (running.size() + starting.size() >= maxRunning) {
            throw new MCPToolError(
                    KafkaErrorCode.TOO_MANY_PRODUCERS,
                    "At most " + maxRunning + " producers can run on this server at once. Stop one of: "
                            + String.join(", ", running) + ".",
                    Map.of("limit", maxRunning, "running", running));
        }
        starting.add(sourceId);
        return new Reservation(sourceId);
    }

    /** Returns the error for a name that no task has. */
    static MCPToolError notFound(String sourceId, List<String> running) {
        return new MCPToolError(
                KafkaErrorCode.PRODUCER_NOT_FOUND,
                "There is no producer '" + sourceId + "'. Running: "
                        + (running.isEmpty() ? "none" : String.join(", ", running)) + ".",
                Map.of("sourceId", sourceId, "running", running));
    }

    synchronized @Nullable ProducerTask find(String sourceId) {
        return tasks.get(sourceId);
    }

    synchronized List<String> running() {
        return tasks.entrySet().stream()
                .filter(entry -> entry.getValue().isRunning())
                .map(Map.Entry::getKey)
                .toList();
    }

    synchronized List<ProducerStatus> statuses() {
        return tasks.values().stream().map(ProducerTask::status).toList();
    }

    /** Refuses further tasks and returns those that still run. */
    synchronized Collection<ProducerTask> close() {
        closed = true;
        return tasks.values().stream().filter(ProducerTask::isRunning).toList();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The producer runtime is closed.");
        }
    }

    private synchronized void run(String sourceId, ProducerTask task) {
        requireOpen();
        Thread thread = new Thread(task, "qicore-mcp-producer-" + sourceId);
        thread.setDaemon(true);
        thread.start();
        // Removed first, because a new entry must be the last in the order of starts.
        tasks.remove(sourceId);
        tasks.put(sourceId, task);
        long ended = tasks.values().stream().filter(t -> !t.isRunning()).count();
        if (ended > MAX_ENDED) {
            tasks.values().stream().filter(t -> !t.isRunning()).findFirst().ifPresent(tasks.values()::remove);
        }
    }

    private synchronized void release(String sourceId) {
        starting.remove(sourceId);
    }

    /** The right to run a task under a source id. Closing it ends the reservation; the task goes on. */
    final class Reservation implements AutoCloseable {

        private final String sourceId;

        private Reservation(String sourceId) {
            this.sourceId = sourceId;
        }

        void run(ProducerTask task) {
            ProducerTasks.this.run(sourceId, task);
        }

        @Override
        public void close() {
            release(sourceId);
        }
    }
}
