package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.producer.runtime.ProducerErrors;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs producers in this JVM. Each has a daemon thread and an idempotent Kafka producer ({@code acks=all}, one request in flight)
 * of its own, so a failure of one does not affect the others.
 *
 * <p>While Kafka does not acknowledge records, the producer keeps them, at most 10,000 and 8 MiB, and stops reading its source. After
 * three seconds it is {@linkplain ProducerState#STALLED stalled}; it goes on by itself when the cluster is back. After a failure of the
 * source, or one of Kafka that can pass, it is {@linkplain ProducerState#RETRYING retrying}: it starts again after one second, then
 * two, and so on up to a minute, behind the last record that is acknowledged with all records before it. So no record is lost, and
 * records with the same key keep their order, but some may be sent twice. Other failures end it.
 *
 * <pre>{@code
 * try (var runtime = LocalProducerRuntime.builder(KafkaConnection.to("localhost:9092")).build()) {
 *     SourceSpec spec = runtime.read(new ObjectMapper().createObjectNode().put("rate", 5));
 *     runtime.start("btc", spec, Duration.ofSeconds(10));
 * }
 * }</pre>
 *
 * <p>The producers and their positions end with this JVM. Thread-safe.
 */
public final class LocalProducerRuntime implements ProducerRuntime, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LocalProducerRuntime.class);

    // In addition to the flush timeout: the time to leave the loop and to close the clients.
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(2);

    private final SourceTypes types;
    private final String defaultTopic;
    private final Environment environment;
    private final ProducerTasks tasks;

    LocalProducerRuntime(LocalProducerRuntimeBuilder builder) {
        this.types = builder.sourceTypes();
        this.defaultTopic = builder.defaultTopic();
        this.environment = builder.environment();
        this.tasks = new ProducerTasks(builder.maxRunning());
    }

    /** Returns a new builder. The runtime does not connect until the first producer is started. */
    public static LocalProducerRuntimeBuilder builder(KafkaConnection connection) {
        return new LocalProducerRuntimeBuilder(connection);
    }

    @Override
    public SourceTypes sourceTypes() {
        return types;
    }

    @Override
    public String defaultTopic() {
        return defaultTopic;
    }

    @Override
    public ProducerStatus start(String sourceId, SourceSpec spec, Duration timeout) throws InterruptedException {
        Duration time = bounded(timeout);
        try (ProducerTasks.Reservation reservation = tasks.reserve(sourceId, time)) {
            ProducerTask existing = tasks.find(sourceId);
            if (existing != null) {
                awaitStop(existing, time);
            }
            if (existing != null && !existing.hasEnded()) {
                if (!existing.spec().equals(spec)) {
                    throw ProducerErrors.exists(sourceId, existing.spec().differences(spec));
                }
                existing.gate().resume();
                return existing.status();
            }
            return run(reservation, sourceId, spec, spec.position(), spec.rate(), time);
        }
    }

    @Override
    public ProducerStatus stop(String sourceId, Duration timeout) throws InterruptedException {
        ProducerTask task = tasks.require(sourceId);
        task.requestStop();
        if (!task.awaitEnd(bounded(timeout))) {
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "Producer '" + sourceId + "' is stopping, but has not ended within "
                            + bounded(timeout).toMillis()
                            + " ms. Check it with get_producer_status, or call stop_producer again.",
                    Map.of("sourceId", sourceId));
        }
        return task.status();
    }

    @Override
    public ProducerStatus pause(String sourceId, Duration timeout) {
        ProducerTask task = running(sourceId);
        task.gate().pause();
        return task.status();
    }

    @Override
    public ProducerStatus resume(String sourceId, Duration timeout) throws InterruptedException {
        Duration time = bounded(timeout);
        try (ProducerTasks.Reservation reservation = tasks.reserve(sourceId, time)) {
            ProducerTask task = tasks.require(sourceId);
            awaitStop(task, time);
            if (!task.hasEnded()) {
                task.gate().resume();
                return task.status();
            }
            ProducerStatus last = task.status();
            if (last.state() == ProducerState.COMPLETED) {
                throw ProducerErrors.ended(sourceId, last.state());
            }
            return run(
                    reservation,
                    sourceId,
                    task.spec(),
                    last.position(),
                    task.gate().rate(),
                    time);
        }
    }

    @Override
    public ProducerStatus setRate(String sourceId, double rate, Duration timeout) {
        ProducerTask task = running(sourceId);
        task.spec().checkRate(rate);
        task.gate().rate(rate);
        return task.status();
    }

    @Override
    public List<ProducerStatus> status(Duration timeout) {
        return tasks.statuses();
    }

    private ProducerTask running(String sourceId) {
        ProducerTask task = tasks.require(sourceId);
        if (task.hasEnded()) {
            throw ProducerErrors.ended(sourceId, task.status().state());
        }
        if (task.gate().isStopped()) {
            // It is about to end, whatever happens.
            throw ProducerErrors.ended(sourceId, ProducerState.STOPPED);
        }
        return task;
    }

    /** Waits for the end of a task that was asked to stop, which cannot go on any more. */
    private static void awaitStop(ProducerTask task, Duration timeout) throws InterruptedException {
        if (task.gate().isStopped() && !task.awaitEnd(timeout)) {
            throw ProducerErrors.late(task.sourceId(), "is stopping", ProducerState.STOPPED, timeout);
        }
    }

    /** Returns the time to wait, which is at least zero and at most a day. Longer ones overflow when they are converted. */
    private static Duration bounded(Duration timeout) {
        if (timeout.isNegative()) {
            return Duration.ZERO;
        }
        return timeout.compareTo(ServerSettings.MAX_TIMEOUT) > 0 ? ServerSettings.MAX_TIMEOUT : timeout;
    }

    /**
     * Stops every producer once Kafka has acknowledged the records that it has sent. Takes at most the flush timeout and
     * about two seconds. When this method returns, no producer can be started and no thread of this runtime runs, unless a
     * source ignores interrupts, which is logged. A second call does nothing.
     */
    @Override
    public void close() {
        Collection<ProducerTask> running = tasks.close();
        running.forEach(ProducerTask::requestStop);
        long deadline = System.nanoTime()
                + environment.flushTimeout().plus(CLOSE_MARGIN).toNanos();
        boolean interrupted = false;
        for (ProducerTask task : running) {
            try {
                if (!task.awaitEnd(Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0)))) {
                    log.warn("Producer {} does not stop: its source ignores interrupts", task.sourceId());
                }
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        environment.topics().close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ProducerStatus run(
            ProducerTasks.Reservation reservation,
            String sourceId,
            SourceSpec spec,
            SourcePosition from,
            double rate,
            Duration timeout)
            throws InterruptedException {
        // A source that ignores interrupts can open after the call was answered.
        long end = System.nanoTime() + timeout.toNanos();
        reservation.requirePlace();
        environment.topics().requireTopic(spec.topic(), timeout);
        RecordSource source = open(spec, from);
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("The call ended while the source was opened");
            }
            if (System.nanoTime() - end > 0) {
                throw ProducerErrors.late(sourceId, "took too long to open its source", ProducerState.RUNNING, timeout);
            }
            ProducerTask task = new ProducerTask(sourceId, spec, source, rate, environment);
            reservation.run(task);
            return task.status();
        } catch (InterruptedException | RuntimeException e) {
            closeQuietly(source, e);
            throw e;
        }
    }

    private RecordSource open(SourceSpec spec, SourcePosition from) throws InterruptedException {
        try {
            return spec.open(from, environment.sources());
        } catch (SourceException e) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_PRODUCER_CONFIG,
                    "The source of type '" + spec.type() + "' cannot be opened: " + e.getMessage(),
                    Map.of("type", spec.type()),
                    e);
        } catch (IOException e) {
            throw new MCPToolError(
                    StandardErrorCode.EXTERNAL_SERVICE_ERROR,
                    "The source of type '" + spec.type() + "' cannot be opened ("
                            + e.getClass().getSimpleName() + "; the server's log has the details).",
                    Map.of("type", spec.type()),
                    e);
        }
    }

    private static void closeQuietly(RecordSource source, Exception failure) {
        try {
            source.close();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
