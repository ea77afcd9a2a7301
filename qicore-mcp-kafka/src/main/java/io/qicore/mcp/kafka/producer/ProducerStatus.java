package io.qicore.mcp.kafka.producer;

/**
 * The status of one producer. Immutable.
 *
 * @param sourceId name of the producer, unique among those that run
 * @param state its state
 * @param type type of its source, such as {@code simulated}
 * @param topic the topic that it writes to
 * @param metrics its metrics since its start
 */
public record ProducerStatus(
        String sourceId, ProducerState state, String type, String topic, ProducerMetrics metrics) {}
