package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.group.ResetPlan.Move;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupOffsets;
import io.qicore.mcp.kafka.internal.read.GroupOffsets.Position;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.LogBounds;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bound;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Plans a reset without changing anything. Brokers accept offsets on partitions that do not exist, and offsets outside
 * the log, where consumers would fall back to their own {@code auto.offset.reset}. Therefore the planner checks both.
 * For use by one call.
 */
final class ResetPlanner {

    private final AdminSession kafka;
    private final ResetConsumerOffsetTool.Arguments args;
    private final ResetTarget target;

    ResetPlanner(AdminSession kafka, ResetConsumerOffsetTool.Arguments args, ResetTarget target) {
        this.kafka = kafka;
        this.args = args;
        this.target = target;
    }

    /**
     * Returns the plan.
     *
     * @throws MCPToolError if the group does not exist and is not to be created, a topic or a partition does not exist, or
     *     an offset is outside the log
     */
    ResetPlan plan() {
        var requestedGroups = Groups.request(kafka);
        Map<String, TopicDescription> topics = namedTopics();
        Groups groups = Groups.await(kafka, requestedGroups);
        GroupDetails existing = existing(groups);
        GroupDetails group = existing == null ? GroupDetails.ofNew(args.groupId()) : existing;
        var offsets = new GroupOffsets(kafka, args.groupId(), group.kind());
        Map<TopicPartition, Position> current = existing == null ? Map.of() : offsets.positions();
        if (topics.isEmpty()) {
            var consumed = new TreeSet<String>();
            current.keySet().forEach(partition -> consumed.add(partition.topic()));
            Topics.describeAllWithAccess(kafka, consumed).forEach(topic -> topics.put(topic.name(), topic));
        }
        List<TopicPartition> named = partitions(topics, current.keySet());
        List<TopicPartition> partitions = withStart(named, current.keySet());
        var operation = offsets.toMove(partitions);
        topics.values().forEach(topic -> Topics.requireAccess(kafka, topic, AclOperation.READ, operation));
        Map<TopicPartition, Bounds> logs =
                LogBounds.request(kafka, partitions, EnumSet.of(Bound.START)).await();
        requireReadable(partitions, logs);
        Map<TopicPartition, Long> byTime =
                target instanceof ResetTarget.Time time ? byTime(time, partitions) : Map.of();
        List<Move> moves = new ArrayList<>(partitions.size());
        for (TopicPartition partition : partitions) {
            Bounds log = Objects.requireNonNull(logs.get(partition));
            long end = Objects.requireNonNull(log.end());
            long start = Objects.requireNonNullElse(log.start(), 0L);
            Position at = current.get(partition);
            Long from = at == null ? null : at.offset();
            long to = targetOffset(partition, from, start, end, byTime);
            long read = at == null ? start : Math.max(start, at.read(end));
            String topicId = Objects.requireNonNull(topics.get(partition.topic()))
                    .topicId()
                    .toString();
            moves.add(new Move(partition, topicId, from, read, to, to == end));
        }
        return new ResetPlan(group, existing == null, moves, leftOut(named, partitions));
    }

    /** Before the offsets at a time are requested: the client waits for a partition without a leader until its time limit. */
    private static void requireReadable(List<TopicPartition> partitions, Map<TopicPartition, Bounds> logs) {
        for (TopicPartition partition : partitions) {
            MCPToolError error = Objects.requireNonNull(logs.get(partition)).error();
            if (error != null) {
                throw error;
            }
        }
    }

