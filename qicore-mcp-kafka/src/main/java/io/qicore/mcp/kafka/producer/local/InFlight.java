package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.source.SourcePosition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The records of one run of a producer that Kafka has not acknowledged, in the order in which they were sent. The position of the
 * producer advances to the first of them that is not acknowledged, never beyond. Thread-safe.
 */
final class InFlight {

    /** An acknowledgement takes milliseconds, and seconds if a partition gets a new leader. */
    static final Duration STALLED_AFTER = Duration.ofSeconds(3);

    static final int MAX_RECORDS = 10_000;
    static final long MAX_BYTES = 8 * 1024 * 1024;

    private final SendLog log;
    private final Clock clock;
    private final ArrayDeque<Sent> records = new ArrayDeque<>();
    private long bytes;
    private Instant oldestSince = Instant.MAX;
    private @Nullable Exception failure;

    /** A record that was handed to the Kafka client. */
    static final class Sent {

        private final @Nullable SourcePosition after;
        private final int bytes;
        private boolean acknowledged;

        private Sent(@Nullable SourcePosition after, int bytes) {
            this.after = after;
            this.bytes = bytes;
        }
    }

    InFlight(SendLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Adds a record that is about to be sent, which can block while the client does not know the leader of the partition.
     *
     * @param after the position of the source after it; null if it is not taken after each record
     */
    synchronized Sent add(@Nullable SourcePosition after, int recordBytes) {
        if (records.isEmpty()) {
            oldestSince = clock.instant();
        }
        Sent sent = new Sent(after, recordBytes);
        records.add(sent);
        bytes += recordBytes;
        return sent;
    }

    /** Kafka acknowledged a record. */
    synchronized void acknowledged(Sent sent) {
        sent.acknowledged = true;
        log.acknowledged(sent.bytes);
        SourcePosition reached = null;
        for (Sent oldest = records.peek(); oldest != null && oldest.acknowledged; oldest = records.peek()) {
            records.remove();
            bytes -= oldest.bytes;
            oldestSince = clock.instant();
            reached = oldest.after == null ? reached : oldest.after;
        }
        if (reached != null) {
            log.reached(reached);
        }
        notifyAll();
    }

    /** The client did not accept the record that was added last, so nothing is sent. */
    synchronized void refused(Sent sent) {
        records.removeLastOccurrence(sent);
        bytes -= sent.bytes;
    }

    /** Kafka did not take a record. Returns whether it is the first one of this run. */
    synchronized boolean failed(Exception cause) {
        boolean first = failure == null;
        if (first) {
            failure = cause;
        }
        notifyAll();
        return first;
    }

    /**
     * Waits until there is room for a record.
     *
     * @return false if there is none after the timeout
     * @throws Exception the failure with which Kafka did not take a record
     */
    synchronized boolean awaitRoom(int recordBytes, Duration timeout) throws Exception {
        long end = System.nanoTime() + timeout.toNanos();
        while (!records.isEmpty() && (records.size() >= MAX_RECORDS || bytes + recordBytes > MAX_BYTES)) {
            if (!await(end)) {
                return false;
            }
        }
        throwFailure();
        return true;
    }

    /**
     * Waits until Kafka has acknowledged all records.
     *
     * @return false if it has not after the timeout
     * @throws Exception the failure with which Kafka did not take a record
     */
    synchronized boolean awaitNone(Duration timeout) throws Exception {
        long end = System.nanoTime() + timeout.toNanos();
        while (!records.isEmpty()) {
            if (!await(end)) {
                return false;
            }
        }
        throwFailure();
        return true;
    }

    synchronized void throwFailure() throws Exception {
        if (failure != null) {
            throw failure;
        }
    }

    synchronized int size() {
        return records.size();
    }

    /** Returns since when the oldest record waits, or has been the oldest, if that is longer than a while. */
    synchronized @Nullable Instant stalledSince() {
        boolean stalled =
                !records.isEmpty() && !oldestSince.isAfter(clock.instant().minus(STALLED_AFTER));
        return stalled ? oldestSince : null;
    }

    private boolean await(long end) throws Exception {
        throwFailure();
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        wait(left / 1_000_000, (int) (left % 1_000_000));
        return true;
    }
}
