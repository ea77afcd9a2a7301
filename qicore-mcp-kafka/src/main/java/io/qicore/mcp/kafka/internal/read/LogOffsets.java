package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Offsets in the logs of partitions, read with one request whatever the number of partitions. Made by {@link #request},
 * which does not wait, so that several can be on their way at once.
 *
 * <p>Unless an isolation level says otherwise, offsets are read uncommitted, so the end is the high watermark: a hanging
 * transaction does not hide records.
 *
 * <p>Ask only for partitions that have a leader, see {@link Topics#led}: the Admin would retry the others until its time
 * is up, and nothing else would be answered until then. One that was not asked for is answered with the error that it has
 * no leader. Where leaders are not known, use {@link LogBounds}.
 */
public final class LogOffsets {

    private static final KafkaOperation READ = KafkaOperation.toRead("read the offsets of partitions", Map.of());

    /**
     * The offset of one partition, or why it is not known.
     *
     * @param offset null if unknown; -1 for a time after which there is no record
     * @param timestamp of the record at the offset, where the question was for a record; null if unknown or there is none
     * @param error null if known
     */
    public record Offset(
            @Nullable Long offset,
            @Nullable Instant timestamp,
            @Nullable MCPToolError error) {

        /** The offset, or its error thrown. */
        public long orThrow() {
            if (offset == null) {
                throw Objects.requireNonNull(error);
            }
            return offset;
        }
    }

    private final AdminSession kafka;
    private final Map<TopicPartition, OffsetSpec> specs;
    private final @Nullable ListOffsetsResult result;

    private LogOffsets(AdminSession kafka, Map<TopicPartition, OffsetSpec> specs, IsolationLevel isolation) {
        this.kafka = kafka;
        this.specs = specs;
        this.result = specs.isEmpty()
                ? null
                : kafka.admin().listOffsets(specs, kafka.bounded(new ListOffsetsOptions(isolation)));
    }

    /** Asks for one kind of offset of all partitions. */
    public static LogOffsets request(AdminSession kafka, Collection<TopicPartition> partitions, OffsetSpec spec) {
        return request(kafka, partitions, spec, IsolationLevel.READ_UNCOMMITTED);
    }

    /** The same as readers of an isolation level see it. */
    public static LogOffsets request(
            AdminSession kafka, Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>(partitions.size() * 2);
        partitions.forEach(partition -> specs.put(partition, spec));
        return new LogOffsets(kafka, specs, isolation);
    }

    /**
     * Asks for the first record at or after a time.
     *
     * @param timesMs by partition, in milliseconds since 1970
     */
    public static LogOffsets atTimes(AdminSession kafka, Map<TopicPartition, Long> timesMs) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>(timesMs.size() * 2);
        timesMs.forEach((partition, time) -> specs.put(partition, OffsetSpec.forTimestamp(time)));
        return new LogOffsets(kafka, specs, IsolationLevel.READ_UNCOMMITTED);
    }

    /**
     * Waits for the offset of one partition.
     *
     * @throws MCPToolError only when the call was cancelled
     */
    public Offset await(TopicPartition partition) {
        try {
            ListOffsetsResultInfo info = info(partition);
            return new Offset(
                    info.offset(), info.timestamp() < 0 ? null : Instant.ofEpochMilli(info.timestamp()), null);
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            return new Offset(null, null, e);
        }
    }

    /**
     * Waits for the offset of one partition.
     *
     * @throws MCPToolError if it cannot be read
     */
    long offset(TopicPartition partition) {
        return info(partition).offset();
    }

    /**
     * The same with other words for a failure.
     *
     * @throws MCPToolError if it cannot be read
     */
    public long offset(TopicPartition partition, KafkaOperation operation) {
        return kafka.await(future(partition), operation).offset();
    }

    /** What the leader of a partition will answer. */
    KafkaFuture<ListOffsetsResultInfo> future(TopicPartition partition) {
        if (result == null || !specs.containsKey(partition)) {
            throw withoutLeader(partition);
        }
        return result.partitionResult(partition);
    }

    /** The error for a partition that no broker leads. */
    public static MCPToolError withoutLeader(TopicPartition partition) {
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                "Partition " + partition.partition() + " of topic '" + partition.topic()
                        + "' has no leader: every broker with an in-sync copy of it is down. Call again when one is"
                        + " back.",
                context(partition));
    }

    private ListOffsetsResultInfo info(TopicPartition partition) {
        var future = future(partition);
        // On a large cluster there are very many, and hardly one fails: its own words are written for that one only.
        if (future.isDone() && !future.isCompletedExceptionally()) {
            return kafka.await(future, READ);
        }
        var operation = KafkaOperation.toRead(
                "read the offsets of partition " + partition.partition() + " of topic '" + partition.topic() + "'",
                context(partition));
        return kafka.await(future, operation);
    }

    private static Map<String, Object> context(TopicPartition partition) {
        return Map.of("topic", partition.topic(), "partition", partition.partition());
    }
}
