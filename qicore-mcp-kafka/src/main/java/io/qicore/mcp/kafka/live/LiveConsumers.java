package io.qicore.mcp.kafka.live;

import io.qicore.mcp.kafka.access.KafkaConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Opens consumers that leave nothing behind in the cluster: they use no group, commit no offsets and create no topics. */
@FunctionalInterface
interface LiveConsumers {

    /** Opens a consumer, which the caller closes. */
    Consumer<byte[], byte[]> open();

    /** Returns a factory of consumers for a cluster. */
    static LiveConsumers of(KafkaConnection connection) {
        Map<String, Object> properties = connection.with(Map.ofEntries(
                Map.entry(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name()),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
                // A position is out of range if the topic was created again, whose records are all new, or if retention
                // has
                // overtaken the reader. Listeners ignore what is before their start.
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                // The records of a call that begins are fetched once the request under way has returned.
                Map.entry(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20),
                Map.entry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1),
                Map.entry(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024),
                Map.entry(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 512 * 1024),
                // For brokers that come back while calls wait.
                Map.entry(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500),
                Map.entry(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false)));
        // The first broker that is asked may hang. The client asks another one after this time.
        properties.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.remove(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
        AtomicLong opened = new AtomicLong();
        return () -> {
            // Kafka registers metrics by client id, so ids must be unique in this JVM.
            Map<String, Object> named = new HashMap<>(properties);
            named.put(ConsumerConfig.CLIENT_ID_CONFIG, "qicore-mcp-live-" + opened.incrementAndGet());
            return new KafkaConsumer<>(named, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        };
    }
}
