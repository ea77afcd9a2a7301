package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Confirmation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.group.ResetPlan.Move;
import io.qicore.mcp.kafka.internal.read.GroupOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code reset_consumer_offset}: the whole of KIP-122, for share groups, too. Plans first, always; members that
 * join between the plan and the write are refused by the broker.
 */
public final class ResetConsumerOffsetTool {

    private static final int MOST_MOVES = 50;

    record Arguments(
            @Schema(minLength = 1) String groupId,

            @Schema("Default: all that the group has offsets on") @Nullable
            String topic,

            @Schema(value = "Default: all", minimum = 0) @Nullable
            Integer partition,

            // A text or a number: models send either.
            @Schema("earliest, latest, current or a number, such as 4711") @Nullable
            Object offset,

            @Schema("First record since, such as 2026-11-22T09:00:00Z") @Nullable
            String timestamp,

            @Schema("Back from now, such as PT2H") @Nullable String duration,

            @Schema("Records forward, or back if negative") @Nullable
            Long shiftBy,

            @Schema("By topic:partition, as in undo") @Nullable
            Map<String, Long> offsets,

            @Schema(defaultValue = "false") boolean dryRun,

            @Schema(Confirmation.ARGUMENT_DESCRIPTION) @Nullable
            String planHash) {}

    record Reset(
            String groupId,
            @Nullable String topic,
            @Nullable Integer partition,
            @Nullable String offset,
            @Nullable String timestamp,
            @Nullable String duration,
            @Nullable Long shiftBy) {}

    record Change(
            @Nullable String topic, int partition, @Nullable Long from, long to) {}

    record Undo(
            Map<String, Long> offsets,

            @Schema("To undo by delete_consumer_offsets") @Nullable
            Map<String, String> uncommitted) {}

    record Result(
            boolean success,

            boolean applied,

            Reset reset,

            @Nullable Long previousOffset,

            @Nullable Long newOffset,

            @Schema("At most 50") @Nullable List<Change> changes,

            int partitionCount,

            @Schema("Records never read") long skipped,

            @Schema("Records read again") long replayed,

            @Schema("To be stopped first") @Nullable List<String> activeClients,

            @Schema("Repeat the call with it to apply this plan") @Nullable
            String planHash,

            @Nullable Undo undo,
            @Nullable List<String> warnings) {}

    private final AdminSession kafka;
    private final Arguments args;
    private final Warnings warnings = new Warnings();

    private ResetConsumerOffsetTool(AdminSession kafka, Arguments args) {
        this.kafka = kafka;
        this.args = args;
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("reset_consumer_offset", Arguments.class, Result.class)
                .title("Move a consumer group")
                .description(
                        "Moves a group, which then reads records again (back) or never (forward): on a partition, a"
                                + " topic, or all its topics. Give one of offset, timestamp, duration, shiftBy, offsets. The"
                                + " group must have no running consumers; dryRun only plans.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .resultHandler((args, context) -> new ResetConsumerOffsetTool(handle.session(context), args).reset())
                .build();
    }

    private ToolResult reset() {
        kafka.permissions().requireGroup(args.groupId());
        if (args.topic() != null) {
            kafka.permissions().requireTopic(args.topic());
        } else if (args.partition() != null) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "partition needs a topic.",
                    Map.of("partition", args.partition()));
        }
        ResetPlan plan = new ResetPlanner(kafka, args, ResetTarget.of(args, Instant.now())).plan();
        if (args.dryRun()) {
            return ToolResult.of(result(plan, plan.targets(), true, false));
        }
        plan.group().requireInactive("reset");
        return kafka.confirmation()
                .decide(
                        plan.hash(),
                        args.planHash(),
                        "Move group '" + args.groupId() + "' on "
                                + PartitionList.byTopic(plan.targets().keySet())
                                + "? It would never read " + plan.skipped() + " records and read " + plan.replayed()
                                + " again.",
                        () -> apply(plan),
                        () -> result(plan, plan.targets(), false, false));
    }

    private Result apply(ResetPlan plan) {
        var offsets = new GroupOffsets(kafka, args.groupId(), plan.group().kind());
        offsets.move(plan.targets())
                .forEach((partition, error) ->
                        warnings.add(ResetTarget.key(partition) + " was not moved: " + error.getMessage()));
        // What the broker has accepted, not what it was asked for.
        return result(plan, offsets.current(), true, true);
    }

    private Result result(ResetPlan plan, Map<TopicPartition, Long> now, boolean success, boolean applied) {
        boolean single = args.partition() != null && plan.moves().size() == 1;
        Move first = plan.moves().get(0);
        return new Result(
                success,
                applied,
                new Reset(
                        args.groupId(),
                        args.topic(),
                        args.partition(),
                        args.offset() == null ? null : args.offset().toString(),
                        args.timestamp(),
                        args.duration(),
                        args.shiftBy()),
                single ? first.from() : null,
                single ? now.get(first.partition()) : null,
                single ? null : changes(plan, now),
                plan.moves().size(),
                plan.skipped(),
                plan.replayed(),
                plan.group().active() ? plan.group().clientIds() : null,
                applied ? null : plan.hash(),
                applied ? undo(plan) : null,
                warnings.orNull());
    }

    private List<Change> changes(ResetPlan plan, Map<TopicPartition, Long> now) {
        return plan.moves().stream()
                .limit(MOST_MOVES)
                .map(move -> new Change(
                        args.topic() == null ? move.partition().topic() : null,
                        move.partition().partition(),
                        move.from(),
                        now.getOrDefault(move.partition(), move.to())))
                .toList();
    }

    private static Undo undo(ResetPlan plan) {
        List<TopicPartition> fresh = plan.moves().stream()
                .filter(move -> move.from() == null)
                .map(Move::partition)
                .toList();
        return new Undo(plan.previous(partition -> true), fresh.isEmpty() ? null : PartitionList.byTopic(fresh));
    }
}
