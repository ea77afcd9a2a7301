package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.group.ResetPlan.Move;
import io.qicore.mcp.kafka.internal.read.GroupOffsets;
import io.qicore.mcp.kafka.internal.read.MemberlessGroups;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code reset_consumer_offset}: all kinds of reset of KIP-122, also for share groups. It always makes a plan
 * first. If a consumer joins the group between the plan and the write, the broker refuses the write.
 */
public final class ResetConsumerOffsetTool implements PlannedChange<ResetConsumerOffsetTool.Result, RuntimeException> {

    private static final int MAX_CHANGES = 50;

    private static final String CHANGE_MADE = "Whether the change was made";

    record Arguments(
            @Schema(value = "Group to move", minLength = 1) String groupId,

            @Schema("Default: wherever the group has offsets") @Nullable
            String topic,

            @Schema(value = "Partition of topic. Default: all", minimum = 0) @Nullable
            Integer partition,

            // A text or a number: models send either.
            @Schema("earliest, latest, current (the committed offset, limited to the log) or a number, such as 4711")
            @Nullable
            Object offset,

            @Schema("To the first record at or after this time, such as 2026-11-22T09:00:00Z") @Nullable
            String timestamp,

            @Schema("Like timestamp, as a duration before now, such as PT2H") @Nullable
            String duration,

            @Schema("By this number of offsets, backward if negative") @Nullable
            Long shiftBy,

            @Schema("Offset of each topic:partition, such as {\"orders:0\": 42}; takes undo.offsets") @Nullable
            Map<String, Long> offsets,

            @Schema(value = "Create the group if it does not exist", defaultValue = "false")
            boolean createGroup,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Reset(
            @Schema("Group id from the arguments") String groupId,

            @Schema("Topic from the arguments") @Nullable String topic,

            @Schema("Partition from the arguments") @Nullable
            Integer partition,

            @Schema("Offset from the arguments") @Nullable String offset,

            @Schema("Timestamp from the arguments") @Nullable
            String timestamp,

            @Schema("Duration from the arguments") @Nullable String duration,

            @Schema("shiftBy from the arguments") @Nullable Long shiftBy) {}

    record Change(
            @Schema("Topic; left out if the arguments name one") @Nullable
            String topic,

            @Schema("Partition number") int partition,

            @Schema("Committed offset before the reset; left out if there was none") @Nullable
            Long from,

            @Schema("Committed offset after the reset, or as planned if the reset was not made")
            long to) {}

    record Undo(
            @Schema("Committed offsets before the reset, by topic:partition. Pass them as offsets to"
                    + " reset_consumer_offset")
            Map<String, Long> offsets,

            @Schema("Partitions by topic, such as 0-3,7, that had no offset before the reset. Undo these with"
                    + " delete_consumer_offsets")
            @Nullable
            Map<String, String> uncommitted) {}

    record Result(
            @Schema(CHANGE_MADE) boolean success,

            @Schema(CHANGE_MADE) boolean applied,

            @Schema("true if the group did not exist before; left out otherwise") @Nullable
            Boolean created,

            @Schema("What was asked for") Reset reset,

            @Schema("Committed offset before the reset, if the arguments name one partition; left out if there was"
                    + " none")
            @Nullable
            Long previousOffset,

            @Schema(
                    "Committed offset after the reset, or as planned if the reset was not made; only if the arguments name"
                            + " one partition")
            @Nullable
            Long newOffset,

            @Schema("Change of each partition, at most 50; left out if the arguments name one partition") @Nullable
            List<Change> changes,

            @Schema("Number of partitions in the plan, including those not listed in changes")
            int partitionCount,

            @Schema("Number of offsets in the log that the group will never read; on partitions where it had no offset,"
                    + " those before the new offset. As many records, except for gaps of compaction and transactions")
            long skipped,

            @Schema("Number of offsets in the log that the group will read again. For a share group at most, because it"
                    + " may have finished records out of order")
            long replayed,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Schema("How to undo the reset; left out if it was not made") @Nullable
            Undo undo,

            @Schema("Partitions that were not moved, with the reason, and what may overwrite the new offsets") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final Arguments args;
    private final ResetPlan plan;
    private final Warnings warnings = new Warnings();

    private ResetConsumerOffsetTool(AdminSession kafka, Arguments args) {
        this.kafka = kafka;
        this.args = args;
        this.plan = new ResetPlanner(kafka, args, ResetTarget.of(args, Instant.now())).plan();
        // Checked also for a preview, which fails where the change would.
        plan.group().requireInactive("reset");
        Set<TopicPartition> moved = plan.targets().keySet();
        if (plan.created()) {
            offsets().requireCreatable(moved);
        } else {
            plan.group().requireAccess(kafka, AclOperation.READ, offsets().toMove(moved));
        }
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("reset_consumer_offset", Arguments.class, Result.class)
                .title("Reset a consumer group's offsets")
                .description("Moves the committed offsets of a group on a partition, a topic or all its topics. Moved"
                        + " backward, it reads records again; moved forward, it skips them. Give exactly one"
                        + " of offset, timestamp, duration, shiftBy and offsets. Stop the consumers first."
                        + " Example, 2 hours back: {\"groupId\": \"billing\", \"topic\": \"orders\","
                        + " \"duration\": \"PT2H\", \"dryRun\": true}")
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
                    "partition needs the argument topic.",
                    Map.of("partition", args.partition()));
        }
        return args.dryRun()
                ? run(kafka, args, context)
                : GroupLock.holding(kafka, args.groupId(), () -> run(kafka, args, context));
    }

