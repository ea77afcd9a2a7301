package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.content.Contents;
import io.qicore.mcp.kafka.internal.content.Payload;
import io.qicore.mcp.kafka.internal.records.LogScan.Ended;
import io.qicore.mcp.kafka.internal.records.LogScan.Next;
import io.qicore.mcp.kafka.internal.records.LogScan.Range;
import io.qicore.mcp.kafka.internal.records.RecordQuery.Start;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a start to the end of the log as it was when the call began, oldest records first. A reading that
 * {@linkplain Start.End starts at the end} waits there for new records.
 */
final class ForwardReading extends RecordReading {

    private final boolean follows;
    private final Hits hits;

    ForwardReading(
            RecordQuery query,
            Logs logs,
            Contents contents,
            Consumer<@Nullable Payload, @Nullable Payload> consumer,
            Warnings warnings) {
        super(query, logs, contents, consumer, warnings);
        this.follows = query.start() instanceof Start.End;
        this.hits = new Hits(false, query.perPartition(), query.limit());
    }

    @Override
    Page read(@Nullable Map<Integer, Long> cursor, long deadline) {
        List<Range> ranges = new ArrayList<>();
        Map<Integer, Long> from = new TreeMap<>();
        logs.byPartition().forEach((partition, log) -> {
            long first = first(log, cursor);
            from.put(partition, first);
            ranges.add(new Range(id(partition), first, follows ? Long.MAX_VALUE : Math.max(first, log.last())));
        });
        Ended ended = scan(ranges, this::accept, query.maxScanBytes(), deadline);
        Hits.Selection selection = hits.select();
        Map<Integer, Long> next = new TreeMap<>(cursor == null ? Map.of() : cursor);
        ranges.forEach(range ->
                next.put(range.partition(), selection.untaken().getOrDefault(range.partition(), range.position())));
        boolean complete = !follows
                && logs.unread().isEmpty()
                && logs.byPartition().values().stream()
                        .allMatch(log -> Math.max(log.last(), from.get(log.partition())) <= next.get(log.partition()));
        return new Page(
                selection.rows(),
                complete ? "end" : unfinished(ended, selection.full(), next),
                looked(from, next),
                complete,
                next);
    }

    /** Only partitions that could not be read are left if a reading to the end is done with the others. */
    private String unfinished(Ended ended, boolean full, Map<Integer, Long> next) {
        boolean others = !follows
                && logs.byPartition().values().stream().allMatch(log -> log.last() <= next.get(log.partition()));
        return others ? "brokers" : reason(ended, full);
    }

    private Next accept(ConsumerRecord<@Nullable Payload, @Nullable Payload> record) {
        Hits.Hit hit = hit(record);
        if (hit == null) {
            return Next.CONTINUE;
        }
        hits.add(hit);
        if (query.perPartition()) {
            return hits.count(hit.partition()) < query.limit() ? Next.CONTINUE : Next.ENOUGH_OF_PARTITION;
        }
        // Records that are rare are worth more soon than in the order of their timestamps.
        boolean first =
                follows || !query.filter().isEmpty() || logs.byPartition().size() == 1;
        if (first) {
            return hits.count() < query.limit() ? Next.CONTINUE : Next.STOP;
        }
        return hits.count(hit.partition()) < query.limit() && !hits.isClosed(hit.partition())
                ? Next.CONTINUE
                : Next.ENOUGH_OF_PARTITION;
    }

    /** Returns the offset at which a partition is read first. */
    private long first(Logs.Log log, @Nullable Map<Integer, Long> cursor) {
        if (cursor != null) {
            // A partition that the cursor does not have was added since.
            long next = cursor.getOrDefault(log.partition(), log.start());
            warnOfDeleted(log.partition(), next, log.start());
            if (next > log.high() && !follows) {
                warnOfShorter(log.partition(), next);
            }
            return Math.max(next, log.start());
        }
        if (query.start() instanceof Start.Offset at && at.offset().isPresent()) {
            return offset(log, at.offset().getAsLong());
        }
        if (query.start() instanceof Start.Time) {
            Long from = log.from();
            return from == null ? log.end() : from;
        }
        return follows ? log.end() : log.start();
    }

    private long offset(Logs.Log log, long offset) {
        if (offset > log.high()) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_OFFSET,
                    "Offset " + offset + " is out of range: the offsets of partition " + log.partition() + " of topic '"
                            + query.topic() + "' are " + log.start() + " to " + log.high() + ".",
                    Map.of(
                            "topic", query.topic(),
                            "partition", log.partition(),
                            "earliest", log.start(),
                            "latest", log.high()));
        }
        warnOfDeleted(log.partition(), offset, log.start());
        return Math.max(offset, log.start());
    }
}
