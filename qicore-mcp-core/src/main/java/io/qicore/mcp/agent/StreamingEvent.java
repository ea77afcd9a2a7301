package io.qicore.mcp.agent;

import java.util.Map;

/** Something that happened in a stream and that a {@link StreamingEventAgent} reacts to. */
public sealed interface StreamingEvent {

    /** The kinds of events. */
    enum Type {
        /** A topic's consumers fall behind. */
        CONSUMER_LAG,
        /** A producer has failed. */
        PRODUCER_FAILURE,
        /** Data looks wrong. */
        DATA_ANOMALY
    }

    /** The kind of this event. */
    Type type();

    /**
     * The consumers of a topic fall behind, and more partitions would let more of them work.
     *
     * @param topic the topic
     * @param lag records that the group is behind
     * @param recommendedPartitions total number of partitions that the topic should have
     */
    record ConsumerLagEvent(String topic, long lag, int recommendedPartitions) implements StreamingEvent {
        @Override
        public Type type() {
            return Type.CONSUMER_LAG;
        }
    }

    /**
     * A producer has failed.
     *
     * @param sourceId id of the producer
     * @param config what to start it with again
     */
    record ProducerFailureEvent(String sourceId, Map<String, Object> config) implements StreamingEvent {
        /** Copies the configuration. */
        public ProducerFailureEvent {
            config = Map.copyOf(config);
        }

        @Override
        public Type type() {
            return Type.PRODUCER_FAILURE;
        }
    }

    /**
     * A symbol's price is outside its plausible range.
     *
     * @param sourceId id of the producer that the price came from
     * @param symbol the symbol
     * @param plausibleLow lowest plausible price
     * @param plausibleHigh highest plausible price
     */
    record DataAnomalyEvent(String sourceId, String symbol, double plausibleLow, double plausibleHigh)
            implements StreamingEvent {
        @Override
        public Type type() {
            return Type.DATA_ANOMALY;
        }
    }
}
