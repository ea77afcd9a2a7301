package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tool {@code list_abandoned_offsets}: what makes lag alarms noisy. */
public final class ListAbandonedOffsetsTool {

    private static final int CHUNK = 100;

    record Arguments(
            @Schema(minimum = 1, maximum = 1000, defaultValue = "50")
            int limit,

            @Nullable String after) {}

    record Abandoned(
            String groupId,
            @Nullable String state,

            @Schema("Partitions by topic") @Nullable Map<String, String> unused,

            @Schema("Of deleted topics") @Nullable Map<String, String> deleted,

            long lag) {}

    record Result(
            @Schema("Sorted by id") List<Abandoned> groups,

            @Schema("Goes on as after") @Nullable String next,

            @Nullable List<String> warnings) {}

    private ListAbandonedOffsetsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("list_abandoned_offsets", Arguments.class, Result.class)
                .title("List abandoned offsets")
                .description("Lists offsets that nobody uses: of groups without consumers, and on deleted topics.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> list(handle.session(context), args))
                .build();
    }

    private static Result list(AdminSession kafka, Arguments args) {
        Warnings warnings = new Warnings();
        Groups groups = Groups.list(kafka);
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        var ids = new TreeSet<>(groups.committing());
        List<String> rest = List.copyOf(args.after() == null ? ids : ids.tailSet(args.after(), false));
        var reader = new LagReader(kafka, warnings);
        List<Abandoned> found = new ArrayList<>();
        int read = 0;
        String last = null;
        while (read < rest.size() && found.size() < args.limit()) {
            List<String> chunk = rest.subList(read, Math.min(rest.size(), read + CHUNK));
            try {
                for (GroupLag lag : reader.everywhere(chunk, groups, Set.of())) {
                    Abandoned row = row(lag);
                    if (row != null) {
                        found.add(row);
                    }
                }
            } catch (MCPToolError e) {
                if (read == 0 || !e.is(KafkaErrorCode.BROKER_UNAVAILABLE)) {
                    throw e;
                }
                warnings.add("The time was up; next goes on.");
                break;
            }
            read += chunk.size();
            last = chunk.get(chunk.size() - 1);
        }
        if (found.size() > args.limit()) {
            found = found.subList(0, args.limit());
            return new Result(found, found.get(found.size() - 1).groupId(), warnings.orNull());
        }
        return new Result(found, read < rest.size() ? last : null, warnings.orNull());
    }

    private static @Nullable Abandoned row(GroupLag lag) {
        boolean unused = "Empty".equals(lag.state()) || "Dead".equals(lag.state());
        Map<Boolean, List<PartitionLag>> byFate = lag.partitions().stream()
                .collect(Collectors.partitioningBy(row -> row.reason() == LagReason.TOPIC_DELETED));
        Map<String, String> deleted = texts(byFate.get(true));
        Map<String, String> left = unused ? texts(byFate.get(false)) : null;
        return deleted == null && left == null
                ? null
                : new Abandoned(lag.groupId(), lag.state(), left, deleted, lag.lag());
    }

    private static @Nullable Map<String, String> texts(@Nullable List<PartitionLag> rows) {
        return rows == null || rows.isEmpty()
                ? null
                : PartitionList.byTopic(rows.stream().map(PartitionLag::id).toList());
    }
}
