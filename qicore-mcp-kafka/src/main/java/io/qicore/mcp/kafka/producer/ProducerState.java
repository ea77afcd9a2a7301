package io.qicore.mcp.kafka.producer;

import java.util.Locale;

/** The states of a producer. */
public enum ProducerState {
    /** It reads its source and sends records. */
    RUNNING,
    /** It was paused on request, and goes on when it is resumed. A runtime that cannot pause producers does not use it. */
    PAUSED,
    /** It failed, and its runtime starts it again. A runtime that does not do that does not use it. */
    RETRYING,
    /** It runs, but Kafka has not acknowledged a record for seconds although one waits for it. */
    STALLED,
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
