package io.qicore.mcp.kafka.producer;

import java.util.Locale;

/** Where a producer is in its life. */
public enum ProducerState {
    /** Reads its source and sends. */
    RUNNING,
    /** Was stopped on request. */
    STOPPED,
    /** Its source has ended, and everything has been sent. */
    COMPLETED,
    /** Ended because of an error. */
    FAILED;

    /** The state on the wire: its name in lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
