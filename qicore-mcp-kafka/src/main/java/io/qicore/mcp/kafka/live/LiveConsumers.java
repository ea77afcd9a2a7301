package io.qicore.mcp.kafka.live;

import io.qicore.mcp.kafka.access.KafkaConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Opens consumers that leave nothing behind in the cluster: no group, no committed offset, no topic created. */
@FunctionalInterface
interface LiveConsumers {

    Consumer<byte[], byte[]> open();

    static LiveConsumers of(KafkaConnection connection) {
        Map<String, Object> properties = connection.with(Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"));
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        AtomicLong opened = new AtomicLong();
        return () -> {
            // Kafka's metrics want a name of its own for every client of this JVM.
            Map<String, Object> named = new HashMap<>(properties);
            named.put(ConsumerConfig.CLIENT_ID_CONFIG, "qicore-mcp-live-" + opened.incrementAndGet());
            return new KafkaConsumer<>(named, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        };
    }
}
