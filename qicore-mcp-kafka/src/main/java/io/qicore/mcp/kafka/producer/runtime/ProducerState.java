package io.qicore.mcp.kafka.producer.runtime;

import java.util.Locale;

/** The states of a producer. */
public enum ProducerState {
    /** It reads its source and sends records. */
    RUNNING,
    /** It was paused on request, and goes on when it is resumed. */
    PAUSED,
    /** It failed in a way that can pass, and its runtime starts it again after a while. */
    RETRYING,
    /** It runs, but Kafka has not acknowledged a record for seconds although one waits for it. */
    STALLED,
    /** It was stopped on request. */
    STOPPED,
    /** Its source has ended, and Kafka has acknowledged all records. */
    COMPLETED,
    /** It ended because of an error that a retry does not cure. */
    FAILED;

    /** Returns whether a producer leaves this state only if it is started or resumed. */
    public boolean hasEnded() {
        return this == STOPPED || this == COMPLETED || this == FAILED;
    }

    /** Returns the state as agents see it: the name in lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
