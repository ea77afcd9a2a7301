package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.kafka.internal.read.PromptReads;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The logs of the partitions that a call reads, as their leaders describe them when it starts. Immutable. */
final class Logs {

    /**
     * The log of one partition.
     *
     * @param start the offset of the oldest record that is kept
     * @param end the offset after the last record that may be read: the last stable offset if only committed records are read
     * @param high the end offset: the high watermark
     * @param from the offset of the first record at or after the start time; null if no such time is given
     * @param until the offset of the first record at or after the end time; null if there is none or no such time is given
     */
    record Log(
            int partition,
            long start,
            long end,
            long high,
            @Nullable Long from,
            @Nullable Long until) {

        /** Returns the offset at which reading ends: the end, or that of the end time. */
        long last() {
            return until == null ? end : Math.min(until, end);
        }
    }

    private final Map<Integer, Log> byPartition;
    private final List<Node> brokers;
    private final Set<Integer> unread;

    private Logs(Map<Integer, Log> byPartition, List<Node> brokers, Set<Integer> unread) {
        this.byPartition = byPartition;
        this.brokers = brokers;
        this.unread = unread;
    }

    /** Returns the logs that can be read, sorted by partition. */
    Map<Integer, Log> byPartition() {
        return byPartition;
    }

    /** Returns the leaders that have answered. */
    List<Node> brokers() {
        return brokers;
    }

    /** Returns the partitions that cannot be read, because they have no leader or it does not answer. */
    Set<Integer> unread() {
        return unread;
    }

    /**
     * Asks the leaders. Partitions that cannot be read are left out, with a warning.
     *
     * @param fromMs the start time in milliseconds since 1970, or null
     * @param untilMs the end time in milliseconds since 1970, or null
     * @throws MCPToolError if no partition can be read
     */
    static Logs read(
            AdminSession kafka,
            TopicDescription topic,
            Collection<Integer> partitions,
            IsolationLevel isolation,
            @Nullable Long fromMs,
            @Nullable Long untilMs,
            Warnings warnings) {
        List<TopicPartitionInfo> wanted = topic.partitions().stream()
                .filter(info -> partitions.contains(info.partition()))
                .toList();
        List<TopicPartition> led = Topics.led(topic.name(), wanted);
        List<Supplier<LogOffsets>> kinds = new ArrayList<>();
        kinds.add(() -> LogOffsets.request(kafka, led, OffsetSpec.earliest()));
        kinds.add(() -> LogOffsets.request(kafka, led, OffsetSpec.latest()));
        kinds.add(() -> LogOffsets.request(kafka, led, OffsetSpec.latest(), isolation));
        for (Long time : Arrays.asList(fromMs, untilMs)) {
            if (time != null) {
                kinds.add(() -> LogOffsets.request(kafka, led, OffsetSpec.forTimestamp(time)));
            }
        }
        List<LogOffsets> all = PromptReads.request(kafka, led, kinds);
        LogOffsets starts = all.get(0);
        LogOffsets highs = all.get(1);
        LogOffsets ends = all.get(2);
        LogOffsets froms = fromMs == null ? null : all.get(3);
        LogOffsets untils = untilMs == null ? null : all.get(all.size() - 1);
        Set<TopicPartition> answered = PromptReads.answered(kafka, led, all);
        Map<Integer, Log> logs = new TreeMap<>();
        List<Integer> hidden = new ArrayList<>();
        MCPToolError failure = null;
        for (TopicPartition id : led) {
            if (!answered.contains(id)) {
                continue;
            }
            try {
                long end = ends.await(id).orThrow();
                long high = highs.await(id).orThrow();
                long start = starts.await(id).orThrow();
                logs.put(id.partition(), new Log(id.partition(), start, end, high, at(froms, id), at(untils, id)));
                if (high > end) {
                    hidden.add(id.partition());
                }
            } catch (MCPToolError e) {
                failure = e;
                if (e.is(StandardErrorCode.DEADLINE_EXCEEDED) || e.is(StandardErrorCode.NOT_AUTHORIZED)) {
                    throw e;
                }
            }
        }
        Set<Integer> unread = wanted.stream()
                .map(TopicPartitionInfo::partition)
                .filter(partition -> !logs.containsKey(partition))
                .collect(Collectors.toCollection(TreeSet::new));
        if (logs.isEmpty()) {
            throw failure != null ? failure : silent(kafka, topic, led, wanted);
        }
        if (!unread.isEmpty()) {
            warnings.add("Not read, because they have no leader or it does not answer: partitions "
                    + PartitionList.of(unread) + ".");
        }
        if (!hidden.isEmpty()) {
            warnings.add("Open transactions hide the last records of partitions " + PartitionList.of(hidden)
                    + ". To see them anyway use uncommitted; find_open_transactions tells who holds them.");
        }
        List<Node> brokers = wanted.stream()
                .filter(info -> logs.containsKey(info.partition()))
                .map(Topics::leader)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return new Logs(logs, brokers, unread);
    }

    private static @Nullable Long at(@Nullable LogOffsets times, TopicPartition id) {
        if (times == null) {
            return null;
        }
        long offset = times.await(id).orThrow();
        return offset < 0 ? null : offset;
    }

    private static MCPToolError silent(
            AdminSession kafka, TopicDescription topic, List<TopicPartition> led, List<TopicPartitionInfo> wanted) {
        if (led.isEmpty()) {
            return LogOffsets.withoutLeader(
                    new TopicPartition(topic.name(), wanted.get(0).partition()));
        }
        var operation = KafkaOperation.toRead(
                "read the offsets of topic '" + topic.name() + "'",
                Map.of("topic", topic.name()),
                Access.toTopic(AclOperation.DESCRIBE, topic.name()));
        return KafkaErrors.of(new TimeoutException("No leader answered"), operation, kafka.cluster());
    }
}
