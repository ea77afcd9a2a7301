package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.Visibility;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tool {@code find_lagging_groups}: the groups with the most lag among thousands, within the call's deadline. */
public final class FindLaggingGroupsTool {

    record Arguments(
            @Schema(value = "Maximum number of groups", minimum = 1, maximum = 1000, defaultValue = "10")
            int top,

            @Schema(value = "Ignore groups with fewer unread offsets", minimum = 0, defaultValue = "1")
            long minLag,

            @Schema("cursor of an incomplete result; pass the same minLag") @Nullable
            String cursor) {}

    record Row(
            @Schema("Group id") String groupId,

            @Schema("Unread offsets on all partitions whose lag is known, including lost ones")
            long lag,

            @Schema("Offsets in lag that were deleted before the group read them; left out if 0") @Nullable
            Long lost,

            @Schema("State of the group in Kafka's terms, such as Stable or Empty (no consumers); left out if unknown")
            @Nullable
            String state,

            @Schema("share or streams; left out for consumer groups") @Nullable
            String type,

            @Schema("Number of partitions whose lag is unknown and not in lag; left out if 0") @Nullable
            Integer unknownPartitions) {}

    record Result(
            @Schema("Groups with the most lag, largest lag first")
            List<Row> groups,

            @Schema("Number of groups that this call looked at")
            int scanned,

            @Schema("Number of scanned groups with a lag of at least minLag, including those not listed")
            int lagging,

            @Schema("Unread offsets of all these lagging groups")
            long totalLag,

            @Schema("false if the time ran out before all groups were looked at, or groups could not be listed")
            boolean complete,

            @Schema("Pass it as cursor to look at the remaining groups; left out if none remain") @Nullable
            String cursor,

            @Schema("What could not be read, with the reason, and groups with unknown lag, which may not be in groups")
            @Nullable
            List<String> warnings) {}

    private FindLaggingGroupsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("find_lagging_groups", Arguments.class, Result.class)
                .title("Find lagging groups")
                .description(
                        "Finds the groups with the most lag, even among thousands. Use it when no group or topic is"
                                + " known yet; for details call get_consumer_lag or explain_lag next. If the time"
                                + " runs out, complete is false: call again with cursor to continue.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> find(handle.session(context), args))
                .build();
    }

    private static Result find(AdminSession kafka, Arguments args) {
        Warnings warnings = new Warnings();
        Groups groups = Groups.list(kafka);
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        if (groups.all().isEmpty()) {
            Visibility.explainNoGroups(kafka, warnings);
        }
        var reader = new LagReader(kafka, warnings);
        var found =
                new LagScan(kafka, reader, args.top(), args.minLag(), LagReader.WITH_START).scan(groups, args.cursor());
        reader.warnOfMissing(List.of());
        return new Result(
                found.groups().stream()
                        .map(lag -> new Row(
                                lag.groupId(),
                                lag.lag(),
                                lag.lost() == 0 ? null : lag.lost(),
                                lag.state(),
                                lag.unusualKind(),
                                lag.unknownPartitions() == 0 ? null : lag.unknownPartitions()))
                        .toList(),
                found.scanned(),
                found.lagging(),
                found.totalLag(),
                found.cursor() == null && groups.errors().isEmpty(),
                found.cursor(),
                warnings.orNull());
    }
}