    private static ToolResult run(AdminSession kafka, Arguments args, RequestContext context) {
        return kafka.confirmation()
                .run(new ResetConsumerOffsetTool(kafka, args), args.dryRun(), args.planHash(), context);
    }

    @Override
    public String hash() {
        return plan.hash();
    }

    /** Only a reset that skips records on several partitions is destructive and may need a confirmation. */
    @Override
    public boolean isDestructive() {
        return !plan.created() && plan.skippingPartitions() > 1;
    }

    @Override
    public String question() {
        return (plan.created() ? "Create group '" : "Move group '") + args.groupId() + "' on "
                + PartitionList.byTopic(plan.targets().keySet()) + "? It would skip " + plan.skipped()
                + " offsets and read " + plan.replayed() + " again.";
    }

    @Override
    public Result preview(String planHash, String next) {
        warnAboutMemberless(true);
        return result(plan.targets(), false, planHash, next);
    }

    @Override
    public Result apply() {
        Map<TopicPartition, MCPToolError> failures = offsets().move(plan.targets());
        failures.forEach((partition, error) ->
                warnings.add(ResetTarget.key(partition) + " was not moved: " + error.getMessage()));
        warnAboutMemberless(false);
        // Read back, to report what the broker has stored.
        Map<TopicPartition, Long> now = offsets().current();
        requireKept(now, failures.keySet());
        return result(now, true, null, null);
    }

    private GroupOffsets offsets() {
        return new GroupOffsets(kafka, args.groupId(), plan.group().kind());
    }

    /** Another replica, another tool or a consumer that is not a member of the group can commit at the same time. */
    private void requireKept(Map<TopicPartition, Long> now, Set<TopicPartition> failed) {
        Map<String, Object> differing = new TreeMap<>();
        List<String> texts = new ArrayList<>();
        plan.targets().forEach((partition, target) -> {
            Long offset = now.get(partition);
            if (!failed.contains(partition) && !target.equals(offset)) {
                String stands = offset == null ? "none" : offset.toString();
                differing.put(ResetTarget.key(partition), stands);
                texts.add(ResetTarget.key(partition) + " is " + stands + " instead of " + target);
            }
        });
        if (differing.isEmpty()) {
            return;
        }
        throw new MCPToolError(
                KafkaErrorCode.CONCURRENT_CHANGE,
                "The offsets of group '" + args.groupId()
                        + "' were set, but something else changed them at the same time: "
                        + String.join(", ", texts.subList(0, Math.min(MAX_CHANGES, texts.size())))
                        + ". Find the other reset, or the consumer that commits without being a member, before you call"
                        + " again.",
                Map.of("groupId", args.groupId(), "offsets", differing));
    }

    private void warnAboutMemberless(boolean watch) {
        warnings.add(plan.leftOut());
        Map<TopicPartition, Long> before = new HashMap<>();
        plan.moves().stream()
                .filter(move -> move.from() != null)
                .forEach(move -> before.put(move.partition(), move.from()));
        warnings.add(MemberlessGroups.warning(kafka, plan.group(), before, watch));
    }

    private Result result(
            Map<TopicPartition, Long> now, boolean applied, @Nullable String planHash, @Nullable String next) {
        boolean single = args.partition() != null && plan.moves().size() == 1;
        Move first = plan.moves().get(0);
        return new Result(
                applied,
                applied,
                plan.created() ? true : null,
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
                planHash,
                next,
                applied ? undo() : null,
                warnings.orNull());
    }

    private List<Change> changes(Map<TopicPartition, Long> now) {
        return plan.moves().stream()
                .limit(MAX_CHANGES)
                .map(move -> new Change(
                        args.topic() == null ? move.partition().topic() : null,
                        move.partition().partition(),
                        move.from(),
                        now.getOrDefault(move.partition(), move.to())))
                .toList();
    }

    private Undo undo() {
        List<TopicPartition> uncommitted = plan.moves().stream()
                .filter(move -> move.from() == null)
                .map(Move::partition)
                .toList();
        return new Undo(
                plan.previous(partition -> true), uncommitted.isEmpty() ? null : PartitionList.byTopic(uncommitted));
    }
}
