package io.qicore.mcp.kafka.internal.lag;

/** The status of a group by its offsets over time, in the terms of Burrow, from best to worst. */
public enum BurrowStatus {
    /** The group keeps up or is catching up. */
    OK,
    /** The group consumes, but its lag never shrank. */
    WARN,
    /** The group is behind and has stopped committing. */
    STOP,
    /** The group is behind and keeps committing the same offset. */
    STALL,
    /** The committed offset went backward and has not returned. */
    REWIND
}
