package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.content.Payload;
import io.qicore.mcp.kafka.internal.content.PayloadDeserializer;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a limited number of consumers that leave nothing behind in the cluster: they use no group, commit no offsets and create
 * no topics. Thread-safe.
 */
public final class RecordConsumers {

    /** The number of consumers that can be open at the same time. */
    public static final int MAX_CONSUMERS = 8;

    /** The number of records of a poll. Their contents are in memory at the same time. */
    static final int MAX_POLL_RECORDS = 20;

    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(250);

    private static final Logger log = LoggerFactory.getLogger(RecordConsumers.class);

    private final Map<String, Object> properties;
    private final Semaphore places = new Semaphore(MAX_CONSUMERS);
    private final AtomicLong opened = new AtomicLong();

    /** Creates a factory of consumers for a cluster. Opens nothing. */
    public RecordConsumers(KafkaConnection connection) {
        this.properties = connection.with(Map.ofEntries(
                Map.entry(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name()),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
                // Offsets that retention has deleted are reported, not skipped.
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"),
                Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS),
                // A batch that is larger is returned all the same.
                Map.entry(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1024 * 1024),
                Map.entry(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 * 1024),
                Map.entry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1),
                Map.entry(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 200),
                Map.entry(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false)));
        properties.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.remove(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
    }

    /**
     * Waits for a place among the open consumers. Call {@link Place#close} in any case.
     *
     * @throws MCPToolError with {@link StandardErrorCode#BUSY} if there is none in time
     * @throws InterruptedException if the thread is interrupted
     */
    Place place(Duration patience) throws InterruptedException {
        if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new MCPToolError(
                    StandardErrorCode.BUSY,
                    MAX_CONSUMERS + " calls are already reading records on this server. Call again when one has ended.",
                    Map.of("limit", MAX_CONSUMERS));
        }
        return new Place();
    }

    /** Waits until all consumers are closed. */
    public void awaitClosed() throws InterruptedException {
        if (places.tryAcquire(MAX_CONSUMERS, CLOSE_TIMEOUT.multipliedBy(4).toNanos(), TimeUnit.NANOSECONDS)) {
            places.release(MAX_CONSUMERS);
        } else {
            log.warn("Consumers of calls that read records are still open");
        }
    }

    /** A place for one consumer. Used by one thread. */
    final class Place implements AutoCloseable {

        private @Nullable Consumer<@Nullable Payload, @Nullable Payload> consumer;

        /**
         * Opens the consumer.
         *
         * @param brokers the brokers that it connects to first. They have answered a moment ago; any other may hang
         * @param text what contents are searched for, or null
         */
        Consumer<@Nullable Payload, @Nullable Payload> open(
                Collection<Node> brokers, IsolationLevel isolation, @Nullable String text) {
            Map<String, Object> own = new HashMap<>(properties);
            // Kafka registers metrics by client id, so ids must be unique in this JVM.
            own.put(ConsumerConfig.CLIENT_ID_CONFIG, "qicore-mcp-records-" + opened.incrementAndGet());
            own.put(
                    ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    List.copyOf(brokers.stream()
                            .map(broker -> Utils.formatAddress(broker.host(), broker.port()))
                            .toList()));
            own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString().toLowerCase(Locale.ROOT));
            var created = new KafkaConsumer<>(own, new PayloadDeserializer(text), new PayloadDeserializer(text));
            consumer = created;
            return created;
        }

        /** Closes the consumer after the call: that takes up to 250 ms, for which the answer must not wait. */
        @Override
        public void close() {
            var closing = consumer;
            if (closing == null) {
                places.release();
                return;
            }
            Thread thread = new Thread(() -> close(closing), "qicore-mcp-records-close");
            thread.setDaemon(true);
            thread.start();
        }

        private void close(Consumer<?, ?> closing) {
            try {
                closing.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            } catch (KafkaException e) {
                log.warn("A consumer did not close cleanly", e);
            } finally {
                // Only now, so that there are never more consumers than places.
                places.release();
            }
        }
    }
}
