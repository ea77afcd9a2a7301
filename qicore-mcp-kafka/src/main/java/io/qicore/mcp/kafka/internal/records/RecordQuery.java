package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.content.RecordFilter;
import io.qicore.mcp.tool.PageCursor;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * What a call wants to read. Without a start it reads the newest records first, backward; with a start it reads forward from
 * there. Immutable.
 *
 * @param partitions the partitions; null for all
 * @param start where to begin
 * @param untilMs the time, in milliseconds since 1970, at whose first record reading ends; null to read to the end
 * @param limit the maximum number of records, of each partition if {@code perPartition}
 * @param maxBytes how many bytes of a key, a value or a header are shown
 * @param maxScanBytes the number of bytes after which reading ends
 * @param cursors writes and reads the cursors of this call
 * @param cursor the cursor of the previous call, or null
 */
record RecordQuery(
        String topic,
        @Nullable List<Integer> partitions,
        Start start,
        @Nullable Long untilMs,
        RecordFilter filter,
        int limit,
        boolean perPartition,
        int maxBytes,
        long maxScanBytes,
        IsolationLevel isolation,
        PageCursor cursors,
        @Nullable String cursor) {

    /** Where to begin. */
    sealed interface Start {

        /** At the newest record, backward. */
        record Newest() implements Start {}

        /** At the oldest record of each partition, or at an offset if there is one. */
        record Offset(OptionalLong offset) implements Start {}

        /** At the first record at or after a time, in milliseconds since 1970. */
        record Time(long ms) implements Start {}

        /** At the end, to wait for new records. */
        record End() implements Start {}
    }

    /** Returns the start time, or null if it does not start at a time. */
    @Nullable
    Long fromMs() {
        return start instanceof Start.Time time ? time.ms() : null;
    }
}
