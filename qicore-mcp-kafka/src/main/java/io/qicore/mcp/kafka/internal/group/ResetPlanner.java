package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.group.ResetPlan.Move;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupOffsets;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.LogBounds;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bound;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
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
     * @throws MCPToolError if the group, a topic or a partition does not exist, or an offset is outside the log
     */
    ResetPlan plan() {
        var requestedGroups = Groups.request(kafka);
        Map<String, TopicDescription> topics = namedTopics();
        GroupDetails group = GroupDetails.describe(kafka, Groups.await(kafka, requestedGroups), args.groupId());
        Map<TopicPartition, Long> current = new GroupOffsets(kafka, args.groupId(), group.kind()).current();
        if (topics.isEmpty()) {
            var consumed = new TreeSet<String>();
            current.keySet().forEach(partition -> consumed.add(partition.topic()));
            Topics.describeAllWithAccess(kafka, consumed).forEach(topic -> topics.put(topic.name(), topic));
        }
        List<TopicPartition> partitions = partitions(topics);
        var operation = new GroupOffsets(kafka, args.groupId(), group.kind()).toMove(partitions);
        topics.values().forEach(topic -> Topics.requireAccess(kafka, topic, AclOperation.READ, operation));
        Map<TopicPartition, Bounds> logs =
                LogBounds.request(kafka, partitions, EnumSet.of(Bound.START)).await();
        Map<TopicPartition, Long> byTime =
                target instanceof ResetTarget.Time time ? byTime(time, partitions) : Map.of();
        List<Move> moves = new ArrayList<>(partitions.size());
        for (TopicPartition partition : partitions) {
            Bounds log = Objects.requireNonNull(logs.get(partition));
            if (log.error() != null) {
                throw log.error();
            }
            long end = Objects.requireNonNull(log.end());
            long start = Objects.requireNonNullElse(log.start(), 0L);
            Long from = current.get(partition);
            long to = targetOffset(partition, from, start, end, byTime);
            String topicId = Objects.requireNonNull(topics.get(partition.topic()))
                    .topicId()
                    .toString();
            moves.add(new Move(partition, topicId, from, to, to == end));
        }
        return new ResetPlan(group, moves);
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

    private List<TopicPartition> partitions(Map<String, TopicDescription> topics) {
        Collection<TopicPartition> wanted = new ArrayList<>();
        if (target instanceof ResetTarget.Offsets exact) {
            wanted.addAll(exact.offsets().keySet());
        } else if (args.topic() != null && args.partition() != null) {
            wanted.add(new TopicPartition(args.topic(), args.partition()));
        } else {
            topics.values().forEach(topic -> topic.partitions()
                    .forEach(info -> wanted.add(new TopicPartition(topic.name(), info.partition()))));
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
            if (from == null) {
                throw new MCPToolError(
                        KafkaErrorCode.INVALID_OFFSET,
                        "Group '" + args.groupId() + "' has no committed offset on " + ResetTarget.key(partition)
                                + ", so shiftBy has no start. Leave out that partition, or use offset.",
                        Map.of("topic", partition.topic(), "partition", partition.partition()));
            }
            // Compared before the addition, because from + records can overflow.
            return shift.records() > end - from ? end : Math.max(start, from + shift.records());
        }
        if (target instanceof ResetTarget.Offsets exact) {
            long offset = Objects.requireNonNull(exact.offsets().get(partition));
            return requireWithinLog(partition, String.valueOf(offset), start, end);
        }
        String name = ((ResetTarget.OffsetName) target).offset();
        return switch (name) {
            case "earliest" -> start;
            case "latest" -> end;
            case "current" -> from == null ? end : Math.min(end, Math.max(start, from));
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
                        + partition.topic() + "' accepts 'earliest', 'latest' or " + start + " to " + end + ".",
                Map.of(
                        "topic", partition.topic(),
                        "partition", partition.partition(),
                        "offset", text,
                        "earliest", start,
                        "latest", end),
                cause);
    }
}
