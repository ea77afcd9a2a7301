package io.qicore.mcp.kafka.producer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts the acknowledged and the failed records of one producer. Thread-safe; the metrics are a consistent snapshot. */
final class SendLog {

    private final Clock clock;
    private final Instant startedAt;
    private long sent;
    private long failed;
    private long bytes;
    private @Nullable Instant endedAt;
    private @Nullable Instant lastRecordTime;
    private @Nullable String lastError;

    SendLog(Clock clock) {
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    synchronized void sent(int recordBytes) {
        sent++;
        bytes += recordBytes;
        lastRecordTime = clock.instant();
    }

    synchronized void failed(String error) {
        failed++;
        lastError = error;
    }

    synchronized void error(String error) {
        lastError = error;
    }

    synchronized void ended() {
        endedAt = clock.instant();
    }

    synchronized ProducerMetrics metrics() {
        Instant until = endedAt == null ? clock.instant() : endedAt;
        double seconds = Math.max(Duration.between(startedAt, until).toNanos() / 1e9, 1e-3);
        double rate = Math.round(sent / seconds * 100) / 100.0;
        return new ProducerMetrics(sent, failed, bytes, rate, startedAt, endedAt, lastRecordTime, lastError);
    }
}
