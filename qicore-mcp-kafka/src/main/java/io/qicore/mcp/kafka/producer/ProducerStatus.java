package io.qicore.mcp.kafka.producer;

/**
 * One producer as it is now. Immutable.
 *
 * @param sourceId its name, unique among those that run
 * @param state where it is in its life
 * @param type type of its source, such as {@code simulated}
 * @param topic the topic that it writes to
 * @param metrics what it has done so far
 */
public record ProducerStatus(
        String sourceId, ProducerState state, String type, String topic, ProducerMetrics metrics) {}
