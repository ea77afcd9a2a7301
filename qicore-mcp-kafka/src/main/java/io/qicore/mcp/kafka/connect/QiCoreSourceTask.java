package io.qicore.mcp.kafka.connect;

import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one source for a {@link QiCoreSourceConnector}. A failure to read that can pass is retried after 1, 2, 4 … 60 seconds, behind
 * the record that was read last; Connect itself would not start a failed task again. Other failures end the task.
 */
public final class QiCoreSourceTask extends SourceTask {

    private static final Logger log = LoggerFactory.getLogger(QiCoreSourceTask.class);

    private static final int MAX_RECORDS = 1_000;
    private static final long MAX_BYTES = 1024 * 1024;
    // Connect stops a task between two polls.
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final long LONGEST_RETRY_SECONDS = 60;

    private final AtomicLong unacknowledged = new AtomicLong();
    private @Nullable SourceConnectorConfig config;
    private Map<String, String> partition = Map.of();
    private @Nullable SourceOffset offset;
    private @Nullable Pace pace;
    private @Nullable RecordSource source;
    private @Nullable RuntimeException end;
    private long retrySeconds;
    private long retryAt = System.nanoTime();

    /** Creates a task, for Connect. */
    public QiCoreSourceTask() {}

    @Override
    public String version() {
        return Version.TEXT;
    }

    @Override
    public void start(Map<String, String> props) {
        SourceConnectorConfig read;
        try {
            read = new SourceConnectorConfig(props, SourceTypes.discover());
        } catch (MCPToolError e) {
            throw new ConnectException(e.getMessage());
        }
        config = read;
        partition = SourceOffset.partition(props.getOrDefault("name", ""));
        Map<String, Object> stored = context.offsetStorageReader().offset(partition);
        offset = stored == null ? SourceOffset.start(read.begin()) : SourceOffset.of(stored);
        pace = new Pace(read.rate(), System::nanoTime);
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        if (end != null) {
            throw end;
        }
        List<SourceRecord> records = new ArrayList<>();
        try {
            read(records);
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
        if (end != null && records.isEmpty()) {
            throw end;
        }
        unacknowledged.addAndGet(records.size());
        return records.isEmpty() ? null : records;
    }

    /** Adds the records that are there; they count even if the source fails after them. */
    private void read(List<SourceRecord> records) throws IOException, InterruptedException {
        RecordSource open = open();
        if (open == null) {
            return;
        }
        Pace turns = Objects.requireNonNull(pace);
        long bytes = 0;
        while (records.size() < MAX_RECORDS && bytes < MAX_BYTES) {
            if (turns.nanosToWait() > 0) {
                if (!records.isEmpty()) {
                    return;
                }
                TimeUnit.NANOSECONDS.sleep(Math.min(turns.nanosToWait(), POLL_TIMEOUT.toNanos()));
                if (turns.nanosToWait() > 0) {
                    return;
                }
            }
            var record = open.poll(records.isEmpty() ? POLL_TIMEOUT : Duration.ZERO);
            retrySeconds = 0;
            if (record == null) {
                if (records.isEmpty() && open.isEnded()) {
                    complete();
                }
                return;
            }
            turns.taken();
            bytes += record.size();
            offset = Objects.requireNonNull(offset).after(open.position(), record.size(), Instant.now());
            records.add(converted(record));
        }
    }

    private @Nullable RecordSource open() throws IOException, InterruptedException {
        if (source == null) {
            long wait = retryAt - System.nanoTime();
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(Math.min(wait, POLL_TIMEOUT.toNanos()));
                return null;
            }
            SourceConnectorConfig current = Objects.requireNonNull(config);
            source = current.spec().open(Objects.requireNonNull(offset).position(), current.context());
        }
        return source;
    }

    private void complete() throws InterruptedException {
        if (unacknowledged.get() > 0) {
            Thread.sleep(POLL_TIMEOUT.toMillis() / 4);
        } else {
            end = new SourceCompletedException(Objects.requireNonNull(offset).records());
        }
    }

    private void failed(Exception failure) {
        closeSource();
        boolean canPass = failure instanceof MCPToolError error
                ? error.retryable()
                : failure instanceof UncheckedIOException
                        || (failure instanceof IOException && !(failure instanceof SourceException));
        if (canPass) {
            retrySeconds = Math.min(Math.max(retrySeconds * 2, 1), LONGEST_RETRY_SECONDS);
            retryAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(retrySeconds);
            log.warn("The source of {} failed and is opened again in {} s", partition, retrySeconds, failure);
            return;
        }
        log.error("The source of {} failed", partition, failure);
        // Without the cause: everybody who may read the status of the connector would see its message.
        end = new ConnectException(
                failure instanceof MCPToolError error
                        ? String.valueOf(error.getMessage())
                        : failure instanceof SourceException wrong
                                ? "The source failed: " + wrong.getMessage()
                                : "The source failed (" + failure.getClass().getSimpleName()
                                        + "; the worker's log has the details).");
    }

    private SourceRecord converted(io.qicore.mcp.kafka.source.SourceRecord record) {
        ConnectHeaders headers = new ConnectHeaders();
        record.headers()
                .forEach(header ->
                        headers.add(header.key(), new SchemaAndValue(Schema.OPTIONAL_BYTES_SCHEMA, header.value())));
        return new SourceRecord(
                partition,
                Objects.requireNonNull(offset).values(),
                Objects.requireNonNull(config).spec().topic(),
                null,
                Schema.OPTIONAL_BYTES_SCHEMA,
                record.key(),
                Schema.OPTIONAL_BYTES_SCHEMA,
                record.value(),
                record.time() == null ? null : record.time().toEpochMilli(),
                headers);
    }

    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        unacknowledged.decrementAndGet();
    }

    @Override
    public void stop() {
        closeSource();
    }

    private void closeSource() {
        RecordSource closing = source;
        source = null;
        if (closing != null) {
            try {
                closing.close();
            } catch (IOException | RuntimeException e) {
                log.warn("The source of {} did not close cleanly", partition, e);
            }
        }
    }
}
