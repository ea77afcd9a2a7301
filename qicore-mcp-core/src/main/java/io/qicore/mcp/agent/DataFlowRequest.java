package io.qicore.mcp.agent;

import io.qicore.mcp.internal.concurrent.Timeouts;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a data flow that a {@link DataPipelineAgent} sets up. Immutable.
 *
 * @param topic Kafka topic that the data flows through; created if it does not exist
 * @param sourceId id of the producer to start
 * @param partitions number of partitions of a new topic
 * @param maxLag lag, in records, above which the agent acts
 * @param producerConfig configuration of the producer; its {@code topic} is set to {@link #topic} unless it has one
 * @param table table to create for the data; null creates none
 * @param consumerGroup group whose lag is watched; null watches the group that is furthest behind on the topic
 * @param monitoringInterval time between two checks of the lag
 */
public record DataFlowRequest(
        String topic,
        String sourceId,
        int partitions,
        long maxLag,
        Map<String, Object> producerConfig,
        @Nullable TableDefinition table,
        @Nullable String consumerGroup,
        Duration monitoringInterval) {

    /** The default time between two checks of the lag: 30 seconds. */
    public static final Duration DEFAULT_MONITORING_INTERVAL = Duration.ofSeconds(30);

    /**
     * Copies the configuration.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public DataFlowRequest {
        Objects.requireNonNull(producerConfig, "producerConfig");
        Objects.requireNonNull(sourceId, "sourceId");
        Objects.requireNonNull(topic, "topic");
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, not " + partitions + ".");
        }
        if (maxLag < 0) {
            throw new IllegalArgumentException("maxLag must not be negative, but is " + maxLag + ".");
        }
        Timeouts.checked("monitoringInterval", monitoringInterval);
        producerConfig = Map.copyOf(producerConfig);
    }

    /**
     * Creates a request without a table. The group that is furthest behind on the topic is watched, every
     * {@link #DEFAULT_MONITORING_INTERVAL}.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public DataFlowRequest(
            String topic, String sourceId, int partitions, long maxLag, Map<String, Object> producerConfig) {
        this(topic, sourceId, partitions, maxLag, producerConfig, null, null, DEFAULT_MONITORING_INTERVAL);
    }

    /** Returns a copy with a table for the data. */
    public DataFlowRequest withTable(TableDefinition newTable) {
        Objects.requireNonNull(newTable, "newTable");
        return new DataFlowRequest(
                topic, sourceId, partitions, maxLag, producerConfig, newTable, consumerGroup, monitoringInterval);
    }

    /** Returns a copy that watches the lag of the given consumer group. */
    public DataFlowRequest withConsumerGroup(String newGroup) {
        Objects.requireNonNull(newGroup, "newGroup");
        return new DataFlowRequest(
                topic, sourceId, partitions, maxLag, producerConfig, table, newGroup, monitoringInterval);
    }

    /** Returns a copy with another time between two checks of the lag. */
    public DataFlowRequest withMonitoringInterval(Duration newInterval) {
        return new DataFlowRequest(
                topic, sourceId, partitions, maxLag, producerConfig, table, consumerGroup, newInterval);
    }
}
