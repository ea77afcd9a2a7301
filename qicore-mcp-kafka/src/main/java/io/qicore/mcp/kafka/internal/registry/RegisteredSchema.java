package io.qicore.mcp.kafka.internal.registry;

import java.util.List;

/**
 * A schema as the registry returns it.
 *
 * @param type {@code AVRO}, {@code PROTOBUF} or {@code JSON}
 * @param text the schema: JSON for Avro and JSON Schema, a {@code .proto} file for Protobuf
 */
public record RegisteredSchema(String type, String text, List<Reference> references) {

    /**
     * A reference to another schema.
     *
     * @param name how the schema names the other one: by its full name in Avro, its path in Protobuf, its URI in JSON Schema
     */
    public record Reference(String name, String subject, int version) {}
}
