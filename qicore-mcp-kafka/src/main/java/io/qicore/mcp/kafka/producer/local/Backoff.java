package io.qicore.mcp.kafka.producer.local;

import java.time.Duration;

/** Computes how long to wait before each retry: twice as long each time, up to a maximum. Used by one thread. */
final class Backoff {

    private final Duration first;
    private final Duration maximum;
    private Duration next;

    Backoff(Duration first, Duration maximum) {
        this.first = first;
        this.maximum = maximum;
        this.next = first;
    }

    Duration next() {
        Duration current = next;
        Duration doubled = current.multipliedBy(2);
        next = doubled.compareTo(maximum) > 0 ? maximum : doubled;
        return current;
    }

    /** Begins again with the shortest wait. */
    void reset() {
        next = first;
    }
}
