package io.qicore.mcp.kafka.internal.schema;

import io.qicore.mcp.kafka.internal.registry.RegisteredSchema;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Parses schemas of a registry. The libraries for Avro and Protobuf are optional. */
final class SchemaParser {

    private static final int MAX_REFERENCES = 200;

    private SchemaParser() {}

    /** Parses a schema, after it has read those that it refers to. */
    static WireSchema parse(RegistryClient registry, RegisteredSchema schema)
            throws RegistryException, UndecodableException {
        Map<String, String> references = new LinkedHashMap<>();
        collect(registry, schema, references);
        try {
            return switch (schema.type()) {
                case "AVRO" -> AvroSchemas.parse(schema.text(), new ArrayList<>(references.values()));
                case "PROTOBUF" -> ProtobufSchemas.parse(schema.text(), references);
                case "JSON" -> JsonSchemas.parse(schema.text(), references);
                default ->
                    throw new UndecodableException(
                            "This server does not decode schemas of type " + schema.type() + ".", null);
            };
        } catch (NoClassDefFoundError e) {
            throw new UndecodableException(
                    schema.type().equals("AVRO")
                            ? "This server decodes Avro only with org.apache.avro:avro on its class path."
                            : "This server decodes Protobuf only with com.google.protobuf:protobuf-java-util and"
                                    + " com.squareup.wire:wire-schema-jvm on its class path.",
                    e);
        }
    }

    /** Reads the schemas that a schema refers to, each after those that it refers to itself. */
    private static void collect(RegistryClient registry, RegisteredSchema schema, Map<String, String> found)
            throws RegistryException, UndecodableException {
        for (RegisteredSchema.Reference reference : schema.references()) {
            if (found.containsKey(reference.name())) {
                continue;
            }
            if (found.size() >= MAX_REFERENCES) {
                throw new UndecodableException("It refers to more than " + MAX_REFERENCES + " schemas.", null);
            }
            RegisteredSchema referenced = referenced(registry, reference);
            collect(registry, referenced, found);
            found.putIfAbsent(reference.name(), referenced.text());
        }
    }

    /** Reads a schema. The error has the name that the other schema uses: its subject can be one that the caller may not see. */
    private static RegisteredSchema referenced(RegistryClient registry, RegisteredSchema.Reference reference)
            throws RegistryException, UndecodableException {
        try {
            return registry.byVersion(reference.subject(), reference.version());
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                throw new UndecodableException(
                        "It refers to '" + reference.name() + "', which the schema registry does not have.", e);
            }
            throw e;
        }
    }
}
