package io.qicore.mcp.kafka.internal.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.internal.argument.TimeField;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.marketdata.MarketDataException;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Delivers the rows of a file as records, at the speed of their times if the settings say so. */
final class ReplaySource implements RecordSource {

    static final String LINE = "line";

    private static final String DEFAULT_KEY_FIELD = "symbol";
    private static final String DEFAULT_TIME_FIELD = "time";

    private final Rows rows;
    private final ReplayType.Config config;
    private final @Nullable ReplayClock clock;
    private @Nullable SourceRecord waiting;
    private long line;
    private boolean ended;

    /**
     * Creates a source.
     *
     * @param line the last line that an earlier source has delivered; 0 for none
     */
    ReplaySource(Rows rows, ReplayType.Config config, long line) {
        this.rows = rows;
        this.config = config;
        this.clock = config.speed() == null ? null : new ReplayClock(config.speed());
        this.line = line;
    }

    @Override
    public @Nullable SourceRecord poll(Duration timeout) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (waiting == null && !ended) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while reading a file");
            }
            waiting = read();
            if (waiting == null && System.nanoTime() - deadline >= 0) {
                return null;
            }
        }
        SourceRecord next = waiting;
        if (next == null || !isDue(deadline)) {
            return null;
        }
        waiting = null;
        line = rows.lines().number();
        return next;
    }

    @Override
    public boolean isEnded() {
        return ended && waiting == null;
    }

    @Override
    public SourcePosition position() {
        return line == 0 ? SourcePosition.START : SourcePosition.of(LINE, line);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private boolean isDue(long deadline) throws InterruptedException {
        long wait = clock == null ? 0 : clock.nanosUntilDue(System.nanoTime());
        long left = Math.max(deadline - System.nanoTime(), 0);
        if (wait > 0) {
            TimeUnit.NANOSECONDS.sleep(Math.min(wait, left));
        }
        return wait <= left;
    }

    /** Returns the next record, or null if the row is not one, or the file has ended. */
    private @Nullable SourceRecord read() throws IOException {
        Rows.Row row = rows.next();
        if (row == null) {
            if (rows.lines().number() < line) {
                throw new SourceException("The position is line " + line + ", but the file has "
                        + rows.lines().number() + " lines.");
            }
            ended = true;
            return null;
        }
        if (rows.lines().number() <= line) {
            return null;
        }
        return config.candles() ? candle(row) : record(row);
    }

    private @Nullable SourceRecord candle(Rows.Row row) throws SourceException {
        try {
            Candle candle = CandleJson.read(row.json());
            return isSelected(candle.symbol()) ? timed(candle.symbol(), CandleJson.write(candle), candle.time()) : null;
        } catch (MarketDataException e) {
            throw rows.lines().failure(String.valueOf(e.getMessage()), e);
        }
    }

    private @Nullable SourceRecord record(Rows.Row row) throws SourceException {
        String key = config.keyField() == null
                ? text(row.fields(), DEFAULT_KEY_FIELD)
                : required(row.fields(), config.keyField());
        if (!isSelected(key)) {
            return null;
        }
        String field = config.timeField() == null ? DEFAULT_TIME_FIELD : config.timeField();
        return timed(key, row.json(), config.needsTime() ? time(field, required(row.fields(), field)) : null);
    }

    private SourceRecord timed(@Nullable String key, byte[] value, @Nullable Instant time) throws SourceException {
        if (clock != null && time != null) {
            clock.next(time, System.nanoTime());
        }
        try {
            return new SourceRecord(
                    key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                    value,
                    List.of(),
                    config.recordTime() ? time : null);
        } catch (IllegalArgumentException e) {
            throw rows.lines().failure(String.valueOf(e.getMessage()), e);
        }
    }

    private boolean isSelected(@Nullable String key) {
        return config.keys() == null || config.keys().contains(key);
    }

    private String required(ObjectNode fields, String name) throws SourceException {
        String value = text(fields, name);
        if (value == null) {
            throw rows.lines().failure("'" + name + "' is missing", null);
        }
        return value;
    }

    private Instant time(String name, String text) throws SourceException {
        try {
            return TimeField.read(name, text);
        } catch (IllegalArgumentException e) {
            throw rows.lines().failure(String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable String text(ObjectNode fields, String name) {
        JsonNode value = fields.get(name);
        return value == null
                        || value.isNull()
                        || !value.isValueNode()
                        || value.asText().isBlank()
                ? null
                : value.asText();
    }
}
