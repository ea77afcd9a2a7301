package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Supervises one producer on a thread of its own: runs it until its source ends, it is stopped, or it fails in a way that no retry
 * cures, and starts it again after other failures, behind the last record that Kafka has acknowledged.
 */
final class ProducerTask implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ProducerTask.class);

    private static final Duration RETRY_CHECK_TIMEOUT = Duration.ofSeconds(10);

    private final String sourceId;
    private final SourceSpec spec;
    private final Environment environment;
    private final SendLog sendLog;
    private final Gate gate;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable RecordSource opened;
    private volatile InFlight inFlight;
    private volatile @Nullable Instant retryAt;
    private volatile @Nullable ProducerState end;
    /** The thread while it may be interrupted, otherwise null. Guarded by this. */
    private @Nullable Thread interruptible;

    /**
     * Creates a task.
     *
     * @param opened the source, opened at its position
     * @param rate most records per second at first
     */
    ProducerTask(String sourceId, SourceSpec spec, RecordSource opened, double rate, Environment environment) {
        this.sourceId = sourceId;
        this.spec = spec;
        this.opened = opened;
        this.environment = environment;
        // What the source has chosen when it was opened, such as the end of a log, holds for a retry, too.
        this.sendLog = new SendLog(opened.position(), environment.clock());
        this.gate = new Gate(rate);
        this.inFlight = new InFlight(sendLog, environment.clock());
    }

    String sourceId() {
        return sourceId;
    }

    SourceSpec spec() {
        return spec;
    }

    Gate gate() {
        return gate;
    }

    ProducerStatus status() {
        // The state is read before the metrics, so that the metrics of a producer that has ended are final.
        ProducerState current = end;
        Instant retry = retryAt;
        InFlight run = inFlight;
        Instant stalledSince = run.stalledSince();
        if (current == null) {
            current = gate.isPaused()
                    ? ProducerState.PAUSED
                    : retry != null
                            ? ProducerState.RETRYING
                            : stalledSince != null ? ProducerState.STALLED : ProducerState.RUNNING;
        }
        return new ProducerStatus(
                sourceId,
                current,
                spec.type(),
                spec.topic(),
                spec.topicsRead(),
                sendLog.position(),
                sendLog.metrics(
                        gate.rate(),
                        run.size(),
                        current == ProducerState.STALLED ? stalledSince : null,
                        current == ProducerState.RETRYING ? retry : null));
    }

    boolean hasEnded() {
        return end != null;
    }

    /** Asks the producer to stop and returns at once. */
    void requestStop() {
        gate.stop();
        synchronized (this) {
            if (interruptible != null) {
                interruptible.interrupt();
            }
        }
    }

    /** Waits until the producer has ended and its source and client are closed; returns false if the time is over. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        log.info("Producer {} started: {} to topic {}", sourceId, spec.type(), spec.topic());
        ProducerState last = ProducerState.FAILED;
        try {
            last = supervise();
        } finally {
            retryAt = null;
            sendLog.ended();
            end = last;
            ended.countDown();
            log.info(
                    "Producer {} {} at {}",
                    sourceId,
                    last.text(),
                    sendLog.position().values());
        }
    }

    private ProducerState supervise() {
        Backoff backoff = new Backoff(environment.firstRetry(), Environment.LONGEST_RETRY);
        while (true) {
            long sentBefore = sendLog.sent();
            Throwable failure;
            try {
                return runOnce();
            } catch (Throwable e) {
                failure = e;
            }
            // A stop interrupts the thread, which the source or the client can report by any exception.
            if (gate.isStopped()) {
                log.debug("Producer {} was stopped", sourceId, failure);
                return ProducerState.STOPPED;
            }
            sendLog.failed(Failures.describe(failure, spec.topic(), environment.cluster()));
            if (failure instanceof Error || !Failures.canPass(failure)) {
                log.error("Producer {} failed", sourceId, failure);
                return ProducerState.FAILED;
            }
            if (sendLog.sent() > sentBefore) {
                backoff.reset();
            }
            Duration delay = backoff.next();
            log.warn("Producer {} failed and starts again in {}", sourceId, delay, failure);
            retryAt = environment.clock().instant().plus(delay);
            if (!awaitRetry(delay)) {
                return ProducerState.STOPPED;
            }
        }
    }

    private boolean awaitRetry(Duration delay) {
        try {
            return gate.awaitRetry(delay);
        } catch (InterruptedException e) {
            // Nobody else interrupts this thread, and a stop is seen at the next look.
            return !gate.isStopped();
        }
    }

    private ProducerState runOnce() throws Exception {
        allowInterrupts(true);
        try {
            RecordSource source = opened;
            opened = null;
            if (source == null) {
                environment.topics().requireTopic(spec.topic(), RETRY_CHECK_TIMEOUT);
                source = spec.open(sendLog.position(), environment.sources());
            }
            InFlight records = new InFlight(sendLog, environment.clock());
            inFlight = records;
            try (ProducerRun run = new ProducerRun(sourceId, spec, source, records, gate, sendLog, environment)) {
                try {
                    return run.produce(() -> retryAt = null);
                } finally {
                    allowInterrupts(false);
                }
            }
        } finally {
            allowInterrupts(false);
        }
    }

    private synchronized void allowInterrupts(boolean allowed) {
        interruptible = allowed ? Thread.currentThread() : null;
        if (!allowed) {
            // A late interrupt would make the client drop records that it has not sent yet.
            Thread.interrupted();
        } else if (gate.isStopped()) {
            Thread.currentThread().interrupt();
        }
    }
}
