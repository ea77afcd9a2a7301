package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.content.Contents;
import io.qicore.mcp.kafka.internal.content.Payload;
import io.qicore.mcp.kafka.internal.content.RecordView;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.kafka.internal.records.LogScan.Ended;
import io.qicore.mcp.kafka.internal.records.LogScan.Range;
import io.qicore.mcp.kafka.internal.records.RecordsResult.Looked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What reading in all directions has in common. Used once, by one thread. */
abstract class RecordReading {

    private static final int MAX_LISTED = 100;

    /** A page: its records, and where each partition goes on. */
    record Page(
            List<RecordView.Row> records,
            String stoppedReason,
            List<Looked> looked,
            boolean complete,
            Map<Integer, Long> next) {}

    final RecordQuery query;
    final Logs logs;
    final Warnings warnings;
    final LogScan scan;
    private final Contents contents;
    private long untested;

    RecordReading(
            RecordQuery query,
            Logs logs,
            Contents contents,
            Consumer<@Nullable Payload, @Nullable Payload> consumer,
            Warnings warnings) {
        this.query = query;
        this.logs = logs;
        this.contents = contents;
        this.warnings = warnings;
        this.scan = new LogScan(consumer, query.start() instanceof RecordQuery.Start.End);
    }

    /**
     * Reads.
     *
     * @param cursor where each partition goes on; null for the first page
     * @param deadline the {@link System#nanoTime} at which it ends
     */
    abstract Page read(@Nullable Map<Integer, Long> cursor, long deadline);

    /** Returns a record that meets the conditions, or null. */
    Hits.@Nullable Hit hit(ConsumerRecord<@Nullable Payload, @Nullable Payload> record) {
        RecordView view = new RecordView(record, contents);
        if (query.filter().cannotTest(view, contents.mask())) {
            untested++;
        }
        if (!query.filter().test(view)) {
            return null;
        }
        RecordView.Row row = view.row(query.maxBytes());
        return new Hits.Hit(record.partition(), record.offset(), record.timestamp(), row, row.size());
    }

    /** Returns the number of records that the conditions could not be tested on; null for none. */
    @Nullable
    Long untested() {
        return untested == 0 ? null : untested;
    }

    TopicPartition id(int partition) {
        return new TopicPartition(query.topic(), partition);
    }

    /** Returns the word for the end of a reading that has not read everything. */
    static String reason(Ended ended, boolean full) {
        if (full) {
            return "answer_size";
        }
        return switch (ended) {
            case DONE, STOPPED -> "limit";
            case BYTES -> "bytes";
            case TIME -> "time";
            case SILENCE -> "brokers";
        };
    }

    void warnOfDeleted(int partition, long from, long to) {
        if (from < to) {
            warnings.add("Offsets " + from + " to " + (to - 1) + " of partition " + partition
                    + " were deleted before they could be read.");
        }
    }

    void warnOfShorter(int partition, long offset) {
        warnings.add("The log of partition " + partition + " has become shorter than offset " + offset
                + ": its leader lost records. Call without cursor to start again.");
    }

    /** Runs the scan, and warns of what it could not read. */
    Ended scan(List<Range> ranges, LogScan.Sink sink, long maxBytes, long deadline) {
        Ended ended = scan.run(ranges, sink, maxBytes, deadline);
        for (Range range : ranges) {
            if (range.deleted() > 0) {
                warnings.add(range.deleted() + " offsets of partition " + range.partition()
                        + " were deleted while they were read.");
            }
            if (range.isShorter()) {
                warnOfShorter(range.partition(), range.position());
            }
        }
        if (ended == Ended.SILENCE) {
            warnings.add("The leaders of these partitions stopped answering, so they were not read to the end: "
                    + PartitionList.of(ranges.stream()
                            .filter(range -> !range.isRead())
                            .map(Range::partition)
                            .toList())
                    + ".");
        }
        return ended;
    }

    /** Returns the account of offsets, of the partitions where any were looked at. */
    List<Looked> looked(Map<Integer, Long> from, Map<Integer, Long> to) {
        List<Looked> rows = new ArrayList<>();
        new TreeMap<>(from).forEach((partition, first) -> {
            long last = to.getOrDefault(partition, first);
            Logs.Log log = logs.byPartition().get(partition);
            if (log != null && first < last && rows.size() < MAX_LISTED) {
                rows.add(new Looked(partition, first, last, log.start(), log.end()));
            }
        });
        return rows;
    }
}
