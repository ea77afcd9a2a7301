package io.qicore.mcp.kafka.internal.schema;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Where a content in Confluent's wire format names its schema: in front of the content, by a zero byte and a number of four
 * bytes, or in a header of the record, in the same way or by a byte 1 and a global id of 16 bytes. Protobuf's message indexes
 * follow the id.
 *
 * @param id the id, or the global id
 * @param indexes where the message indexes begin, if the schema has any
 * @param content where the content begins if {@code indexes} belongs to a header; otherwise after the indexes
 */
record Framing(Object id, ByteBuffer indexes, @Nullable Integer content) {

    private static final String KEY_HEADER = "__key_schema_id";
    private static final String VALUE_HEADER = "__value_schema_id";
    private static final int MAX_INDEXES = 100;

    /** Returns the framing of a content; null if it does not name a schema. */
    static @Nullable Framing of(boolean key, Headers headers, byte[] bytes) {
        Header header = headers.lastHeader(key ? KEY_HEADER : VALUE_HEADER);
        if (header != null && header.value() != null) {
            ByteBuffer buffer = ByteBuffer.wrap(header.value());
            Object id = id(buffer, true);
            if (id != null) {
                return new Framing(id, buffer, 0);
            }
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Object id = id(buffer, false);
        return id == null ? null : new Framing(id, buffer, null);
    }

    private static @Nullable Object id(ByteBuffer buffer, boolean global) {
        if (buffer.remaining() >= 1 + Integer.BYTES && buffer.get(0) == 0) {
            int id = buffer.getInt(1);
            buffer.position(1 + Integer.BYTES);
            // Registries count from 1.
            return id > 0 ? id : null;
        }
        if (global && buffer.remaining() >= 1 + 2 * Long.BYTES && buffer.get(0) == 1) {
            UUID id = new UUID(buffer.getLong(1), buffer.getLong(1 + Long.BYTES));
            buffer.position(1 + 2 * Long.BYTES);
            return id;
        }
        return null;
    }

    /** Reads the message indexes, and moves the position after them. */
    List<Integer> readIndexes() throws UndecodableException {
        try {
            int count = ByteUtils.readVarint(indexes);
            if (count < 0 || count > MAX_INDEXES) {
                throw new UndecodableException("Its Protobuf message indexes are damaged.", null);
            }
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                found.add(ByteUtils.readVarint(indexes));
            }
            // The usual list, of the first message only, is written as an empty one.
            return found.isEmpty() ? List.of(0) : found;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UndecodableException("Its Protobuf message indexes are damaged.", e);
        }
    }

    /** Returns where the content begins. */
    int contentStart() {
        return content == null ? indexes.position() : content;
    }
}
