package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.producer.runtime.ProducerErrors;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
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
     * Reserves a source id while a task for it is found or prepared. Waits for another call that does the same.
     *
     * @throws MCPToolError if the other call takes longer than the timeout
     */
    synchronized Reservation reserve(String sourceId, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        requireOpen();
        while (starting.contains(sourceId)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new MCPToolError(
                        StandardErrorCode.DEADLINE_EXCEEDED,
                        "Another call is starting producer '" + sourceId + "'. Look at get_producer_status.",
                        Map.of("sourceId", sourceId));
            }
            wait(left);
            requireOpen();
        }
        starting.add(sourceId);
        return new Reservation(sourceId);
    }

    /**
     * Returns the task with an id.
     *
     * @throws MCPToolError {@link KafkaErrorCode#PRODUCER_NOT_FOUND} if there is none
     */
    synchronized ProducerTask require(String sourceId) {
        ProducerTask task = tasks.get(sourceId);
        if (task == null) {
            throw ProducerErrors.notFound(sourceId, tasks.keySet());
        }
        return task;
    }

    synchronized @Nullable ProducerTask find(String sourceId) {
        return tasks.get(sourceId);
    }

    synchronized List<ProducerStatus> statuses() {
        return tasks.values().stream().map(ProducerTask::status).toList();
    }

    /** Refuses further tasks and returns those that still run. */
    synchronized Collection<ProducerTask> close() {
        closed = true;
        notifyAll();
        return tasks.values().stream().filter(task -> !task.hasEnded()).toList();
    }

    private void requireOpen() {
        if (closed) {
            throw new MCPToolError(
                    StandardErrorCode.EXTERNAL_SERVICE_ERROR,
                    "The producer runtime is closed: the application that runs it is shutting down.");
        }
    }

    private synchronized void requirePlace() {
        List<String> running = tasks.values().stream()
                .filter(task -> !task.hasEnded())
                .map(ProducerTask::sourceId)
                .toList();
        // The caller itself is one of those that are starting. A start that finds a task that runs takes no place.
        long places = starting.stream().filter(id -> !running.contains(id)).count();
        if (running.size() + places > maxRunning) {
            throw ProducerErrors.tooMany(maxRunning, running);
        }
    }

    private synchronized void run(ProducerTask task) {
        requireOpen();
        Thread thread = new Thread(task, "qicore-mcp-producer-" + task.sourceId());
        thread.setDaemon(true);
        thread.start();
        // Removed first, because a new entry must be the last in the order of starts.
        tasks.remove(task.sourceId());
        tasks.put(task.sourceId(), task);
        long ended = tasks.values().stream().filter(ProducerTask::hasEnded).count();
        if (ended > MAX_ENDED) {
            tasks.values().stream().filter(ProducerTask::hasEnded).findFirst().ifPresent(tasks.values()::remove);
        }
    }

    private synchronized void release(String sourceId) {
        starting.remove(sourceId);
        notifyAll();
    }

    /** The right to run a task under a source id. Closing it ends the reservation; the task goes on. */
    final class Reservation implements AutoCloseable {

        private final String sourceId;

        private Reservation(String sourceId) {
            this.sourceId = sourceId;
        }

        /** Requires that fewer tasks run than may run. */
        void requirePlace() {
            ProducerTasks.this.requirePlace();
        }

        void run(ProducerTask task) {
            ProducerTasks.this.run(task);
        }

        @Override
        public void close() {
            release(sourceId);
        }
    }
}
