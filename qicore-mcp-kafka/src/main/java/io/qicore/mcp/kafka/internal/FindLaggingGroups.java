package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tool {@code find_lagging_groups}: the worst of thousands, as far as the call's deadline allows. */
final class FindLaggingGroups {

    record Args(
            @Schema(value = "Most groups to tell", minimum = 1, maximum = 1000, defaultValue = "10")
            int top,

            @Schema(value = "Least lag to tell of, in records", minimum = 0, defaultValue = "1")
            long minLag,

            @Schema("cursor of an answer with complete: false, to go on") @Nullable
            String cursor) {}

    record Result(
            @Schema("Worst first") List<GroupLag> groups,

            @Schema("Number of groups looked at in this call")
            int scanned,

            @Schema("How many of them have at least minLag") int lagging,

            @Schema("Sum over the lagging groups") long totalLag,

            @Schema("false when the time was up before all groups were looked at")
            boolean complete,

            @Nullable String cursor,
            @Nullable List<String> warnings) {}

    private FindLaggingGroups() {}

    static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("find_lagging_groups", Args.class, Result.class)
                .title("Find lagging groups")
                .description("Finds the groups with most lag over all topics. On a huge cluster, one call may not get"
                        + " through all groups: complete is false then and cursor goes on.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> find(handle.session(context), args))
                .build();
    }

    private static Result find(AdminSession kafka, Args args) {
        Warnings warnings = new Warnings();
        Groups groups = Groups.list(kafka);
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        var found = new LagScan(kafka, new LagReader(kafka, warnings), args.top(), args.minLag())
                .scan(groups, args.cursor());
        return new Result(
                found.groups().stream().map(GroupLag::summary).toList(),
                found.scanned(),
                found.lagging(),
                found.totalLag(),
                found.cursor() == null,
                found.cursor(),
                warnings.orNull());
    }
}
