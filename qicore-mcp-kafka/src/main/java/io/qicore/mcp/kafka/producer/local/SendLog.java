package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.producer.runtime.ProducerMetrics;
import io.qicore.mcp.kafka.source.SourcePosition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counts what one producer has sent, over all its restarts, and keeps its position. Thread-safe. */
final class SendLog {

    private static final int WINDOW_SECONDS = 10;

    private final Clock clock;
    private final Instant startedAt;
    private final long[] sentInSecond = new long[WINDOW_SECONDS];
    private long windowEnd;
    private long sent;
    private long bytes;
    private long errors;
    private SourcePosition position;
    private @Nullable Instant endedAt;
    private @Nullable Instant lastRecordTime;
    private @Nullable String lastError;

    SendLog(SourcePosition position, Clock clock) {
        this.position = known(position);
        this.clock = clock;
        this.startedAt = clock.instant();
        this.windowEnd = startedAt.getEpochSecond();
    }

    /** Kafka acknowledged a record. */
    synchronized void acknowledged(int recordBytes) {
        Instant now = clock.instant();
        sent++;
        bytes += recordBytes;
        lastRecordTime = now;
        advanceWindow(now.getEpochSecond());
        sentInSecond[(int) (windowEnd % WINDOW_SECONDS)]++;
    }

    /** All records before a position are acknowledged. */
    synchronized void reached(SourcePosition newPosition) {
        position = known(newPosition);
    }

    private static SourcePosition known(@Nullable SourcePosition position) {
        return Objects.requireNonNull(position, "The source has returned null as its position");
    }

    synchronized void failed(String error) {
        errors++;
        lastError = error;
    }

    /** Notes an error that does not end the run. */
    synchronized void note(String error) {
        lastError = error;
    }

    synchronized void ended() {
        endedAt = clock.instant();
    }

    synchronized SourcePosition position() {
        return position;
    }

    synchronized long sent() {
        return sent;
    }

    synchronized ProducerMetrics metrics(
            double rate, long buffered, @Nullable Instant stalledSince, @Nullable Instant retryAt) {
        return new ProducerMetrics(
                sent,
                bytes,
                recordsPerSecond(),
                rate,
                buffered,
                errors,
                startedAt,
                endedAt,
                lastRecordTime,
                endedAt == null ? stalledSince : null,
                retryAt,
                lastError);
    }

    private double recordsPerSecond() {
        Instant until = endedAt == null ? clock.instant() : endedAt;
        double seconds = Math.max(Duration.between(startedAt, until).toNanos() / 1e9, 1e-3);
        long records = sent;
        if (endedAt == null) {
            advanceWindow(until.getEpochSecond());
            records = 0;
            for (long inSecond : sentInSecond) {
                records += inSecond;
            }
            // The window has the current second, which is not over, and the nine before it.
            seconds = Math.min(seconds, WINDOW_SECONDS - 1 + until.getNano() / 1e9);
        }
        return Math.round(records / seconds * 100) / 100.0;
    }

    private void advanceWindow(long second) {
        long from = Math.max(windowEnd, second - WINDOW_SECONDS);
        for (long cleared = from + 1; cleared <= second; cleared++) {
            sentInSecond[(int) (cleared % WINDOW_SECONDS)] = 0;
        }
        // A clock that is set back counts on in the latest second.
        windowEnd = Math.max(windowEnd, second);
    }
}
