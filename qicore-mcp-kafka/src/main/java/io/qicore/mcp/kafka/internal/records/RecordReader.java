package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.content.ContentDecoder;
import io.qicore.mcp.kafka.internal.content.Contents;
import io.qicore.mcp.kafka.internal.content.FieldMask;
import io.qicore.mcp.kafka.internal.read.PromptReads;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** Reads the records of one call. Thread-safe. */
public final class RecordReader {

    private static final int MAX_PER_PARTITION = 1_000;

    private final AdminHandle handle;
    private final RecordConsumers consumers;
    private final FieldMask mask;
    private final ContentDecoder decoder;

    /** Creates a reader. */
    public RecordReader(AdminHandle handle, RecordConsumers consumers, ContentDecoder decoder) {
        this.handle = handle;
        this.consumers = consumers;
        this.mask = FieldMask.of(handle.policy());
        this.decoder = decoder;
    }

    /**
     * Reads records.
     *
     * @param most how long to read at most, in addition to the deadline of the call
     */
    RecordsResult read(RecordQuery query, RequestContext context, Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + CallTime.toWait(context).toNanos();
        AdminSession kafka = handle.session(context);
        requireReadable(kafka, query.topic());
        Contents contents = new Contents(
                handle.policy().masksFor(context.caller()) ? mask : FieldMask.NONE,
                decoder.within(kafka.permissions(), query.topic()));
        query.filter().requireVisible(contents.mask());
        // The rest of the time is for Kafka: a call that has waited long for its turn must not blame the brokers.
        try (var place = consumers.place(kafka.remaining().dividedBy(2))) {
            TopicDescription topic = PromptReads.describe(kafka, query.topic());
            Topics.requireAccess(kafka, topic, AclOperation.READ, reading(query.topic()));
            Collection<Integer> partitions = partitions(query, topic);
            Map<Integer, Long> cursor = query.cursor() == null
                    ? null
                    : RecordCursor.read(query.cursors(), query.cursor(), query.topic(), topic.topicId());
            Warnings warnings = new Warnings();
            Logs logs =
                    Logs.read(kafka, topic, partitions, query.isolation(), query.fromMs(), query.untilMs(), warnings);
            var consumer =
                    place.open(logs.brokers(), query.isolation(), query.filter().text());
            context.onCancel(consumer::wakeup);
            RecordReading reading = query.start() instanceof RecordQuery.Start.Newest
                    ? new BackwardReading(query, logs, contents, consumer, warnings)
                    : new ForwardReading(query, logs, contents, consumer, warnings);
            long end = Math.min(deadline, System.nanoTime() + most.toNanos());
            RecordReading.Page page = reading.read(cursor, end);
            return new RecordsResult(
                    page.records(),
                    page.complete(),
                    page.stoppedReason(),
                    page.looked(),
                    reading.scan.records(),
                    reading.scan.bytes(),
                    reading.untested(),
                    page.complete() ? null : RecordCursor.write(query.cursors(), topic.topicId(), page.next()),
                    warnings.orNull());
        } catch (WakeupException e) {
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled while it read topic '" + query.topic() + "'.",
                    Map.of("topic", query.topic()),
                    e);
        } catch (InterruptException e) {
            // Kafka throws the exception and also sets the interrupt flag of the thread.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("Interrupted while reading " + query.topic());
            interrupted.initCause(e);
            throw interrupted;
        } catch (KafkaException e) {
            throw KafkaErrors.of(e, reading(query.topic()), kafka.cluster());
        }
    }

    /**
     * Requires that the records of a topic may be shown. Kafka's internal topics are not: they contain the names of groups and
     * transactions that the policy may hide.
     */
    private static void requireReadable(AdminSession kafka, String topic) {
        kafka.permissions().requireTopic(topic);
        if (Permissions.internal(topic)) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "Topic '" + topic + "' is an internal topic of Kafka. This server does not show its records.",
                    Map.of("topic", topic));
        }
    }

    private static KafkaOperation reading(String topic) {
        return KafkaOperation.toRead(
                "read topic '" + topic + "'", Map.of("topic", topic), Access.toTopic(AclOperation.READ, topic));
    }

    private static Collection<Integer> partitions(RecordQuery query, TopicDescription topic) {
        List<Integer> all =
                topic.partitions().stream().map(TopicPartitionInfo::partition).toList();
        List<Integer> wanted = query.partitions();
        Collection<Integer> partitions = wanted == null ? all : wanted;
        for (int partition : partitions) {
            if (!all.contains(partition)) {
                throw invalidPartition(query.topic(), partition, all.size());
            }
        }
        if (query.start() instanceof RecordQuery.Start.Offset at && at.offset().isPresent() && partitions.size() != 1) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "An offset belongs to one partition, and topic '" + query.topic() + "' has " + all.size()
                            + ": name it in partitions.",
                    Map.of("argument", "partitions"));
        }
        if (query.perPartition() && (long) partitions.size() * query.limit() > MAX_PER_PARTITION) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "perPartition with limit " + query.limit() + " on " + partitions.size()
                            + " partitions can return more" + " than " + MAX_PER_PARTITION
                            + " records. Use a lower limit or name partitions.",
                    Map.of("argument", "limit"));
        }
        return partitions;
    }

    private static MCPToolError invalidPartition(String topic, @Nullable Integer partition, int count) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_PARTITIONS,
                "Topic '" + topic + "' has no partition " + partition + ": its " + count
                        + (count == 1 ? " partition is 0." : " partitions are 0 to " + (count - 1) + "."),
                Map.of("topic", topic, "partition", String.valueOf(partition), "partitions", count));
    }
}
