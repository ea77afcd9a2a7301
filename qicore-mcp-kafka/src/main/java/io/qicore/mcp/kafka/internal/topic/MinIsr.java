package io.qicore.mcp.kafka.internal.topic;

import org.jspecify.annotations.Nullable;

/** The setting {@code min.insync.replicas} of a topic. */
final class MinIsr {

    static final String NAME = "min.insync.replicas";

    private MinIsr() {}

    /**
     * Returns a warning if no producer with {@code acks=all} could write to a topic.
     *
     * @param value the value of the setting, which the brokers have accepted; null if it is not known
     * @param replicas the replicas of each partition
     * @return null if producers can write
     */
    static @Nullable String warning(@Nullable String value, int replicas) {
        if (value == null || Integer.parseInt(value.strip()) <= replicas) {
            return null;
        }
        return NAME + " " + value.strip() + " is more than the " + replicas
                + (replicas == 1 ? " replica" : " replicas")
                + " of each partition: every write with acks=all will fail.";
    }
}
