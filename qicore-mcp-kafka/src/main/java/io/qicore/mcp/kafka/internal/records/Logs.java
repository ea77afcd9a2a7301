package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
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

    /** How long to wait for the other leaders when one has answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How long to wait for a broker before another one is asked as well. */
    private static final Duration HEDGE = Duration.ofSeconds(1);

    private static final int HEDGES = 2;
    private static final Duration LOOK = Duration.ofMillis(20);

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
        List<LogOffsets> all = asked(kafka, led, kinds);
        LogOffsets starts = all.get(0);
        LogOffsets highs = all.get(1);
        LogOffsets ends = all.get(2);
        LogOffsets froms = fromMs == null ? null : all.get(3);
        LogOffsets untils = untilMs == null ? null : all.get(all.size() - 1);
        Set<TopicPartition> answered = answered(kafka, led, all);
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

    /**
     * Describes a topic. If a broker does not answer soon, a second request is sent. The Admin sends it to another broker,
     * because it does not use one that has not answered yet.
     */
    static TopicDescription describe(AdminSession kafka, String topic) {
        for (int i = 0; i < HEDGES; i++) {
            var requested = Topics.request(kafka, topic);
            if (kafka.done(requested, HEDGE)) {
                return Topics.await(kafka, requested, topic);
            }
        }
        return Topics.describe(kafka, topic);
    }

    /** Sends requests. Those of which nothing is answered soon are sent again, to other brokers, as far as that is possible. */
    private static List<LogOffsets> asked(
            AdminSession kafka, List<TopicPartition> partitions, List<Supplier<LogOffsets>> kinds) {
        List<LogOffsets> asked =
                new ArrayList<>(kinds.stream().map(Supplier::get).toList());
        long until = System.nanoTime() + HEDGE.toNanos();
        for (int i = 0; i < kinds.size() && !partitions.isEmpty(); i++) {
            LogOffsets request = asked.get(i);
            while (!anyDone(request, partitions) && System.nanoTime() < until) {
                kafka.done(request.future(partitions.get(0)), LOOK);
            }
            if (!anyDone(request, partitions)) {
                asked.set(i, kinds.get(i).get());
            }
        }
        return asked;
    }

    private static boolean anyDone(LogOffsets request, List<TopicPartition> partitions) {
        return partitions.stream().anyMatch(id -> request.future(id).isDone());
    }

    /** Waits for the answers: for the first one as long as the call may take, then for the others a moment. */
    private static Set<TopicPartition> answered(
            AdminSession kafka, List<TopicPartition> partitions, List<LogOffsets> requests) {
        long until = System.nanoTime() + kafka.remaining().toNanos();
        boolean first = false;
        Set<TopicPartition> answered = new HashSet<>();
        for (TopicPartition partition : partitions) {
            boolean done = true;
            for (LogOffsets request : requests) {
                while (!request.future(partition).isDone()) {
                    if (!first
                            && partitions.stream()
                                    .anyMatch(id -> requests.get(0).future(id).isDone())) {
                        first = true;
                        until = Math.min(until, System.nanoTime() + PATIENCE.toNanos());
                    }
                    Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
                    if (left.isZero() || Thread.currentThread().isInterrupted()) {
                        break;
                    }
                    kafka.done(request.future(partition), first || left.compareTo(LOOK) < 0 ? left : LOOK);
                }
                done &= request.future(partition).isDone();
            }
            if (done) {
                answered.add(partition);
            }
        }
        return answered;
    }
}
