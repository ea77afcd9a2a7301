package io.qicore.mcp.agent;

import java.util.Map;
import java.util.Objects;

/** An event in a data stream that a {@link StreamingEventAgent} reacts to. */
public sealed interface StreamingEvent {

    /** The types of events. */
    enum Type {
        /** The consumers of a topic fall behind. */
        CONSUMER_LAG,
        /** A producer has failed. */
        PRODUCER_FAILURE,
        /** Data is not plausible. */
        DATA_ANOMALY
    }

    /** Returns the type of this event. */
    Type type();

    /**
     * The consumers of a topic fall behind, and more partitions would let more of them work.
     *
     * @param topic the topic
     * @param lag the lag of the group, in records
     * @param recommendedPartitions total number of partitions that the topic should have
     */
    record ConsumerLagEvent(String topic, long lag, int recommendedPartitions) implements StreamingEvent {
        /** Requires what is not marked as nullable. */
        public ConsumerLagEvent {
            Objects.requireNonNull(topic, "topic");
        }

        @Override
        public Type type() {
            return Type.CONSUMER_LAG;
        }
    }

    /**
     * A producer has failed.
     *
     * @param sourceId id of the producer
     * @param config configuration with which the producer is started again
     */
    record ProducerFailureEvent(String sourceId, Map<String, Object> config) implements StreamingEvent {
        /** Copies the configuration. */
        public ProducerFailureEvent {
            Objects.requireNonNull(config, "config");
            Objects.requireNonNull(sourceId, "sourceId");
            config = Map.copyOf(config);
        }

        @Override
        public Type type() {
            return Type.PRODUCER_FAILURE;
        }
    }

    /**
     * The price of a symbol is outside its plausible range.
     *
     * @param sourceId id of the producer that the price came from
     * @param symbol the symbol
     * @param plausibleLow lowest plausible price
     * @param plausibleHigh highest plausible price
     */
    record DataAnomalyEvent(String sourceId, String symbol, double plausibleLow, double plausibleHigh)
            implements StreamingEvent {
        /** Requires what is not marked as nullable. */
        public DataAnomalyEvent {
            Objects.requireNonNull(symbol, "symbol");
            Objects.requireNonNull(sourceId, "sourceId");
        }

        @Override
        public Type type() {
            return Type.DATA_ANOMALY;
        }
    }
}
