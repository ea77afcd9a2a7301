package io.qicore.mcp.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qicore.mcp.testkit.StreamingInfrastructure;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Writes candles from a topic to a table, in batches. It is an ordinary Kafka consumer, because data does not flow through
 * MCP.
 *
 * <p>Offsets are committed after the rows, and existing rows are not inserted again. A crash therefore does not lose or
 * duplicate candles.
 */
final class CandleSink implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int CLOSE_SECONDS = 10;

    private final KafkaConsumer<String, byte[]> consumer;
    private final Connection database;
    private final String table;
    private final ObjectMapper json = new ObjectMapper();
    private final AtomicLong stored = new AtomicLong();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "candle-sink"));
    private final Future<?> running;

    CandleSink(StreamingInfrastructure infrastructure, String topic, String group, String table) throws SQLException {
        this.table = table;
        this.database = DriverManager.getConnection(
                infrastructure.jdbcUrl(), infrastructure.username(), infrastructure.password());
        this.database.setAutoCommit(false);
        Map<String, Object> properties = new HashMap<>(infrastructure.clientProperties());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.consumer.subscribe(List.of(topic));
        this.running = thread.submit(this::run, null);
    }

    /** Returns the number of records stored so far. */
    long stored() {
        return stored.get();
    }

    private void run() {
        try (consumer;
                database;
                PreparedStatement insert = database.prepareStatement("INSERT INTO " + table
                        + " (time, symbol, open, high, low, close, volume) VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING")) {
            while (!Thread.currentThread().isInterrupted()) {
                ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    store(records, insert);
                    consumer.commitSync();
                }
            }
        } catch (WakeupException closing) {
            // close() called wakeup(). The offsets of all stored records have been committed.
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("The sink cannot store candles: " + e.getMessage(), e);
        }
    }

    private void store(ConsumerRecords<String, byte[]> records, PreparedStatement insert)
            throws SQLException, IOException {
        for (ConsumerRecord<String, byte[]> record : records) {
            JsonNode candle = json.readTree(record.value());
            insert.setObject(1, OffsetDateTime.parse(candle.required("time").asText()));
            insert.setString(2, candle.required("symbol").asText());
            insert.setDouble(3, candle.required("open").asDouble());
            insert.setDouble(4, candle.required("high").asDouble());
            insert.setDouble(5, candle.required("low").asDouble());
            insert.setDouble(6, candle.required("close").asDouble());
            insert.setDouble(7, candle.required("volume").asDouble());
            insert.addBatch();
        }
        insert.executeBatch();
        database.commit();
        stored.addAndGet(records.count());
    }

    /**
     * Stops after the current batch.
     *
     * @throws IllegalStateException if the sink has failed, with the failure as its cause
     */
    @Override
    public void close() {
        consumer.wakeup();
        thread.shutdown();
        try {
            running.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("The sink did not stop within " + CLOSE_SECONDS + " s.", e);
        }
    }
}
