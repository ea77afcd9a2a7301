package io.qicore.mcp.kafka.live;

import io.qicore.mcp.kafka.access.KafkaConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Opens consumers that leave nothing behind in the cluster: they use no group, commit no offsets and create no topics. */
@FunctionalInterface
interface LiveConsumers {

    /** Opens a consumer, which the caller closes. */
    Consumer<byte[], byte[]> open();

    /** Returns a factory of consumers for a cluster. */
    static LiveConsumers of(KafkaConnection connection) {
        Map<String, Object> properties = connection.with(Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                500,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"));
        // The first broker that is asked may hang. The client asks another one after this time.
        properties.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        AtomicLong opened = new AtomicLong();
        return () -> {
            // Kafka registers metrics by client id, so ids must be unique in this JVM.
            Map<String, Object> named = new HashMap<>(properties);
            named.put(ConsumerConfig.CLIENT_ID_CONFIG, "qicore-mcp-live-" + opened.incrementAndGet());
            return new KafkaConsumer<>(named, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        };
    }
}
