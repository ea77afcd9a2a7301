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
 * Where the logs of partitions start and end: one request per bound, whatever the number of topics. Made by
 * {@link #request}, which does not wait.
 *
 * <p>The Admin retries partitions that do not exist or have no leader until its time is up, without a word. So those
 * that do not come promptly are looked up, and only those that can still come are waited for.
 */
public final class LogBounds {

    /** How long to wait before asking why an answer does not come. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** The bounds that can be asked for. */
    public enum Bound {
        /** The high watermark: the offset that the next visible record gets. */
        END,
        /** The oldest record that is kept. */
        START,
        /** Where readers of committed data have to stop: the first record of the oldest open transaction, or the end. */
        STABLE_END
    }

    /**
     * The bounds of one partition, as far as they were asked for and are known.
     *
     * @param error why the end is not known
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

    /** Asks without waiting. Always asks for the end. */
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

    /** Where partitions start whose ends are known; without those whose start cannot be told. */
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
     * Waits for the bounds of all partitions; one whose end cannot be known carries its error.
     *
     * @throws MCPToolError only when the call was cancelled
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

    /** The other bounds refine an answer that is right without them. */
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

    /** Why partitions that have not answered within {@link #PATIENCE} never will. */
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

    /** Those that have not answered when {@link #PATIENCE} is over, which they share. */
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
