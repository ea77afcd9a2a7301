package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code list_record_schemas}. */
final class ListRecordSchemasTool {

    record Arguments(
            @Schema("Name or pattern with * and ?, such as orders-*") @Nullable
            String filter,

            @Schema(value = "Maximum subjects", minimum = 1, maximum = 100, defaultValue = "20")
            int limit,

            @Schema("nextCursor; repeat filter") @Nullable String cursor) {}

    record Subject(
            @Schema("The name of the subject") String subject,

            @Schema("The number of its latest version; absent if it could not be read") @Nullable
            Integer version,

            @Schema("The id of the schema of this version") @Nullable
            Integer id,

            @Schema(
                    value = "The type of the schema",
                    allowed = {"AVRO", "PROTOBUF", "JSON"})
            @Nullable
            String type) {}

    record Result(
            @Schema("The subjects of this page, sorted by name")
            List<Subject> subjects,

            @Schema("The number of matching subjects on all pages")
            int count,

            @Schema("The cursor of the next page; absent on the last page") @Nullable
            String nextCursor,

            @Schema("Messages about data that could not be read") @Nullable
            List<String> warnings) {}

    private ListRecordSchemasTool() {}

    static MCPTool tool(AdminHandle handle, RegistryClient registry) {
        return MCPTool.builder("list_record_schemas", Arguments.class, Result.class)
                .title("List record schemas")
                .description(
                        "Lists the subjects of the schema registry with their latest versions. The values of a topic"
                                + " usually have the subject TOPIC-value.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> list(handle.permissions(context.caller()), registry, args, context))
                .build();
    }

    private static Result list(
            Permissions permissions, RegistryClient registry, Arguments args, RequestContext context) {
        long until = System.nanoTime() + CallTime.toWait(context).toNanos();
        PageCursor cursors = PageCursor.of("list_record_schemas", args.filter());
        String after =
                args.cursor() == null ? "" : cursors.read(args.cursor(), 1).get(0);
        NamePatterns filter = args.filter() == null || args.filter().isBlank()
                ? NamePatterns.ALL
                : NamePatterns.of("subjects", List.of(args.filter()));
        List<String> matching;
        try {
            matching = registry.subjects().stream()
                    .filter(name -> filter.match(name) && Subjects.visible(permissions, name))
                    .sorted()
                    .toList();
        } catch (RegistryException e) {
            throw Subjects.error(e);
        }
        List<String> rest =
                matching.stream().filter(name -> name.compareTo(after) > 0).toList();
        List<String> page = rest.subList(0, Math.min(args.limit(), rest.size()));
        Warnings warnings = new Warnings();
        List<Subject> subjects = new ArrayList<>();
        for (String name : page) {
            subjects.add(latest(registry, name, until, warnings));
        }
        return new Result(
                subjects,
                matching.size(),
                page.size() < rest.size() ? cursors.write(List.of(page.get(page.size() - 1))) : null,
                warnings.orNull());
    }

    private static Subject latest(RegistryClient registry, String name, long until, Warnings warnings) {
        try {
            if (System.nanoTime() < until) {
                JsonNode latest = registry.version(name, "latest");
                return new Subject(
                        name,
                        latest.path("version").asInt(),
                        latest.path("id").asInt(),
                        RegistryClient.schema(latest).type());
            }
            warnings.add("There was no time to read the versions of all subjects. Use a lower limit.");
        } catch (RegistryException e) {
            warnings.add(e.getMessage());
        }
        return new Subject(name, null, null, null);
    }
}
