package io.qicore.mcp.kafka.producer;

import java.util.Locale;

/** The states of a producer. */
public enum ProducerState {
    /** It reads its source and sends records. */
    RUNNING,
    /** It was stopped on request. */
    STOPPED,
    /** Its source has ended, and all records have been sent. */
    COMPLETED,
    /** It ended because of an error. */
    FAILED;

    /** Returns the state as agents see it: the name in lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
