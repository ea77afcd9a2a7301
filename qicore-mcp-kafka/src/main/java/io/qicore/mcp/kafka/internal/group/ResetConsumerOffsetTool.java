package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.group.ResetPlan.Move;
import io.qicore.mcp.kafka.internal.read.GroupOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlannedChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code reset_consumer_offset}: the whole of KIP-122, for share groups, too. Plans first, always; members that
 * join between the plan and the write are refused by the broker.
 */
public final class ResetConsumerOffsetTool implements PlannedChange<ResetConsumerOffsetTool.Result, RuntimeException> {

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

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
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

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Nullable Undo undo,
            @Nullable List<String> warnings) {}

    private final AdminSession kafka;
    private final Arguments args;
    private final ResetPlan plan;
    private final Warnings warnings = new Warnings();

    private ResetConsumerOffsetTool(AdminSession kafka, Arguments args) {
        this.kafka = kafka;
        this.args = args;
        this.plan = new ResetPlanner(kafka, args, ResetTarget.of(args, Instant.now())).plan();
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("reset_consumer_offset", Arguments.class, Result.class)
                .title("Move a consumer group")
                .description(
                        "Moves a group, which then reads records again (back) or never (forward): on a partition, a"
                                + " topic, or all its topics. Give one of offset, timestamp, duration, shiftBy, offsets. The"
                                + " group must have no running consumers; dryRun only plans.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .resultHandler((args, context) -> reset(handle.session(context), args, context))
                .build();
    }

    private static ToolResult reset(AdminSession kafka, Arguments args, RequestContext context) {
        kafka.permissions().requireGroup(args.groupId());
        if (args.topic() != null) {
            kafka.permissions().requireTopic(args.topic());
        } else if (args.partition() != null) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "partition needs a topic.",
                    Map.of("partition", args.partition()));
        }
        var change = new ResetConsumerOffsetTool(kafka, args);
        if (!args.dryRun()) {
            // Before anybody is asked about a change that the broker would refuse.
            change.plan.group().requireInactive("reset");
        }
        return kafka.confirmation().run(change, args.dryRun(), args.planHash(), context);
    }

    @Override
    public String hash() {
        return plan.hash();
    }

    /** A reset of one partition acts at once, as the reset of a partition always has; skipping on several does not. */
    @Override
    public boolean isDestructive() {
        return plan.skippingPartitions() > 1;
    }

    @Override
    public String question() {
        return "Move group '" + args.groupId() + "' on "
                + PartitionList.byTopic(plan.targets().keySet()) + "? It would never read " + plan.skipped()
                + " records and read " + plan.replayed() + " again.";
    }

    @Override
    public Result preview(String planHash, String next) {
        return result(plan.targets(), false, planHash, next);
    }

    @Override
    public Result apply() {
        var offsets = new GroupOffsets(kafka, args.groupId(), plan.group().kind());
        offsets.move(plan.targets())
                .forEach((partition, error) ->
                        warnings.add(ResetTarget.key(partition) + " was not moved: " + error.getMessage()));
        // What the broker has accepted, not what it was asked for.
        return result(offsets.current(), true, null, null);
    }

    private Result result(
            Map<TopicPartition, Long> now, boolean applied, @Nullable String planHash, @Nullable String next) {
        boolean single = args.partition() != null && plan.moves().size() == 1;
        Move first = plan.moves().get(0);
        return new Result(
                applied,
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
                single ? null : changes(now),
                plan.moves().size(),
                plan.skipped(),
                plan.replayed(),
                plan.group().active() ? plan.group().clientIds() : null,
                planHash,
                next,
                applied ? undo() : null,
                warnings.orNull());
    }

    private List<Change> changes(Map<TopicPartition, Long> now) {
        return plan.moves().stream()
                .limit(MOST_MOVES)
                .map(move -> new Change(
                        args.topic() == null ? move.partition().topic() : null,
                        move.partition().partition(),
                        move.from(),
                        now.getOrDefault(move.partition(), move.to())))
                .toList();
    }

    private Undo undo() {
        List<TopicPartition> fresh = plan.moves().stream()
                .filter(move -> move.from() == null)
                .map(Move::partition)
                .toList();
        return new Undo(plan.previous(partition -> true), fresh.isEmpty() ? null : PartitionList.byTopic(fresh));
    }
}
