package io.qicore.mcp.kafka.internal.produce;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.produce.ProduceRecordsTool.Written;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records with a limited number of producers. They are idempotent, so a record that is sent again within a call is
 * written once. Thread-safe.
 */
public final class RecordProducers {

    private static final int MAX_PRODUCERS = 4;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RESERVE = Duration.ofMillis(500);

    private final KafkaConnection connection;
    private final Semaphore places = new Semaphore(MAX_PRODUCERS);
    private final AtomicLong opened = new AtomicLong();

    /** Creates a factory of producers for a cluster. Opens nothing. */
    public RecordProducers(KafkaConnection connection) {
        this.connection = connection;
    }

    /**
     * Writes records and waits until brokers have confirmed them, or the time of the call is over.
     *
     * @throws MCPToolError if no record was written; with {@link StandardErrorCode#BUSY} if too many calls are writing
     */
    List<Written> write(AdminSession kafka, KafkaOperation operation, List<ProducerRecord<byte[], byte[]>> records) {
        try {
            if (!places.tryAcquire(kafka.remaining().toMillis() / 2, TimeUnit.MILLISECONDS)) {
                throw new MCPToolError(
                        StandardErrorCode.BUSY,
                        MAX_PRODUCERS
                                + " calls are already writing records on this server. Call again when one has ended.",
                        Map.of("limit", MAX_PRODUCERS));
            }
        } catch (InterruptedException e) {
            throw cancelled(operation, e);
        }
        try {
            return send(kafka, operation, records);
        } finally {
            places.release();
        }
    }

    private List<Written> send(
            AdminSession kafka, KafkaOperation operation, List<ProducerRecord<byte[], byte[]>> records) {
        Duration time = kafka.remaining().minus(RESERVE);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                properties(Math.max(100, time.toMillis())), new ByteArraySerializer(), new ByteArraySerializer());
        try {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            // Without it, the first record would wait for linger.ms.
            producer.flush();
            List<Written> written = new ArrayList<>();
            KafkaException failure = null;
            for (int i = 0; i < records.size(); i++) {
                int bytes = EncodedRecords.size(records.get(i));
                try {
                    RecordMetadata metadata =
                            sent.get(i).get(Math.max(1, kafka.remaining().toMillis()), TimeUnit.MILLISECONDS);
                    written.add(new Written(metadata.partition(), metadata.offset(), bytes, null));
                } catch (ExecutionException e) {
                    failure = e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
                    written.add(new Written(
                            records.get(i).partition(),
                            null,
                            bytes,
                            error(failure, operation, kafka).getMessage()));
                }
            }
            if (failure != null && written.stream().allMatch(record -> record.offset() == null)) {
                throw error(failure, operation, kafka);
            }
            return written;
        } catch (InterruptException | InterruptedException e) {
            throw cancelled(operation, e);
        } catch (TimeoutException e) {
            throw KafkaErrors.of(e, operation, kafka.cluster());
        } catch (KafkaException e) {
            throw error(e, operation, kafka);
        } finally {
            // What has not been confirmed by now must not be written after the answer.
            producer.close(CLOSE_TIMEOUT.compareTo(kafka.remaining()) < 0 ? CLOSE_TIMEOUT : Duration.ZERO);
        }
    }

    private static MCPToolError error(KafkaException failure, KafkaOperation operation, AdminSession kafka) {
        return KafkaErrors.of(failure, operation, kafka.cluster());
    }

    private static MCPToolError cancelled(KafkaOperation operation, Exception cause) {
        Thread.currentThread().interrupt();
        return new MCPToolError(
                StandardErrorCode.DEADLINE_EXCEEDED,
                "The call was cancelled. Records may have been written: check before you repeat it.",
                operation.context(),
                cause);
    }

    private Map<String, Object> properties(long timeMs) {
        int time = (int) Math.min(Integer.MAX_VALUE, timeMs);
        // These take precedence, so that the connection cannot weaken the guarantees of the tool.
        Map<String, Object> properties = new HashMap<>(connection.with(Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                "qicore-mcp-produce-" + opened.incrementAndGet(),
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                5,
                ProducerConfig.RETRIES_CONFIG,
                Integer.MAX_VALUE,
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.max(1, time / 2),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                time,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                time,
                CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG,
                false)));
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        properties.remove(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);
        return properties;
    }

    /** Waits until no call writes. */
    public void awaitClosed() throws InterruptedException {
        if (places.tryAcquire(MAX_PRODUCERS, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            places.release(MAX_PRODUCERS);
        }
    }
}
