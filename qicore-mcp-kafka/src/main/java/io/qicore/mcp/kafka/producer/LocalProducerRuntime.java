package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.KafkaCluster;
import io.qicore.mcp.kafka.marketdata.MarketDataException;
import io.qicore.mcp.kafka.marketdata.MarketDataSource;
import io.qicore.mcp.kafka.marketdata.MarketDataSourceFactory;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs producers in this JVM. Each has a daemon thread and an idempotent Kafka producer ({@code acks=all}) of its own, so
 * a failure of one does not affect the others. The key of a record is the symbol of the candle, and its value is the
 * candle as {@link io.qicore.mcp.kafka.marketdata.CandleJson}.
 *
 * <p>A record that Kafka does not acknowledge within {@code delivery.timeout.ms} (by default two minutes) is counted as
 * failed, and the producer goes on. A producer that waits for an acknowledgement for more than three seconds is
 * {@linkplain ProducerState#STALLED stalled}. An error that a retry cannot cure ends the producer as failed.
 *
 * <pre>{@code
 * try (var runtime = LocalProducerRuntime.builder(KafkaConnection.to("localhost:9092")).build()) {
 *     runtime.start("btc", new ObjectMapper().createObjectNode().put("rate", 5), Duration.ofSeconds(10));
 * }
 * }</pre>
 *
 * <p>The producers end with this JVM. Thread-safe.
 */
public final class LocalProducerRuntime implements ProducerRuntime, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LocalProducerRuntime.class);

    // In addition to the flush timeout: the time to leave the loop and to close the clients.
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(2);

    private final Map<String, MarketDataSourceFactory> factories;
    private final String defaultTopic;
    private final KafkaCluster cluster;
    private final Duration flushTimeout;
    private final TopicCheck topicCheck;
    private final ProducerFactory producerFactory;
    private final Clock clock;
    private final ProducerTasks tasks;

    /** Creates the Kafka producer of one task. */
    @FunctionalInterface
    interface ProducerFactory {
        Producer<String, byte[]> create(String sourceId);
    }

    LocalProducerRuntime(LocalProducerRuntimeBuilder builder) {
        this.factories = builder.factories();
        this.defaultTopic = builder.defaultTopic();
        this.cluster = builder.cluster();
        this.flushTimeout = builder.flushTimeout();
        this.topicCheck = builder.topicCheck();
        this.producerFactory = builder.producerFactory();
        this.clock = builder.clock();
        this.tasks = new ProducerTasks(builder.maxRunning());
    }

    /** Returns a new builder. The runtime does not connect until the first producer is started. */
    public static LocalProducerRuntimeBuilder builder(KafkaConnection connection) {
        return new LocalProducerRuntimeBuilder(connection);
    }

    @Override
    public List<SourceType> sourceTypes() {
        return LocalProducerRuntimeBuilder.typesOf(factories.values());
    }

    @Override
    public ProducerStatus start(String sourceId, ObjectNode config, Duration timeout) throws InterruptedException {
        ProducerSpec spec = ProducerSpec.read(config, factories, defaultTopic);
        try (ProducerTasks.Reservation reservation = tasks.reserve(sourceId)) {
            ProducerTask task = prepare(sourceId, spec, bounded(timeout));
            try {
                reservation.run(task);
            } catch (RuntimeException e) {
                task.discard();
                throw e;
            }
            return task.status();
        }
    }

    @Override
    public ProducerStatus stop(String sourceId, Duration timeout) throws InterruptedException {
        ProducerTask task = tasks.find(sourceId);
        if (task == null) {
            throw ProducerTasks.notFound(sourceId, tasks.running());
        }
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

    /** Returns the time to wait, which is at least zero and at most a day. Longer ones overflow when they are converted. */
    private static Duration bounded(Duration timeout) {
        if (timeout.isNegative()) {
            return Duration.ZERO;
        }
        return timeout.compareTo(ServerSettings.MAX_TIMEOUT) > 0 ? ServerSettings.MAX_TIMEOUT : timeout;
    }

    @Override
    public List<ProducerStatus> status(Duration timeout) {
        return tasks.statuses();
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
        long deadline = System.nanoTime() + flushTimeout.plus(CLOSE_MARGIN).toNanos();
        boolean interrupted = false;
        for (ProducerTask task : running) {
            try {
                if (!task.awaitEnd(Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0)))) {
                    log.warn(
                            "Producer {} does not stop: its source ignores interrupts",
                            task.status().sourceId());
                }
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        topicCheck.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ProducerTask prepare(String sourceId, ProducerSpec spec, Duration timeout) throws InterruptedException {
        MarketDataSource source = open(spec);
        try {
            topicCheck.requireTopic(spec.topic(), timeout);
            return new ProducerTask(
                    sourceId, spec, source, producerFactory.create(sourceId), cluster, flushTimeout, clock);
        } catch (RuntimeException | InterruptedException e) {
            closeQuietly(source, e);
            throw e;
        }
    }

    private static MarketDataSource open(ProducerSpec spec) {
        try {
            return spec.factory().open(spec.settings());
        } catch (MarketDataException e) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_PRODUCER_CONFIG,
                    "The source of type '" + spec.type() + "' cannot be opened: " + e.getMessage(),
                    Map.of(ProducerSpec.TYPE, spec.type()),
                    e);
        } catch (IOException e) {
            throw new MCPToolError(
                    StandardErrorCode.EXTERNAL_SERVICE_ERROR,
                    "The source of type '" + spec.type() + "' cannot be opened ("
                            + e.getClass().getSimpleName() + "; the server's log has the details).",
                    Map.of(ProducerSpec.TYPE, spec.type()),
                    e);
        }
    }

    private static void closeQuietly(MarketDataSource source, Exception failure) {
        try {
            source.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
