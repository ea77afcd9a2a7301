package io.qicore.mcp.kafka.internal.lag;

/** What the offsets of a group over time say about it, in the words of Burrow, least bad first. */
enum BurrowStatus {
    /** It keeps up, or is catching up. */
    OK,
    /** It consumes, and its lag never shrank. */
    WARN,
    /** It is behind and commits no more. */
    STOP,
    /** It is behind and commits the same offset again and again. */
    STALL,
    /** Its offset went back and has not come forward again. */
    REWIND
}
