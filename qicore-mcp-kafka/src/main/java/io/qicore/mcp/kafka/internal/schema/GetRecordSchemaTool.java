package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.registry.RegisteredSchema;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code get_record_schema}. */
final class GetRecordSchemaTool {

    private static final int MAX_TEXT = 100_000;

    record Arguments(
            @Schema("Topic, for the schema of its values") @Nullable
            String topic,

            @Schema("Subject, such as orders-key") @Nullable String subject,

            @Schema(value = "Default: the latest", minimum = 1) @Nullable
            Integer version) {}

    record Reference(
            @Schema("How the schema names it") String name,

            @Schema("Its subject; absent if this caller may not see it") @Nullable
            String subject,

            @Schema("Its version") int version) {}

    record Result(
            @Schema("The name of the subject") String subject,
            @Schema("The number of the version") int version,

            @Schema("All versions of the subject; absent if they could not be read") @Nullable
            List<Integer> versions,

            @Schema("The id of the schema") int id,

            @Schema(
                    value = "The type of the schema",
                    allowed = {"AVRO", "PROTOBUF", "JSON"})
            String type,

            @Schema("The text of the schema: JSON for Avro and JSON Schema, a .proto file for Protobuf")
            String schema,

            @Schema("true if the text is longer and was cut; otherwise absent") @Nullable
            Boolean truncated,

            @Schema("The schemas that it refers to; absent if there are none") @Nullable
            List<Reference> references,

            @Schema("Which changes the registry accepts, such as BACKWARD; absent if it does not say") @Nullable
            String compatibility) {}

    private GetRecordSchemaTool() {}

    static MCPTool tool(AdminHandle handle, RegistryClient registry) {
        return MCPTool.builder("get_record_schema", Arguments.class, Result.class)
                .title("Get record schema")
                .description("Returns a schema of the registry: that of a topic's values, or of a subject.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> get(handle.permissions(context.caller()), registry, args))
                .build();
    }

    private static Result get(Permissions permissions, RegistryClient registry, Arguments args) {
        String subject = Subjects.named(permissions, args.topic(), args.subject());
        try {
            JsonNode answer = registry.version(
                    subject, args.version() == null ? "latest" : args.version().toString());
            RegisteredSchema schema = RegistryClient.schema(answer);
            boolean cut = schema.text().length() > MAX_TEXT;
            return new Result(
                    subject,
                    answer.path("version").asInt(),
                    attempt(() -> registry.versions(subject)),
                    answer.path("id").asInt(),
                    schema.type(),
                    cut ? schema.text().substring(0, MAX_TEXT) : schema.text(),
                    cut ? true : null,
                    schema.references().isEmpty()
                            ? null
                            : schema.references().stream()
                                    .map(reference -> new Reference(
                                            reference.name(),
                                            Subjects.visible(permissions, reference.subject())
                                                    ? reference.subject()
                                                    : null,
                                            reference.version()))
                                    .toList(),
                    attempt(() -> registry.compatibilityLevel(subject)));
        } catch (RegistryException e) {
            throw e.kind() == RegistryException.Kind.NOT_FOUND
                    ? Subjects.notFound(permissions, registry, subject, e)
                    : Subjects.error(e);
        }
    }

    private interface Reading<T> {
        T read() throws RegistryException;
    }

    /** Reads what not every registry and not every principal can read. */
    private static <T> @Nullable T attempt(Reading<T> reading) {
        try {
            return reading.read();
        } catch (RegistryException e) {
            return null;
        }
    }
}
