package io.qicore.mcp.kafka.internal.topic;

import org.jspecify.annotations.Nullable;

/** The setting {@code min.insync.replicas} of a topic. */
final class MinIsr {

    static final String NAME = "min.insync.replicas";

    private MinIsr() {}

    /**
     * Returns a warning if the setting is more than the replicas of each partition. Brokers since Kafka 3.7 count at most the
     * replicas (KAFKA-15583).
     *
     * @param value the value of the setting, which the brokers have accepted; null if it is not known
     * @param replicas the replicas of each partition
     * @return null if there are enough replicas
     */
    static @Nullable String warning(@Nullable String value, int replicas) {
        if (value == null || Integer.parseInt(value.strip()) <= replicas) {
            return null;
        }
        return NAME + " " + value.strip() + " is more than the " + replicas
                + (replicas == 1 ? " replica" : " replicas")
                + " of each partition. Brokers since Kafka 3.7 take it as " + replicas
                + ", so it protects less than it says; older ones refuse every write with acks=all.";
    }
}
