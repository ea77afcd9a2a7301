package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The start and end offsets of partitions, read with one request for each bound, whatever the number of topics.
 * {@link #request} sends the requests and does not wait.
 *
 * <p>The Admin retries partitions that do not exist or do not have a leader until its time limit, without reporting it. So
 * the topics of partitions that are not answered promptly are described, and only partitions that have a leader are waited
 * for.
 */
public final class LogBounds {

    /** How long to wait for an answer before the topic is described. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** The bounds that can be requested. */
    public enum Bound {
        /** The end offset: the high watermark. */
        END,
        /** The start offset: the offset of the oldest record that is kept. */
        START,
        /** The last stable offset: the first offset of the oldest open transaction, or the end offset. */
        STABLE_END
    }

    /**
     * The bounds of one partition. Each is null if it was not requested or is not known.
     *
     * @param end the end offset
     * @param start the start offset
     * @param stableEnd the last stable offset
     * @param error why the end offset is not known; null if it is known
     */
    public record Bounds(
            @Nullable Long end,
            @Nullable Long start,
            @Nullable Long stableEnd,
            @Nullable MCPToolError error) {}

    private final AdminSession kafka;
    private final Collection<TopicPartition> partitions;
    private final Map<Bound, LogOffsets> requested = new EnumMap<>(Bound.class);

    private LogBounds(AdminSession kafka, Collection<TopicPartition> partitions) {
        this.kafka = kafka;
        this.partitions = partitions;
    }

    /** Requests the end offsets and the other given bounds. Does not wait. */
    public static LogBounds request(AdminSession kafka, Collection<TopicPartition> partitions, Set<Bound> others) {
        var bounds = new LogBounds(kafka, partitions);
        if (!partitions.isEmpty()) {
            bounds.ask(Bound.END, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
            if (others.contains(Bound.START)) {
                bounds.ask(Bound.START, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
            }
            if (others.contains(Bound.STABLE_END)) {
                bounds.ask(Bound.STABLE_END, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
            }
        }
        return bounds;
    }

    /** Reads the start offsets of partitions that have a leader. Partitions that cannot be read are left out. */
    public static Map<TopicPartition, Bounds> starts(AdminSession kafka, Collection<TopicPartition> partitions) {
        var bounds = new LogBounds(kafka, partitions);
        bounds.ask(Bound.START, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Bounds> starts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Long start = bounds.otherwiseNull(Bound.START, partition);
            if (start != null) {
                starts.put(partition, new Bounds(null, start, null, null));
            }
        }
        return starts;
    }

    /**
     * Waits for the bounds of all partitions. A partition whose end offset cannot be read has an error.
     *
     * @throws MCPToolError only if the call was cancelled
     */
    public Map<TopicPartition, Bounds> await() {
        Map<TopicPartition, MCPToolError> gone = partitions.isEmpty() ? Map.of() : gone();
        Map<TopicPartition, Bounds> bounds = new HashMap<>(partitions.size() * 2);
        for (TopicPartition partition : partitions) {
            bounds.put(partition, await(partition, gone.get(partition)));
        }
        return bounds;
    }

    private void ask(Bound bound, OffsetSpec spec, IsolationLevel isolation) {
        requested.put(bound, LogOffsets.request(kafka, partitions, spec, isolation));
    }

    private Bounds await(TopicPartition partition, @Nullable MCPToolError gone) {
        if (gone != null) {
            return new Bounds(null, null, null, gone);
        }
        try {
            long end = Objects.requireNonNull(offset(Bound.END, partition));
            return new Bounds(
                    end, otherwiseNull(Bound.START, partition), otherwiseNull(Bound.STABLE_END, partition), null);
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            return new Bounds(null, null, null, e);
        }
    }

    /** Returns a bound, or null if it cannot be read. The answer is right without it, only less precise. */
    private @Nullable Long otherwiseNull(Bound bound, TopicPartition partition) {
        try {
            return offset(bound, partition);
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            return null;
        }
    }

    private @Nullable Long offset(Bound bound, TopicPartition partition) {
        LogOffsets offsets = requested.get(bound);
        return offsets == null ? null : offsets.offset(partition);
    }

    /** Returns the errors of partitions that do not exist or cannot be read. Only late partitions are checked. */
    private Map<TopicPartition, MCPToolError> gone() {
        Set<TopicPartition> late = late(Objects.requireNonNull(requested.get(Bound.END)));
        if (late.isEmpty()) {
            return Map.of();
        }
        Set<String> topics = late.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        var described = kafka.admin()
                .describeTopics(topics, kafka.bounded(new DescribeTopicsOptions()))
                .topicNameValues();
        Map<TopicPartition, MCPToolError> gone = new HashMap<>();
        for (TopicPartition partition : late) {
            var topic = Objects.requireNonNull(described.get(partition.topic()));
            try {
                MCPToolError error = missing(partition, kafka.await(topic, Topics.describing(partition.topic())));
                if (error != null) {
                    gone.put(partition, error);
                }
            } catch (MCPToolError e) {
                if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                gone.put(partition, e);
            }
        }
        return gone;
    }

    /** Returns the partitions that have not been answered after {@link #PATIENCE}, which is the limit for all together. */
    private Set<TopicPartition> late(LogOffsets ends) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        Set<TopicPartition> late = new HashSet<>();
        for (TopicPartition partition : partitions) {
            var future = ends.future(partition);
            if (!future.isDone() && !kafka.done(future, Duration.ofNanos(Math.max(0, until - System.nanoTime())))) {
                late.add(partition);
            }
        }
        return late;
    }

    private static @Nullable MCPToolError missing(TopicPartition partition, TopicDescription topic) {
        for (var info : topic.partitions()) {
            if (info.partition() == partition.partition()) {
                return Topics.leader(info) != null ? null : LogOffsets.withoutLeader(partition);
            }
        }
        return new MCPToolError(
                KafkaErrorCode.TOPIC_NOT_FOUND, name(partition) + " no longer exists.", context(partition));
    }

    private static String name(TopicPartition partition) {
        return "Partition " + partition.partition() + " of topic '" + partition.topic() + "'";
    }

    private static Map<String, Object> context(TopicPartition partition) {
        return Map.of("topic", partition.topic(), "partition", partition.partition());
    }
}
