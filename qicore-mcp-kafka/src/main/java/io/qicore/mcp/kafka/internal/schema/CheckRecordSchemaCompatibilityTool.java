package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code check_record_schema_compatibility}. */
final class CheckRecordSchemaCompatibilityTool {

    private static final int MAX_MESSAGES = 20;

    record Reference(
            @Schema("How the schema names it") String name,
            @Schema("Its subject") String subject,
            @Schema(value = "Its version", minimum = 1) int version) {}

    record Arguments(
            @Schema("Topic, for the schema of its values") @Nullable
            String topic,

            @Schema("Subject, such as orders-key") @Nullable String subject,

            @Schema(value = "Text of the new schema", minLength = 1, maxLength = 200_000)
            String schema,

            @Schema(
                    value = "Its type",
                    allowed = {"AVRO", "PROTOBUF", "JSON"},
                    defaultValue = "AVRO")
            String type,

            @Schema(value = "Schemas that it refers to", maxLength = 50) @Nullable
            List<Reference> references) {}

    record Result(
            @Schema("Whether the registry would accept the schema as the next version")
            boolean compatible,

            @Schema("The name of the subject") String subject,

            @Schema("What the registry objects to, at most 20 messages; absent if it does not say") @Nullable
            List<String> messages) {}

    private CheckRecordSchemaCompatibilityTool() {}

    static MCPTool tool(AdminHandle handle, RegistryClient registry) {
        return MCPTool.builder("check_record_schema_compatibility", Arguments.class, Result.class)
                .title("Check record schema compatibility")
                .description(
                        "Asks the schema registry whether a schema may follow the latest version of a subject. Nothing"
                                + " is registered.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> check(handle.permissions(context.caller()), registry, args))
                .build();
    }

    private static Result check(Permissions permissions, RegistryClient registry, Arguments args) {
        String subject = Subjects.named(permissions, args.topic(), args.subject());
        ObjectNode schema = JsonNodeFactory.instance
                .objectNode()
                .put("schema", args.schema())
                .put("schemaType", args.type());
        for (Reference reference : args.references() == null ? List.<Reference>of() : args.references()) {
            Subjects.named(permissions, null, reference.subject());
            schema.withArray("references")
                    .addObject()
                    .put("name", reference.name())
                    .put("subject", reference.subject())
                    .put("version", reference.version());
        }
        try {
            JsonNode verdict = registry.compatibility(subject, schema);
            List<String> messages = new ArrayList<>();
            for (JsonNode message : verdict.path("messages")) {
                if (messages.size() < MAX_MESSAGES) {
                    messages.add(Subjects.shown(permissions, registry, message.asText()));
                }
            }
            return new Result(verdict.path("is_compatible").asBoolean(), subject, messages.isEmpty() ? null : messages);
        } catch (RegistryException e) {
            throw e.kind() == RegistryException.Kind.NOT_FOUND
                    ? Subjects.notFound(permissions, registry, subject, e)
                    : Subjects.error(e, Subjects.shown(permissions, registry, String.valueOf(e.getMessage())));
        }
    }
}
