package io.qicore.mcp.kafka.producer.runtime;

import io.qicore.mcp.kafka.source.SourcePosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of one producer. Immutable.
 *
 * @param sourceId id of the producer
 * @param state its state
 * @param type type of its source, such as {@code simulated}
 * @param topic the topic that it writes to
 * @param topicsRead the topics that its source reads; mostly none
 * @param position where its source goes on: behind the last record that Kafka has acknowledged with all records before it; null if
 *     the runtime cannot tell it at the moment
 * @param metrics its metrics
 */
public record ProducerStatus(
        String sourceId,
        ProducerState state,
        String type,
        String topic,
        List<String> topicsRead,
        @Nullable SourcePosition position,
        ProducerMetrics metrics) {

    /** Copies the list. */
    public ProducerStatus {
        topicsRead = List.copyOf(topicsRead);
    }
}
