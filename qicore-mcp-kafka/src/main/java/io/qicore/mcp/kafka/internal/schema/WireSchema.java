package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A schema that contents are decoded and encoded with. Immutable and thread-safe. */
interface WireSchema {

    /** Returns the type as the registry names it. */
    String type();

    /** Returns whether a list of indexes, which choose a message, precedes the content. */
    default boolean hasMessageIndexes() {
        return false;
    }

    /** Returns the name of the record or message, or null. */
    @Nullable
    String name(List<Integer> indexes) throws UndecodableException;

    /** Decodes a content, all of whose bytes must fit. */
    JsonNode decode(byte[] bytes, int from, List<Integer> indexes) throws UndecodableException;

    /**
     * Encodes a value, without its frame.
     *
     * @param indexes the message, if the schema has several
     * @throws RefusedException if the value does not fit the schema
     */
    byte[] encode(JsonNode value, List<Integer> indexes) throws RefusedException, UndecodableException;
}
