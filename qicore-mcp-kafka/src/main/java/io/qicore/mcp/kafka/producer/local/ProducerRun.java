package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a producer, from the opened source to its end or the first failure. Owns the source and a Kafka producer and closes
 * both. Used by one thread; acknowledgements arrive on a thread of the client.
 */
final class ProducerRun implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ProducerRun.class);

    private static final int POSITION_VALUES_PER_RECORD = 10;
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration LOOK_AT_STALLED_AFTER = Duration.ofSeconds(30);
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(5);

    private final String sourceId;
    private final SourceSpec spec;
    private final RecordSource source;
    private final InFlight inFlight;
    private final Gate gate;
    private final SendLog sendLog;
    private final Environment environment;
    private final Producer<byte[], byte[]> producer;
    private Instant looked = Instant.MIN;
    private int positionValues;
    private int sentSincePosition;
    private boolean unsent;

    ProducerRun(
            String sourceId,
            SourceSpec spec,
            RecordSource source,
            InFlight inFlight,
            Gate gate,
            SendLog sendLog,
            Environment environment) {
        this.sourceId = sourceId;
        this.spec = spec;
        this.source = source;
        this.inFlight = inFlight;
        this.gate = gate;
        this.sendLog = sendLog;
        this.environment = environment;
        try {
            this.producer = environment.producers().create(sourceId);
        } catch (RuntimeException e) {
            closeSource();
            throw e;
        }
    }

    /**
     * Sends the records of the source until it ends or the producer is stopped.
     *
     * @param onProgress called when the source works
     * @throws Exception the failure of the source or of Kafka
     */
    ProducerState produce(Runnable onProgress) throws Exception {
        try {
            return sendAll(onProgress);
        } catch (Exception e) {
            // A client that was closed because of a record refuses the next ones: the reason is the first failure.
            inFlight.throwFailure();
            throw e;
        }
    }

    private ProducerState sendAll(Runnable onProgress) throws Exception {
        while (gate.awaitTurn()) {
            SourceRecord record = null;
            while (record == null) {
                inFlight.throwFailure();
                lookAtTopicIfStalled();
                record = source.poll(POLL_TIMEOUT);
                unsent = record != null;
                onProgress.run();
                if (record == null && source.isEnded()) {
                    while (!inFlight.awaitNone(WAIT)) {
                        lookAtTopicIfStalled();
                    }
                    return ProducerState.COMPLETED;
                }
                if (!gate.awaitOpen()) {
                    return ProducerState.STOPPED;
                }
            }
            while (!inFlight.awaitRoom(record.size(), WAIT)) {
                lookAtTopicIfStalled();
            }
            send(record);
        }
        return ProducerState.STOPPED;
    }

    private void send(SourceRecord record) {
        InFlight.Sent sent = inFlight.add(positionIfDue(), record.size());
        try {
            producer.send(
                    new ProducerRecord<>(
                            spec.topic(),
                            null,
                            record.time() == null ? null : record.time().toEpochMilli(),
                            record.key(),
                            record.value(),
                            record.headers()),
                    (metadata, failure) -> {
                        if (failure == null) {
                            inFlight.acknowledged(sent);
                        } else {
                            notSent(failure);
                        }
                    });
            unsent = false;
        } catch (RuntimeException e) {
            // Such as the interrupt of a stop while the client waits for the leader of the partition.
            inFlight.refused(sent);
            throw e;
        }
    }

    /** A position with many values, such as that of a topic with many partitions, is too large to be kept for each record. */
    private @Nullable SourcePosition positionIfDue() {
        if (sentSincePosition++ < positionValues / POSITION_VALUES_PER_RECORD) {
            return null;
        }
        SourcePosition position = source.position();
        positionValues = position.values().size();
        sentSincePosition = 0;
        return position;
    }

    /**
     * Gives up this run: later records with the same key must not be written before this one. The client sends one batch at a
     * time to a partition, so nothing has followed yet.
     */
    private void notSent(Exception failure) {
        if (inFlight.failed(failure)) {
            producer.close(Duration.ZERO);
        }
    }

    /** Finds out why Kafka takes no records. The client itself waits for ever, also for a topic that was deleted. */
    private void lookAtTopicIfStalled() throws InterruptedException {
        Instant since = inFlight.stalledSince();
        if (since == null) {
            return;
        }
        Instant now = environment.clock().instant();
        Instant from = since.isAfter(looked) ? since : looked;
        if (now.isBefore(from.plus(LOOK_AT_STALLED_AFTER))) {
            return;
        }
        looked = now;
        try {
            environment.topics().requireTopic(spec.topic(), LOOK_TIMEOUT);
        } catch (MCPToolError e) {
            if (!e.retryable()) {
                throw e;
            }
            sendLog.note(e.getMessage());
        }
    }

    /** Sends what is buffered, and waits for its acknowledgement for the flush timeout. */
    @Override
    public void close() {
        closeProducer();
        // The source can fail to tell where it is, too, and must be closed then.
        try {
            noteEnd();
        } finally {
            closeSource();
        }
    }

    private void closeProducer() {
        try {
            producer.close(environment.flushTimeout());
        } catch (RuntimeException e) {
            log.warn("The Kafka client of producer {} did not close cleanly", sourceId, e);
        }
    }

    /** Notes where the source is, or which records may be missing. */
    private void noteEnd() {
        int missing = inFlight.size();
        if (missing == 0 && !unsent) {
            sendLog.reached(source.position());
        }
        if (missing > 0 && gate.isStopped()) {
            sendLog.failed("Kafka had not acknowledged " + missing
                    + " of the records when the producer stopped: they may be missing in the topic. The position is before"
                    + " them.");
        }
    }

    private void closeSource() {
        try {
            source.close();
        } catch (IOException | RuntimeException e) {
            log.warn("The source of producer {} did not close cleanly", sourceId, e);
        }
    }
}
