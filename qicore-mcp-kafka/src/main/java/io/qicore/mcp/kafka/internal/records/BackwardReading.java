package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.content.Contents;
import io.qicore.mcp.kafka.internal.content.Payload;
import io.qicore.mcp.kafka.internal.records.LogScan.Ended;
import io.qicore.mcp.kafka.internal.records.LogScan.Next;
import io.qicore.mcp.kafka.internal.records.LogScan.Range;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest records first. Kafka reads forward only, so this reads a window of offsets before the end of each partition,
 * then a larger one before that, until there are enough records: a window can have fewer records than offsets.
 *
 * <p>A window counts only when it was read to its end. If the first windows are too large for the limits of the call, smaller
 * ones are read with what was kept in reserve, so that every call gets further.
 */
final class BackwardReading extends RecordReading {

    private static final int FIRST_FILTERED_WINDOW = 200;
    private static final int GROWTH = 4;
    private static final long LARGEST_WINDOW = 1_000_000;

    /** In a cursor, the offset of a partition that has been read to its start, wherever that is. */
    private static final long NOTHING_LEFT = 0;

    /** The window of one partition. */
    private static final class Window {

        private final long from;
        private final Range range;
        private final Deque<Hits.Hit> found = new ArrayDeque<>();
        private @Nullable Long dropped;

        Window(long from, Range range) {
            this.from = from;
            this.range = range;
        }
    }

    private final Hits hits;
    /** By partition, the first offset of what has been read to the end. */
    private final Map<Integer, Long> read = new TreeMap<>();
    /** By partition, the newest offset of what was found and is not kept, because there is too much. */
    private final Map<Integer, Long> dropped = new TreeMap<>();

    private Map<Integer, Window> windows = Map.of();

    BackwardReading(
            RecordQuery query,
            Logs logs,
            Contents contents,
            Consumer<@Nullable Payload, @Nullable Payload> consumer,
            Warnings warnings) {
        super(query, logs, contents, consumer, warnings);
        this.hits = new Hits(true, query.perPartition(), query.limit());
    }

    @Override
    Page read(@Nullable Map<Integer, Long> cursor, long deadline) {
        Map<Integer, Long> ends = new TreeMap<>();
        logs.byPartition().values().forEach(log -> {
            Long end = cursor == null ? Long.valueOf(log.last()) : cursor.get(log.partition());
            // A partition that the cursor does not have was added since, so all its records are newer.
            if (end != null) {
                ends.put(log.partition(), Math.max(log.start(), Math.min(end, log.end())));
                if (NOTHING_LEFT < end && end < log.start()) {
                    warnings.add("The records before offset " + end + " of partition " + log.partition()
                            + " were deleted before they could be read.");
                }
            }
        });
        read.putAll(ends);
        long start = System.nanoTime();
        Ended ended = readWindows(query.maxScanBytes() / 3 * 2, start + (deadline - start) / 3 * 2);
        if (ended != Ended.DONE && read.equals(ends)) {
            ended = readSmallWindows(deadline);
        }
        return page(cursor, ends, ended);
    }

    private Page page(@Nullable Map<Integer, Long> cursor, Map<Integer, Long> ends, Ended ended) {
        Hits.Selection selection = hits.select();
        Map<Integer, Long> next = new TreeMap<>(cursor == null ? Map.of() : cursor);
        read.forEach((partition, first) -> {
            Long left = latest(selection.untaken().get(partition), dropped.get(partition));
            long end = left == null ? first : left + 1;
            next.put(partition, end <= start(partition) ? NOTHING_LEFT : end);
        });
        boolean all = read.keySet().stream().allMatch(partition -> next.get(partition) == NOTHING_LEFT);
        boolean complete = all && logs.unread().isEmpty();
        Map<Integer, Long> begins = new TreeMap<>(next);
        begins.replaceAll(
                (partition, end) -> end == NOTHING_LEFT && read.containsKey(partition) ? start(partition) : end);
        return new Page(
                selection.rows(),
                complete ? "end" : all ? "brokers" : reason(ended, selection.full()),
                looked(begins, ends),
                complete,
                next);
    }

    private static @Nullable Long latest(@Nullable Long first, @Nullable Long second) {
        return first == null ? second : second == null ? first : Long.valueOf(Math.max(first, second));
    }

    /** Reads ever larger windows, until there is nothing more to find. */
    private Ended readWindows(long maxBytes, long deadline) {
        long size = query.filter().isEmpty() ? query.limit() : Math.max(query.limit(), FIRST_FILTERED_WINDOW);
        while (true) {
            Map<Integer, Long> wanted = new TreeMap<>();
            for (int partition : read.keySet()) {
                if (wantsOlder(partition)) {
                    wanted.put(partition, size);
                }
            }
            if (wanted.isEmpty()) {
                return Ended.DONE;
            }
            Ended ended = readWindows(wanted, maxBytes, deadline);
            if (ended != Ended.DONE) {
                return ended;
            }
            size = Math.min(size * GROWTH, LARGEST_WINDOW);
        }
    }

    private boolean wantsOlder(int partition) {
        if (read.get(partition) <= start(partition) || dropped.containsKey(partition)) {
            return false;
        }
        if (!query.perPartition() && !query.filter().isEmpty()) {
            return hits.count() < query.limit();
        }
        return hits.needsOlder(partition);
    }

    /** Reads windows that the rest of the limits suffices for, as far as can be told, and one record in any case. */
    private Ended readSmallWindows(long deadline) {
        List<Integer> open = read.keySet().stream().filter(this::wantsOlder).toList();
        long rest = query.maxScanBytes() / 3;
        long size = scan.records() == 0 ? rest : Math.max(1, scan.bytes() / scan.records());
        long records = Math.max(1, rest / size);
        Map<Integer, Long> wanted = new TreeMap<>();
        for (int partition : open.subList(0, (int) Math.min(records, open.size()))) {
            wanted.put(partition, Math.min(query.limit(), Math.max(1, records / open.size())));
        }
        Ended ended = readWindows(wanted, scan.bytes() + rest, deadline);
        return ended == Ended.DONE ? Ended.BYTES : ended;
    }

    private Ended readWindows(Map<Integer, Long> sizes, long maxBytes, long deadline) {
        windows = new TreeMap<>();
        sizes.forEach((partition, size) -> {
            long to = read.get(partition);
            long from = Math.max(start(partition), to - size);
            windows.put(partition, new Window(from, new Range(id(partition), from, to)));
        });
        List<Range> ranges =
                windows.values().stream().map(window -> window.range).toList();
        Ended ended = scan(ranges, this::accept, maxBytes, deadline);
        List.copyOf(windows.keySet()).forEach(this::keep);
        return ended;
    }

    private Next accept(ConsumerRecord<@Nullable Payload, @Nullable Payload> record) {
        Hits.Hit hit = hit(record);
        Window window = Objects.requireNonNull(windows.get(record.partition()));
        if (hit != null) {
            window.found.addLast(hit);
            if (window.found.size() > query.limit()) {
                window.dropped = window.found.removeFirst().offset();
            }
        }
        return Next.CONTINUE;
    }

    /** Keeps what a window had, if it was read to its end. */
    private void keep(int partition) {
        Window window = Objects.requireNonNull(windows.remove(partition));
        if (!window.range.isRead()) {
            return;
        }
        while (!window.found.isEmpty()) {
            hits.add(window.found.removeLast());
        }
        if (window.dropped != null) {
            dropped.put(partition, window.dropped);
        }
        read.put(partition, window.from);
    }

    private long start(int partition) {
        return Objects.requireNonNull(logs.byPartition().get(partition)).start();
    }
}
