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
 * The tasks of a runtime by source id: those that run and, so that an agent can read their last counts, some that have
 * ended. Thread-safe.
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
     * Keeps a source id for a task that is being prepared, which takes time.
     *
     * @throws MCPToolError if a task of that id runs or too many do
     */
    synchronized Reservation reserve(String sourceId) {
        requireOpen();
        ProducerTask existing = tasks.get(sourceId);
        if (starting.contains(sourceId) || (existing != null && existing.isRunning())) {
            throw new MCPToolError(
                    KafkaErrorCode.PRODUCER_EXISTS,
                    "Producer '" + sourceId + "' runs already: stop it with stop_producer, or choose another sourceId.",
                    Map.of("sourceId", sourceId));
        }
        List<String> running = running();
        if (running.size() + starting.size() >= maxRunning) {
            throw new MCPToolError(
                    KafkaErrorCode.TOO_MANY_PRODUCERS,
                    "No more than " + maxRunning + " producers run at once here. Stop one of: "
                            + String.join(", ", running) + ".",
                    Map.of("limit", maxRunning, "running", running));
        }
        starting.add(sourceId);
        return new Reservation(sourceId);
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

    /** Lets nothing start any more, and returns what still runs. */
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
        // Away with the old one first: the new one belongs at the end.
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

    /** The right to run a task under a source id; given back when closed. */
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
