package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tool {@code find_lagging_groups}: the worst of thousands, as far as the call's deadline allows. */
public final class FindLaggingGroupsTool {

    record Arguments(
            @Schema(minimum = 1, maximum = 1000, defaultValue = "10")
            int top,

            @Schema(minimum = 0, defaultValue = "1") long minLag,

            @Schema("Goes on where an answer stopped") @Nullable
            String cursor) {}

    record Row(
            String groupId,
            long lag,
            @Nullable String state,
            @Nullable String type,
            @Nullable Integer unknownPartitions) {}

    record Result(
            @Schema("Worst first") List<Row> groups,

            int scanned,

            @Schema("Of the scanned") int lagging,

            long totalLag,

            @Schema("false when the time was up") boolean complete,

            @Nullable String cursor,
            @Nullable List<String> warnings) {}

    private FindLaggingGroupsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("find_lagging_groups", Arguments.class, Result.class)
                .title("Find lagging groups")
                .description("Finds the groups with most lag. If the time is up before all are looked at, complete is"
                        + " false and cursor goes on.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> find(handle.session(context), args))
                .build();
    }

    private static Result find(AdminSession kafka, Arguments args) {
        Warnings warnings = new Warnings();
        Groups groups = Groups.list(kafka);
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        var found = new LagScan(kafka, new LagReader(kafka, warnings), args.top(), args.minLag(), Set.of())
                .scan(groups, args.cursor());
        return new Result(
                found.groups().stream()
                        .map(lag -> new Row(
                                lag.groupId(),
                                lag.lag(),
                                lag.state(),
                                lag.unusualKind(),
                                lag.unknownPartitions() == 0 ? null : lag.unknownPartitions()))
                        .toList(),
                found.scanned(),
                found.lagging(),
                found.totalLag(),
                found.cursor() == null,
                found.cursor(),
                warnings.orNull());
    }
}
