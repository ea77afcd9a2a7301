package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.internal.admin.KafkaCluster;
import io.qicore.mcp.kafka.internal.admin.TopicErrors;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.marketdata.MarketDataException;
import io.qicore.mcp.kafka.marketdata.MarketDataSource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one producer: reads its source and sends each candle until the source ends, the producer is stopped, or an error
 * occurs that a retry cannot cure. Owns the source and the Kafka producer and closes both.
 */
final class ProducerTask implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ProducerTask.class);

    private final String sourceId;
    private final ProducerSpec spec;
    private final MarketDataSource source;
    private final Producer<String, byte[]> producer;
    private final KafkaCluster cluster;
    private final Duration flushTimeout;
    private final SendLog sendLog;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Exception> incurable = new AtomicReference<>();
    private volatile ProducerState state = ProducerState.RUNNING;
    private volatile boolean failing;
    /** The thread while it may be interrupted, otherwise null. Guarded by this. */
    private @Nullable Thread interruptible;

    ProducerTask(
            String sourceId,
            ProducerSpec spec,
            MarketDataSource source,
            Producer<String, byte[]> producer,
            KafkaCluster cluster,
            Duration flushTimeout,
            Clock clock) {
        this.sourceId = sourceId;
        this.spec = spec;
        this.source = source;
        this.producer = producer;
        this.cluster = cluster;
        this.flushTimeout = flushTimeout;
        this.sendLog = new SendLog(clock);
    }

    ProducerStatus status() {
        // The state is read before the metrics, so that the metrics of a producer that has ended are final.
        ProducerState current = state;
        ProducerMetrics metrics = sendLog.metrics();
        boolean stalled = current == ProducerState.RUNNING && metrics.stalledSince() != null;
        return new ProducerStatus(
                sourceId, stalled ? ProducerState.STALLED : current, spec.type(), spec.topic(), metrics);
    }

    boolean isRunning() {
        return state == ProducerState.RUNNING;
    }

    /** Asks the producer to stop and returns at once. */
    void requestStop() {
        stop.countDown();
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

    /** Closes the source and the client of a producer that is not going to run. */
    void discard() {
        state = ProducerState.STOPPED;
        close();
    }

    @Override
    public void run() {
        log.info("Producer {} started: {} to topic {}", sourceId, spec.type(), spec.topic());
        ProducerState end = ProducerState.FAILED;
        try {
            end = produce();
        } catch (Throwable e) {
            end = failed(e);
        } finally {
            close();
            sendLog.ended();
            state = end;
            ended.countDown();
            log.info("Producer {} {}: {}", sourceId, end.text(), sendLog.metrics());
        }
    }

    private ProducerState produce() throws Exception {
        allowInterrupts(true);
        try {
            Pacer pacer = new Pacer(spec.rate(), stop);
            while (pacer.awaitTurn()) {
                failIfIncurable();
                Candle candle = source.next();
                if (candle == null) {
                    producer.flush();
                    failIfIncurable();
                    return ProducerState.COMPLETED;
                }
                send(candle);
            }
            return ProducerState.STOPPED;
        } finally {
            allowInterrupts(false);
        }
    }

    private void send(Candle candle) {
        byte[] value = CandleJson.write(candle);
        int bytes = value.length + candle.symbol().getBytes(StandardCharsets.UTF_8).length;
        sendLog.sending(candle.symbol());
        producer.send(new ProducerRecord<>(spec.topic(), candle.symbol(), value), (metadata, failure) -> {
            if (failure == null) {
                failing = false;
                sendLog.sent(candle.symbol(), bytes);
            } else {
                recordFailed(candle.symbol(), failure);
            }
        });
    }

    /** Counts a lost record. The client has retried it for {@code delivery.timeout.ms}; the next record may succeed. */
    private void recordFailed(String key, Exception failure) {
        sendLog.failed(key, TopicErrors.describeWrite(failure, spec.topic(), cluster));
        if (!(failure instanceof RetriableException)) {
            incurable.compareAndSet(null, failure);
        }
        if (!failing) {
            failing = true;
            log.warn("Producer {} cannot send to topic {}", sourceId, spec.topic(), failure);
        }
    }

    private void failIfIncurable() throws Exception {
        Exception failure = incurable.get();
        if (failure != null) {
            throw failure;
        }
    }

    private ProducerState failed(Throwable failure) {
        // A stop interrupts the thread, which the source or the client can report by any exception.
        if (stop.getCount() == 0) {
            log.debug("Producer {} was stopped", sourceId, failure);
            return ProducerState.STOPPED;
        }
        log.error("Producer {} failed", sourceId, failure);
        if (failure instanceof MarketDataException data) {
            sendLog.error("The source failed: " + data.getMessage());
        } else {
            sendLog.error(TopicErrors.describeWrite(failure, spec.topic(), cluster));
        }
        return ProducerState.FAILED;
    }

    private synchronized void allowInterrupts(boolean allowed) {
        interruptible = allowed ? Thread.currentThread() : null;
        if (!allowed) {
            // A late interrupt would make the client drop records that it has not sent yet.
            Thread.interrupted();
        }
    }

    private void close() {
        try {
            source.close();
        } catch (Exception e) {
            log.warn("The source of producer {} did not close cleanly", sourceId, e);
        }
        try {
            // Sends the buffered records; those that are not acknowledged in time are reported as failed.
            producer.close(flushTimeout);
        } catch (RuntimeException e) {
            log.warn("The Kafka client of producer {} did not close cleanly", sourceId, e);
        }
    }
}
