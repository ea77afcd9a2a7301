package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.argument.RecordTime;
import io.qicore.mcp.tool.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** A record with its contents, which are decoded when they are first used. Used by one thread. */
public final class RecordView {

    private static final int MAX_HEADERS = 50;

    /** A header in a result. */
    public record HeaderRow(
            @Schema("The name of the header") String name,

            @Schema("Its value; absent if it is null") @Nullable
            Shown value) {}

    /** A record in a result. */
    public record Row(
            @Schema("The number of the partition") int partition,
            @Schema("The offset in the partition") long offset,

            @Schema("The timestamp; absent if the record has none") @Nullable
            Instant timestamp,

            @Schema("true if the broker set the timestamp when it appended the record; otherwise absent") @Nullable
            Boolean logAppendTime,

            @Schema("The key; absent if it is null") @Nullable
            Shown key,

            @Schema("The value; absent for a tombstone") @Nullable
            Shown value,

            @Schema("true if the value is null, which deletes the key from a compacted topic; otherwise absent")
            @Nullable
            Boolean tombstone,

            @Schema("The headers in their order, at most 50; names can repeat; absent if there are none") @Nullable
            List<HeaderRow> headers) {

        /** Returns about how many bytes this takes in a result. */
        public int size() {
            int size = 90 + (key == null ? 0 : key.size()) + (value == null ? 0 : value.size());
            if (headers != null) {
                for (HeaderRow header : headers) {
                    size += 20
                            + header.name().length()
                            + (header.value() == null ? 0 : header.value().size());
                }
            }
            return size;
        }
    }

    private final ConsumerRecord<@Nullable Payload, @Nullable Payload> of;
    private final Contents contents;
    private @Nullable Content key;
    private @Nullable Content value;

    /** Creates a view of a record. */
    public RecordView(ConsumerRecord<@Nullable Payload, @Nullable Payload> of, Contents contents) {
        this.of = of;
        this.contents = contents;
    }

    /** Returns the key, or null. */
    @Nullable
    Content key() {
        Payload payload = of.key();
        if (key == null && payload != null) {
            key = contents.key(payload, of.headers());
        }
        return key;
    }

    /** Returns the value, or null for a tombstone. */
    @Nullable
    Content value() {
        Payload payload = of.value();
        if (value == null && payload != null) {
            value = contents.value(payload, of.headers());
        }
        return value;
    }

    /** Returns the contents of the headers with a name that are not null. */
    List<Content> headers(String name) {
        List<Content> found = new ArrayList<>();
        for (Header header : of.headers().headers(name)) {
            if (header.value() != null) {
                found.add(contents.header(name, header.value()));
            }
        }
        return found;
    }

    /** Returns whether the key, the value, a header or its name contains a text. */
    boolean contains(String wanted) {
        return contains(of.key(), this::key, wanted) || contains(of.value(), this::value, wanted) || inHeaders(wanted);
    }

    private interface Reading {
        @Nullable
        Content get();
    }

    private boolean contains(@Nullable Payload payload, Reading content, String wanted) {
        if (payload == null) {
            return false;
        }
        if (contents.showsBytes() && (payload.found() || !contents.decodes())) {
            return payload.found();
        }
        Content shown = content.get();
        return shown != null && shown.contains(wanted);
    }

    private boolean inHeaders(String wanted) {
        for (Header header : of.headers()) {
            if (header.key().contains(wanted)
                    || (header.value() != null
                            && contents.header(header.key(), header.value()).contains(wanted))) {
                return true;
            }
        }
        return false;
    }

    /** Returns the JSON of the value, or null if it is not JSON. */
    @Nullable
    JsonNode tree() {
        Content content = value();
        return content == null ? null : content.tree();
    }

    /** Returns whether the value is too large to be parsed. */
    public boolean unparsed() {
        Payload payload = of.value();
        return payload != null && !payload.whole();
    }

    /**
     * Returns the record for a result.
     *
     * @param maxBytes how many bytes of each content are shown at most
     */
    public Row row(int maxBytes) {
        Content keyContent = key();
        Content valueContent = value();
        List<HeaderRow> rows = new ArrayList<>();
        for (Header header : of.headers()) {
            if (rows.size() == MAX_HEADERS) {
                break;
            }
            rows.add(new HeaderRow(
                    header.key(),
                    header.value() == null
                            ? null
                            : contents.header(header.key(), header.value()).show(maxBytes)));
        }
        return new Row(
                of.partition(),
                of.offset(),
                of.timestampType() == TimestampType.NO_TIMESTAMP_TYPE ? null : RecordTime.of(of.timestamp()),
                of.timestampType() == TimestampType.LOG_APPEND_TIME ? true : null,
                keyContent == null ? null : keyContent.show(maxBytes),
                valueContent == null ? null : valueContent.show(maxBytes),
                of.value() == null ? true : null,
                rows.isEmpty() ? null : rows);
    }
}
