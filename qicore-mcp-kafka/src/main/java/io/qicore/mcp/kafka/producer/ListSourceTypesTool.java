package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.source.SourceErrors;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code list_source_types}. */
final class ListSourceTypesTool {

    record Arguments(
            @Schema("Return only this type; default: all") @Nullable
            String type) {}

    record Type(
            @Schema("The value of type in config") String type,
            @Schema("What its records are") String description,
            @Schema("JSON Schema of config") ObjectNode config) {}

    record Result(
            @Schema("The types that start_producer supports")
            List<Type> types) {}

    private ListSourceTypesTool() {}

    static MCPTool tool(Supplier<SourceTypes> types) {
        return MCPTool.builder("list_source_types", Arguments.class, Result.class)
                .title("List the types of sources")
                .description(
                        "Returns the types of sources that start_producer supports, each with the JSON Schema of its"
                                + " config.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) -> list(types.get(), arguments.type()))
                .build();
    }

    private static Result list(SourceTypes types, @Nullable String only) {
        if (only != null && !types.names().contains(only)) {
            throw SourceErrors.unknown("source type", only, types.names());
        }
        return new Result(types.all().stream()
                .filter(type -> only == null || only.equals(type.name()))
                .map(type -> describe(types, type))
                .toList());
    }

    private static Type describe(SourceTypes types, SourceType<?> type) {
        return new Type(type.name(), type.description(), types.schema(type.name()));
    }
}
