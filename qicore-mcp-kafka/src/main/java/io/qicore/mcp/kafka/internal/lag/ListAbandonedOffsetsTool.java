package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.MemberlessGroups;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The tool {@code list_abandoned_offsets}: committed offsets that no consumer uses, which cause false lag alarms. */
public final class ListAbandonedOffsetsTool {

    private static final int CHUNK = 100;

    record Arguments(
            @Schema(value = "Maximum number of groups", minimum = 1, maximum = 1000, defaultValue = "50")
            int limit,

            @Schema("next of the previous page") @Nullable String after) {}

    record Abandoned(
            @Schema("Group id") String groupId,

            @Schema("State of the group in Kafka's terms, such as Empty (no consumers); left out if unknown") @Nullable
            String state,

            @Schema(
                    "Partitions of existing topics by topic, such as 0-3,7, if consumers have joined the group before and"
                            + " none is a member now; left out otherwise")
            @Nullable
            Map<String, String> unused,

            @Schema(
                    "Partitions of existing topics by topic, if the group has never had members. Its offsets may be in use"
                            + " by a consumer that assigns partitions itself, such as a Flink or Spark job, which Kafka does not"
                            + " show: compare two calls of get_consumer_lag with sample before you delete them")
            @Nullable
            Map<String, String> doubtful,

            @Schema("Partitions that no longer exist, by topic; left out if none") @Nullable
            Map<String, String> deleted,

            @Schema("Unread offsets of the group on all partitions whose lag is known")
            long lag) {}

    record Result(
            @Schema("Groups with abandoned offsets, sorted by id")
            List<Abandoned> groups,

            @Schema("Pass it as after to get the next page; left out on the last page") @Nullable
            String next,

            @Schema("What could not be read, with the reason") @Nullable
            List<String> warnings) {}

    private ListAbandonedOffsetsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("list_abandoned_offsets", Arguments.class, Result.class)
                .title("List abandoned offsets")
                .description(
                        "Lists committed offsets of groups without members that do not move, and on deleted topics."
                                + " They cause false lag alarms. Remove them with delete_consumer_group, on existing topics also"
                                + " with delete_consumer_offsets.")
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
        Map<String, Map<TopicPartition, Long>> offsets = new HashMap<>();
        int read = 0;
        String last = null;
        while (read < rest.size() && found.size() < args.limit()) {
            List<String> chunk = rest.subList(read, Math.min(rest.size(), read + CHUNK));
            try {
                for (GroupLag lag : reader.ofGroups(chunk, groups, Set.of())) {
                    Abandoned row = row(lag, groups.neverHadMembers(lag.groupId()));
                    if (row != null) {
                        found.add(row);
                        offsets.put(lag.groupId(), committed(lag));
                    }
                }
            } catch (MCPToolError e) {
                if (read == 0 || !e.is(KafkaErrorCode.BROKER_UNAVAILABLE)) {
                    throw e;
                }
                warnings.add("The time ran out. Call again with after set to next to continue.");
                break;
            }
            read += chunk.size();
            last = chunk.get(chunk.size() - 1);
        }
        String next = read < rest.size() ? last : null;
        if (found.size() > args.limit()) {
            found = found.subList(0, args.limit());
            next = found.get(found.size() - 1).groupId();
        }
        offsets.keySet()
                .retainAll(found.stream()
                        .filter(row -> row.unused() != null || row.doubtful() != null)
                        .map(Abandoned::groupId)
                        .toList());
        Set<String> inUse = MemberlessGroups.moving(kafka, offsets);
        return new Result(
                found.stream().filter(row -> !inUse.contains(row.groupId())).toList(), next, warnings.orNull());
    }

    private static Map<TopicPartition, Long> committed(GroupLag lag) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (PartitionLag row : lag.partitions()) {
            if (row.committedOffset() != null) {
                committed.put(row.id(), row.committedOffset());
            }
        }
        return committed;
    }

    private static @Nullable Abandoned row(GroupLag lag, boolean neverHadMembers) {
        boolean unused = "Empty".equals(lag.state()) || "Dead".equals(lag.state());
        Map<Boolean, List<PartitionLag>> byDeleted = lag.partitions().stream()
                .collect(Collectors.partitioningBy(row -> row.reason() == LagReason.TOPIC_DELETED));
        Map<String, String> deleted = partitionsByTopic(byDeleted.get(true));
        Map<String, String> kept = unused ? partitionsByTopic(byDeleted.get(false)) : null;
        return deleted == null && kept == null
                ? null
                : new Abandoned(
                        lag.groupId(),
                        lag.state(),
                        neverHadMembers ? null : kept,
                        neverHadMembers ? kept : null,
                        deleted,
                        lag.lag());
    }

    private static @Nullable Map<String, String> partitionsByTopic(@Nullable List<PartitionLag> rows) {
        return rows == null || rows.isEmpty()
                ? null
                : PartitionList.byTopic(rows.stream().map(PartitionLag::id).toList());
    }
}
