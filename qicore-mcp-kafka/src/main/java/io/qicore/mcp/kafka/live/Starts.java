package io.qicore.mcp.kafka.live;

import java.util.Map;

/**
 * Where a call began in each partition of a topic. Immutable.
 *
 * @param ends the end offsets of the partitions that could be read
 * @param partitions the number of partitions that the topic had; all records of later ones are new
 */
record Starts(Map<Integer, Long> ends, int partitions) {

    /** Before the first record. */
    static final Starts ALL = new Starts(Map.of(), 0);

    /** Copies the end offsets. */
    Starts {
        ends = Map.copyOf(ends);
    }

    /** Returns whether a record arrived after the call began. */
    boolean includes(int partition, long offset) {
        Long end = ends.get(partition);
        return end == null ? partition >= partitions : offset >= end;
    }
}
