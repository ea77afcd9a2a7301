package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a group is to be moved to.
 *
 * @see <a href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-122">KIP-122, Add Reset Consumer Group Offsets
 *     tooling</a>
 */
sealed interface ResetTarget {

    /** Later than any record, and still a number of milliseconds. */
    Instant FAR = Instant.parse("9999-12-31T23:59:59Z");

    /** {@code earliest}, {@code latest}, {@code current} or a number. */
    record Named(String offset) implements ResetTarget {}

    /** The first record at or after a time; the end if there is none. */
    record Time(Instant time) implements ResetTarget {}

    /** So many records forward, or back if negative; not beyond what is kept. */
    record Shift(long records) implements ResetTarget {}

    /** An offset for each partition, as in the undo plan of an earlier reset. */
    record Exactly(Map<TopicPartition, Long> offsets) implements ResetTarget {}

    /**
     * The one target that the arguments name.
     *
     * @throws MCPToolError {@link StandardErrorCode#INVALID_ARGUMENT} if they name none or several, or a wrong one
     */
    static ResetTarget of(ResetConsumerOffsetTool.Arguments args, Instant now) {
        List<ResetTarget> targets = new ArrayList<>();
        if (args.offset() != null) {
            targets.add(new Named(args.offset().toString().strip()));
        }
        if (args.timestamp() != null) {
            targets.add(new Time(time(args.timestamp())));
        }
        if (args.duration() != null) {
            targets.add(new Time(back(now, duration(args.duration()))));
        }
        if (args.shiftBy() != null) {
            targets.add(new Shift(args.shiftBy()));
        }
        if (args.offsets() != null) {
            targets.add(new Exactly(offsets(args.offsets())));
        }
        if (targets.size() != 1) {
            throw invalid(
                    "offset",
                    "Give exactly one of offset, timestamp, duration, shiftBy and offsets, not " + targets.size()
                            + ".");
        }
        return targets.get(0);
    }

    /** The key of a partition in a map of offsets. */
    static String key(TopicPartition partition) {
        return partition.topic() + ":" + partition.partition();
    }

    private static Instant time(String text) {
        try {
            return within(OffsetDateTime.parse(text.strip()).toInstant());
        } catch (DateTimeException e) {
            throw invalid(
                    "timestamp",
                    "timestamp must be an ISO 8601 time with a zone, such as 2026-11-22T09:00:00Z, not '" + text
                            + "'.");
        }
    }

    /** Kafka has its own meanings for negative times: one of them is the end of the log. */
    private static Instant within(Instant time) {
        if (time.isBefore(Instant.EPOCH)) {
            return Instant.EPOCH;
        }
        return time.isAfter(FAR) ? FAR : time;
    }

    private static Instant back(Instant now, Duration duration) {
        return duration.compareTo(Duration.between(Instant.EPOCH, now)) > 0 ? Instant.EPOCH : now.minus(duration);
    }

    private static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text.strip());
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeException e) {
            throw invalidDuration(text);
        }
        throw invalidDuration(text);
    }

    private static MCPToolError invalidDuration(String text) {
        return invalid(
                "duration",
                "duration must be an ISO 8601 duration back from now, such as PT2H or P1D, not '" + text + "'.");
    }

    private static Map<TopicPartition, Long> offsets(Map<String, Long> given) {
        Map<TopicPartition, Long> offsets = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        given.forEach((key, offset) -> offsets.put(partition(key), offset));
        if (offsets.isEmpty()) {
            throw invalid(
                    "offsets", "offsets is empty: give an offset for each partition, such as" + " {\"orders:0\": 42}.");
        }
        return offsets;
    }

    private static TopicPartition partition(String key) {
        int colon = key.lastIndexOf(':');
        try {
            if (colon > 0) {
                return new TopicPartition(key.substring(0, colon), Integer.parseUnsignedInt(key.substring(colon + 1)));
            }
        } catch (NumberFormatException e) {
            throw invalidKey(key);
        }
        throw invalidKey(key);
    }

    private static MCPToolError invalidKey(String key) {
        return invalid("offsets", "Keys of offsets are topic:partition, such as orders:0, not '" + key + "'.");
    }

    private static MCPToolError invalid(String argument, String message) {
        return new MCPToolError(StandardErrorCode.INVALID_ARGUMENT, message, Map.of("argument", argument));
    }
}
