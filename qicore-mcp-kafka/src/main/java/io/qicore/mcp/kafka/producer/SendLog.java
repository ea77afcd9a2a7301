package io.qicore.mcp.kafka.producer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts the acknowledged and the failed records of one producer. Thread-safe; the metrics are a consistent snapshot. */
final class SendLog {

    /** An acknowledgement takes milliseconds, and seconds if a partition gets a new leader. */
    static final Duration STALLED_AFTER = Duration.ofSeconds(3);

    private final Clock clock;
    private final Instant startedAt;
    private long sent;
    private long failed;
    private long bytes;
    private @Nullable Instant endedAt;
    private @Nullable Instant lastRecordTime;
    // By key, because records with the same key go to the same partition, and each partition has its own leader.
    private final Map<String, Waiting> waiting = new HashMap<>();
    private @Nullable Instant gaveUpSince;
    private @Nullable String lastError;

    /** The records with one key that Kafka has not acknowledged yet. */
    private static final class Waiting {
        private Instant since;
        private int records;

        private Waiting(Instant since) {
            this.since = since;
        }
    }

    SendLog(Clock clock) {
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** A record is about to be sent, which can block while the client does not know the leader of the partition. */
    synchronized void sending(String key) {
        waiting.computeIfAbsent(key, unused -> new Waiting(clock.instant())).records++;
    }

    /** Kafka acknowledged a record. */
    synchronized void sent(String key, int recordBytes) {
        sent++;
        bytes += recordBytes;
        Instant now = clock.instant();
        lastRecordTime = now;
        gaveUpSince = null;
        Waiting others = noLongerWaiting(key);
        if (others != null) {
            others.since = now;
        }
    }

    /** Kafka did not acknowledge a record, and will not. */
    synchronized void failed(String key, String error) {
        failed++;
        lastError = error;
        Instant since = Objects.requireNonNull(waiting.get(key)).since;
        // A record that Kafka gives up is no sign of life, so the time goes on if no other record waits.
        if (noLongerWaiting(key) == null && (gaveUpSince == null || since.isBefore(gaveUpSince))) {
            gaveUpSince = since;
        }
    }

    /** Returns what still waits with the same key; null if nothing does. */
    private @Nullable Waiting noLongerWaiting(String key) {
        Waiting records = Objects.requireNonNull(waiting.get(key));
        if (--records.records > 0) {
            return records;
        }
        waiting.remove(key);
        return null;
    }

    synchronized void error(String error) {
        lastError = error;
    }

    synchronized void ended() {
        endedAt = clock.instant();
    }

    /** Returns since when Kafka has not acknowledged a record although one waits for it, if that is longer than a while. */
    synchronized @Nullable Instant stalledSince() {
        if (endedAt != null) {
            return null;
        }
        Instant latest = clock.instant().minus(STALLED_AFTER);
        return Stream.concat(waiting.values().stream().map(records -> records.since), Stream.ofNullable(gaveUpSince))
                .filter(since -> !since.isAfter(latest))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    synchronized ProducerMetrics metrics() {
        Instant until = endedAt == null ? clock.instant() : endedAt;
        double seconds = Math.max(Duration.between(startedAt, until).toNanos() / 1e9, 1e-3);
        double rate = Math.round(sent / seconds * 100) / 100.0;
        return new ProducerMetrics(
                sent, failed, bytes, rate, startedAt, endedAt, lastRecordTime, stalledSince(), lastError);
    }
}