    /** Returns the group; null if it does not exist and the reset creates it. */
    private @Nullable GroupDetails existing(Groups groups) {
        try {
            return GroupDetails.describe(kafka, groups, args.groupId());
        } catch (MCPToolError e) {
            if (!e.is(KafkaErrorCode.GROUP_NOT_FOUND)) {
                throw e;
            }
            if (!args.createGroup()) {
                throw new MCPToolError(
                        KafkaErrorCode.GROUP_NOT_FOUND,
                        e.getMessage() + " To give a new group its first offsets, call again with createGroup: true.",
                        e.context(),
                        e);
            }
        }
        if (args.topic() == null && !(target instanceof ResetTarget.Offsets)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Group '" + args.groupId() + "' does not exist, so it has no topics yet. Give a topic, or offsets.",
                    Map.of("groupId", args.groupId()));
        }
        return null;
    }

    /** Returns whether the target is relative to the committed offset, so that a partition without one has no target. */
    private boolean relative() {
        return target instanceof ResetTarget.Shift
                || target instanceof ResetTarget.OffsetName name
                        && name.offset().equals("current");
    }

    /** Returns the partitions that have a target. */
    private List<TopicPartition> withStart(List<TopicPartition> named, Set<TopicPartition> committed) {
        if (!relative()) {
            return named;
        }
        List<TopicPartition> some = named.stream().filter(committed::contains).toList();
        if (some.isEmpty()) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_OFFSET,
                    "Group '" + args.groupId() + "' has no committed offset on " + PartitionList.byTopic(named)
                            + ", so shiftBy and current have no start there. Use earliest, latest, a number or a"
                            + " timestamp.",
                    Map.of("groupId", args.groupId()));
        }
        return some;
    }

    private @Nullable String leftOut(List<TopicPartition> named, List<TopicPartition> moved) {
        if (named.size() == moved.size()) {
            return null;
        }
        var without =
                named.stream().filter(partition -> !moved.contains(partition)).toList();
        return "Left as they are, because the group has no committed offset there: " + PartitionList.byTopic(without)
                + ". To set them, use earliest, latest, a number or a timestamp.";
    }

    /** Returns the topics that the arguments name; empty if they name none, which means all topics with offsets. */
    private Map<String, TopicDescription> namedTopics() {
        var names = new TreeSet<String>();
        if (target instanceof ResetTarget.Offsets exact) {
            exact.offsets().keySet().forEach(partition -> names.add(partition.topic()));
        }
        if (args.topic() != null) {
            names.add(args.topic());
        }
        Map<String, TopicDescription> topics = new TreeMap<>();
        names.forEach(name -> topics.put(name, Topics.describe(kafka, name)));
        return topics;
    }

    private List<TopicPartition> partitions(Map<String, TopicDescription> topics, Set<TopicPartition> committed) {
        Collection<TopicPartition> wanted = new ArrayList<>();
        if (target instanceof ResetTarget.Offsets exact) {
            wanted.addAll(exact.offsets().keySet());
        } else if (args.topic() != null && args.partition() != null) {
            wanted.add(new TopicPartition(args.topic(), args.partition()));
        } else {
            // Without a topic, only what the group has read is moved, as kafka-consumer-groups --all-topics does.
            topics.values().forEach(topic -> topic.partitions().stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition()))
                    .filter(partition -> args.topic() != null || committed.contains(partition))
                    .forEach(wanted::add));
        }
        for (TopicPartition partition : wanted) {
            requireExists(partition, Objects.requireNonNull(topics.get(partition.topic())));
        }
        if (wanted.isEmpty()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Group '" + args.groupId() + "' has no committed offsets on existing topics, so there is nothing to"
                            + " reset. Give a topic.",
                    Map.of("groupId", args.groupId()));
        }
        return wanted.stream().sorted(CommittedOffsets.PARTITION_ORDER).toList();
    }

    private static void requireExists(TopicPartition partition, TopicDescription topic) {
        int count = topic.partitions().size();
        if (topic.partitions().stream().noneMatch(info -> info.partition() == partition.partition())) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_PARTITIONS,
                    "Topic '" + topic.name() + "' has no partition " + partition.partition() + ": its " + count
                            + (count == 1 ? " partition is 0." : " partitions are 0 to " + (count - 1) + "."),
                    Map.of("topic", topic.name(), "partition", partition.partition(), "partitions", count));
        }
    }

    private Map<TopicPartition, Long> byTime(ResetTarget.Time time, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, time.time().toEpochMilli()));
        var requested = LogOffsets.atTimes(kafka, times);
        Map<TopicPartition, Long> found = new HashMap<>();
        int unread = 0;
        for (TopicPartition partition : partitions) {
            Long offset = requested.await(partition).offset();
            if (offset == null) {
                unread++;
            } else if (offset >= 0) {
                found.put(partition, offset);
            }
        }
        if (unread > 0) {
            throw new MCPToolError(
                    KafkaErrorCode.BROKER_UNAVAILABLE,
                    "The offsets at " + time.time() + " could not be read on " + unread
                            + " partitions. Nothing was changed. Try again.",
                    Map.of("groupId", args.groupId()));
        }
        return found;
    }

    private long targetOffset(
            TopicPartition partition, @Nullable Long from, long start, long end, Map<TopicPartition, Long> byTime) {
        if (target instanceof ResetTarget.Time) {
            return byTime.getOrDefault(partition, end);
        }
        if (target instanceof ResetTarget.Shift shift) {
            long committed = Objects.requireNonNull(from);
            // Compared before the addition, because the sum can overflow.
            return shift.offsets() > end - committed ? end : Math.max(start, committed + shift.offsets());
        }
        if (target instanceof ResetTarget.Offsets exact) {
            long offset = Objects.requireNonNull(exact.offsets().get(partition));
            return requireWithinLog(partition, String.valueOf(offset), start, end);
        }
        String name = ((ResetTarget.OffsetName) target).offset();
        return switch (name) {
            case "earliest" -> start;
            case "latest" -> end;
            case "current" -> Math.min(end, Math.max(start, Objects.requireNonNull(from)));
            default -> requireWithinLog(partition, name, start, end);
        };
    }

    private static long requireWithinLog(TopicPartition partition, String text, long start, long end) {
        NumberFormatException cause = null;
        try {
            long offset = Long.parseLong(text);
            if (start <= offset && offset <= end) {
                return offset;
            }
        } catch (NumberFormatException e) {
            cause = e;
        }
        throw new MCPToolError(
                KafkaErrorCode.INVALID_OFFSET,
                "Offset '" + text + "' is not valid: partition " + partition.partition() + " of topic '"
                        + partition.topic() + "' accepts 'earliest', 'latest', 'current' or " + start + " to " + end
                        + ".",
                Map.of(
                        "topic", partition.topic(),
                        "partition", partition.partition(),
                        "offset", text,
                        "earliest", start,
                        "latest", end),
                cause);
    }
}
