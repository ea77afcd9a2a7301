package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.argument.RecordTime;
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
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Offsets in the logs of partitions, read with one request, whatever the number of partitions. {@link #request} sends the
 * request and does not wait, so that several requests can be on their way at once.
 *
 * <p>The default isolation level is {@code read_uncommitted}, so the end offset is the high watermark: a hanging transaction
 * does not hide records.
 *
 * <p>Request only partitions that have a leader, see {@link Topics#led}. The Admin would retry the others until its time
 * limit, and would not answer for any partition until then. A partition that was not requested gets the error that it does
 * not have a leader. If the leaders are not known, use {@link LogBounds}.
 */
public final class LogOffsets {

    private static final KafkaOperation READ = KafkaOperation.toRead("read the offsets of partitions", Map.of());

    /**
     * The offset of one partition, or the error that tells why it is not known.
     *
     * @param offset the offset; null if it is not known, -1 if a time was requested after which there is no record
     * @param timestamp the timestamp of the record at the offset, if a record was requested; null if it is not known or
     *     there is no such record
     * @param error the error; null if the offset is known
     */
    public record Offset(
            @Nullable Long offset,
            @Nullable Instant timestamp,
            @Nullable MCPToolError error) {

        /** Returns the offset, or throws its error. */
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

    /** Requests one kind of offset for all partitions. Does not wait. */
    public static LogOffsets request(AdminSession kafka, Collection<TopicPartition> partitions, OffsetSpec spec) {
        return request(kafka, partitions, spec, IsolationLevel.READ_UNCOMMITTED);
    }

    /** Requests one kind of offset for all partitions, as consumers with an isolation level see it. Does not wait. */
    public static LogOffsets request(
            AdminSession kafka, Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>(partitions.size() * 2);
        partitions.forEach(partition -> specs.put(partition, spec));
        return new LogOffsets(kafka, specs, isolation);
    }

    /**
     * Requests the first record at or after a time. Does not wait.
     *
     * @param timesMs the time by partition, in milliseconds since 1970
     */
    public static LogOffsets atTimes(AdminSession kafka, Map<TopicPartition, Long> timesMs) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>(timesMs.size() * 2);
        timesMs.forEach((partition, time) -> specs.put(partition, OffsetSpec.forTimestamp(time)));
        return new LogOffsets(kafka, specs, IsolationLevel.READ_UNCOMMITTED);
    }

    /**
     * Waits for the offset of one partition.
     *
     * @throws MCPToolError only if the call was cancelled
     */
    public Offset await(TopicPartition partition) {
        try {
            ListOffsetsResultInfo info = info(partition);
            return new Offset(info.offset(), RecordTime.of(info.timestamp()), null);
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
     * Waits for the offset of one partition.
     *
     * @param operation what was requested, for the message of an error
     * @throws MCPToolError if it cannot be read
     */
    public long offset(TopicPartition partition, KafkaOperation operation) {
        return kafka.await(future(partition), operation).offset();
    }

    /** Returns the future answer of the leader of a partition. */
    public KafkaFuture<ListOffsetsResultInfo> future(TopicPartition partition) {
        if (result == null || !specs.containsKey(partition)) {
            throw withoutLeader(partition);
        }
        return result.partitionResult(partition);
    }

    /** Returns the error for a partition that does not have a leader. */
    public static MCPToolError withoutLeader(TopicPartition partition) {
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                "Partition " + partition.partition() + " of topic '" + partition.topic()
                        + "' has no leader: all brokers with an in-sync replica of it are down. Call again when one of"
                        + " them is up.",
                context(partition));
    }

    private ListOffsetsResultInfo info(TopicPartition partition) {
        var future = future(partition);
        // A large cluster has very many partitions, and hardly any fails, so only a failing one gets its own message.
        if (future.isDone() && !future.isCompletedExceptionally()) {
            return kafka.await(future, READ);
        }
        var operation = KafkaOperation.toRead(
                "read the offsets of partition " + partition.partition() + " of topic '" + partition.topic() + "'",
                context(partition),
                Access.toTopic(AclOperation.DESCRIBE, partition.topic()));
        return kafka.await(future, operation);
    }

    private static Map<String, Object> context(TopicPartition partition) {
        return Map.of("topic", partition.topic(), "partition", partition.partition());
    }
}
