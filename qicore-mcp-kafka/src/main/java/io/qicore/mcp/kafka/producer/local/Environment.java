package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.internal.admin.KafkaCluster;
import io.qicore.mcp.kafka.internal.admin.TopicCheck;
import io.qicore.mcp.kafka.source.SourceContext;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;

/**
 * What the producers of a runtime share.
 *
 * @param flushTimeout how long a producer that ends waits for acknowledgements
 * @param firstRetry how long a producer waits before its first retry
 */
record Environment(
        SourceContext sources,
        ProducerFactory producers,
        TopicCheck topics,
        KafkaCluster cluster,
        Duration flushTimeout,
        Duration firstRetry,
        Clock clock) {

    /** The longest wait before a retry. */
    static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    /** Creates the Kafka producer of one task. */
    @FunctionalInterface
    interface ProducerFactory {
        Producer<byte[], byte[]> create(String sourceId);
    }
}
