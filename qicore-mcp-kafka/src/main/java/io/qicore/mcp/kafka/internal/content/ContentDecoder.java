package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.tool.Schema;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Decodes contents that name their schema. Thread-safe. */
public interface ContentDecoder {

    /** Decodes nothing. */
    ContentDecoder NONE = (key, headers, bytes, whole) -> null;

    /**
     * Decodes a key or a value.
     *
     * @param key whether it is a key
     * @param bytes the bytes, or the first ones
     * @param whole whether these are all bytes
     * @return null if the bytes do not name a schema
     */
    @Nullable
    Decoding decode(boolean key, Headers headers, byte[] bytes, boolean whole);

    /** Returns a decoder for the records of a topic that uses only schemas which the caller may see. */
    default ContentDecoder within(Permissions permissions, String topic) {
        return this;
    }

    /** What became of a content with a schema. */
    sealed interface Decoding {

        /** The content as JSON. */
        record Decoded(JsonNode tree, SchemaName schema) implements Decoding {}

        /** The content cannot be decoded, for a reason. */
        record Failed(String reason) implements Decoding {}
    }

    /** The schema that a content was written with. */
    record SchemaName(
            @Schema("Its id in the registry, or its global id")
            String id,

            @Schema(
                    value = "Its type",
                    allowed = {"AVRO", "PROTOBUF", "JSON"})
            String type,

            @Schema("The name of the record or message, if it has one") @Nullable
            String name) {}
}
