package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.content.Payload;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of offsets of several partitions with one consumer, and keeps account of what it has looked at. Can be run
 * several times with other ranges. Used by one thread.
 */
final class LogScan {

    /** How long nothing may arrive while there is still something to read. */
    private static final Duration STALLED = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BEGINNING = Duration.ofSeconds(2);

    /** What to do after a record. */
    enum Next {
        /** Read on. */
        CONTINUE,
        /** Read no more of this partition. */
        ENOUGH_OF_PARTITION,
        /** Read no more. */
        STOP
    }

    /** Why a scan has ended. */
    enum Ended {
        /** Everything was read, or as much of each partition as was wanted. */
        DONE,
        /** A record said {@link Next#STOP}. */
        STOPPED,
        /** The number of bytes was reached. */
        BYTES,
        /** The time was over. */
        TIME,
        /** Brokers stopped answering. */
        SILENCE
    }

    /** Takes the records, in the order of their offsets within each partition. */
    interface Sink {
        Next accept(ConsumerRecord<@Nullable Payload, @Nullable Payload> record);
    }

    /** A range of offsets of a partition, and how far it has been read. */
    static final class Range {

        private final TopicPartition id;
        private final long to;
        private long position;
        private long deleted;
        private boolean finished;
        private boolean shorter;

        Range(TopicPartition id, long from, long to) {
            this.id = id;
            this.to = to;
            this.position = from;
            this.finished = from >= to;
        }

        /** Returns the first offset that has not been looked at. */
        long position() {
            return position;
        }

        /** Returns whether all offsets have been looked at. */
        boolean isRead() {
            return position >= to;
        }

        /** Returns the number of offsets that were deleted before they could be read. */
        long deleted() {
            return deleted;
        }

        /** Returns whether the log ends before the position. */
        boolean isShorter() {
            return shorter;
        }

        int partition() {
            return id.partition();
        }

        /** Returns whether the offset is a new one. */
        private boolean advance(long offset) {
            long before = position;
            position = Math.max(position, Math.min(offset, to));
            finished |= position >= to;
            return position > before;
        }
    }

    private final Consumer<@Nullable Payload, @Nullable Payload> consumer;
    private final boolean waitsAtEnd;
    private long records;
    private long bytes;

    /**
     * Creates a scan.
     *
     * @param waitsAtEnd whether it waits for records that have not been written yet
     */
    LogScan(Consumer<@Nullable Payload, @Nullable Payload> consumer, boolean waitsAtEnd) {
        this.consumer = consumer;
        this.waitsAtEnd = waitsAtEnd;
    }

    /** Returns the number of records that all runs have looked at. */
    long records() {
        return records;
    }

    /** Returns the number of bytes of the keys, values and headers of these records. */
    long bytes() {
        return bytes;
    }

    /**
     * Reads ranges.
     *
     * @param maxBytes the number of bytes of all runs after which it ends
     * @param deadline the {@link System#nanoTime} at which it ends
     * @throws org.apache.kafka.common.KafkaException if the consumer fails
     */
    Ended run(Collection<Range> ranges, Sink sink, long maxBytes, long deadline) {
        Map<TopicPartition, Range> open = new HashMap<>();
        ranges.stream().filter(range -> !range.finished).forEach(range -> open.put(range.id, range));
        if (!consumer.assignment().equals(open.keySet())) {
            consumer.assign(open.keySet());
        }
        consumer.resume(consumer.paused());
        open.values().forEach(range -> consumer.seek(range.id, range.position));
        long lastProgress = System.nanoTime();
        while (!open.isEmpty()) {
            long now = System.nanoTime();
            if (now - deadline >= 0) {
                return Ended.TIME;
            }
            if (!waitsAtEnd && now - lastProgress > STALLED.toNanos()) {
                return Ended.SILENCE;
            }
            Duration left = Duration.ofNanos(deadline - now);
            var polled = poll(left.compareTo(POLL) < 0 ? left : POLL, open);
            boolean progress = !polled.isEmpty();
            for (var record : polled) {
                Range range = open.get(new TopicPartition(record.topic(), record.partition()));
                if (range == null || range.finished) {
                    continue;
                }
                Ended ended = accept(record, range, sink, maxBytes);
                if (ended != null) {
                    return ended;
                }
            }
            // The rest of a log can be without records: markers of transactions, or what compaction has left. The
            // consumer
            // only knows that it has passed them when it has no more records to return.
            if (polled.count() < RecordConsumers.MAX_POLL_RECORDS) {
                for (Range range : open.values()) {
                    progress |= range.advance(reached(range));
                }
            }
            if (close(open) || progress) {
                lastProgress = System.nanoTime();
            }
        }
        return Ended.DONE;
    }

    private ConsumerRecords<@Nullable Payload, @Nullable Payload> poll(
            Duration timeout, Map<TopicPartition, Range> open) {
        try {
            return consumer.poll(timeout);
        } catch (OffsetOutOfRangeException e) {
            Set<TopicPartition> missing = e.offsetOutOfRangePartitions().keySet();
            consumer.beginningOffsets(missing, BEGINNING).forEach((id, start) -> {
                Range range = open.get(id);
                if (range == null) {
                    return;
                }
                if (start > range.position) {
                    range.deleted += Math.min(start, range.to) - range.position;
                    range.advance(start);
                    consumer.seek(id, range.position);
                } else {
                    // The log has become shorter: a leader was elected that did not have its end.
                    range.shorter = true;
                    range.finished = true;
                }
            });
            return ConsumerRecords.empty();
        }
    }

    private @Nullable Ended accept(
            ConsumerRecord<@Nullable Payload, @Nullable Payload> record, Range range, Sink sink, long maxBytes) {
        if (record.offset() >= range.to) {
            range.advance(range.to);
            return null;
        }
        Next next = sink.accept(record);
        records++;
        bytes += size(record);
        range.advance(record.offset() + 1);
        if (next == Next.STOP) {
            return Ended.STOPPED;
        }
        range.finished |= next == Next.ENOUGH_OF_PARTITION;
        return bytes >= maxBytes ? Ended.BYTES : null;
    }

    private static long size(ConsumerRecord<?, ?> record) {
        long size = Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    /** Returns the next offset that the consumer reads. All records before it have been accepted or are none. */
    private long reached(Range range) {
        if (range.finished) {
            return range.position;
        }
        try {
            return consumer.position(range.id, Duration.ZERO);
        } catch (TimeoutException e) {
            return range.position;
        }
    }

    /** Stops reading finished partitions. Returns whether there are new ones. */
    private boolean close(Map<TopicPartition, Range> open) {
        Set<TopicPartition> finished = new LinkedHashSet<>();
        open.values().stream().filter(range -> range.finished).forEach(range -> finished.add(range.id));
        consumer.pause(finished);
        open.keySet().removeAll(finished);
        return !finished.isEmpty();
    }
}
