package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.internal.argument.TimeArgument;
import io.qicore.mcp.kafka.internal.argument.WholeNumber;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The target of a reset: the offsets that a group is moved to.
 *
 * @see <a href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-122">KIP-122, Add Reset Consumer Group Offsets
 *     tooling</a>
 */
sealed interface ResetTarget {

    /** A time later than any record that still fits into a number of milliseconds. */
    Instant LATEST_TIME = Instant.parse("9999-12-31T23:59:59Z");

    /** An offset by name ({@code earliest}, {@code latest} or {@code current}) or by number. */
    record OffsetName(String offset) implements ResetTarget {}

    /** The offset of the first record at or after a time; the end of the log if there is no such record. */
    record Time(Instant time) implements ResetTarget {}

    /** A number of offsets forward, or backward if negative, within the bounds of the log. */
    record Shift(long offsets) implements ResetTarget {}

    /** An offset for each partition, as in the {@code undo} of an earlier reset. */
    record Offsets(Map<TopicPartition, Long> offsets) implements ResetTarget {}

    /**
     * Returns the target that the arguments give.
     *
     * @param now the time that {@code duration} counts back from
     * @throws MCPToolError {@link StandardErrorCode#INVALID_ARGUMENT} unless the arguments give exactly one valid
     *     target
     */
    static ResetTarget of(ResetConsumerOffsetTool.Arguments args, Instant now) {
        List<ResetTarget> targets = new ArrayList<>();
        if (args.offset() != null) {
            targets.add(new OffsetName(
                    WholeNumber.plain(args.offset().toString().strip().toLowerCase(Locale.ROOT))));
        }
        if (args.timestamp() != null) {
            targets.add(new Time(time(args.timestamp())));
        }
        if (args.duration() != null) {
            targets.add(new Time(timeBefore(now, duration(args.duration()))));
        }
        if (args.shiftBy() != null) {
            targets.add(new Shift(args.shiftBy()));
        }
        if (args.offsets() != null) {
            targets.add(new Offsets(offsets(args.offsets(), args.topic(), args.partition())));
        }
        if (targets.size() != 1) {
            throw invalid(
                    "offset",
                    "Give exactly one of offset, timestamp, duration, shiftBy and offsets. The call gave "
                            + targets.size() + ".");
        }
        return targets.get(0);
    }

    /** Returns the key of a partition in a map of offsets, such as {@code orders:0}. */
    static String key(TopicPartition partition) {
        return partition.topic() + ":" + partition.partition();
    }

    private static Instant time(String text) {
        try {
            return limit(TimeArgument.parse(text));
        } catch (DateTimeException e) {
            throw invalid("timestamp", "timestamp '" + text + "' is not " + TimeArgument.EXAMPLE + ".");
        }
    }

    /**
     * Limits a time to what Kafka takes as a time. Negative numbers have other meanings, such as the end of the log.
     */
    private static Instant limit(Instant time) {
        if (time.isBefore(Instant.EPOCH)) {
            return Instant.EPOCH;
        }
        return time.isAfter(LATEST_TIME) ? LATEST_TIME : time;
    }

    private static Instant timeBefore(Instant now, Duration duration) {
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
                "duration", "duration '" + text + "' is not an ISO 8601 duration of 0 or more, such as PT2H or P1D.");
    }

    private static Map<TopicPartition, Long> offsets(
            Map<String, Long> offsetsByKey, @Nullable String topic, @Nullable Integer number) {
        Map<TopicPartition, Long> offsets = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        offsetsByKey.forEach((key, offset) -> {
            TopicPartition partition = partition(key);
            if (topic != null && !topic.equals(partition.topic())
                    || number != null && number != partition.partition()) {
                throw invalid(
                        "offsets",
                        "'" + key
                                + "' in offsets is not on the topic and partition of the arguments. offsets names them"
                                + " itself: leave out topic and partition.");
            }
            if (offsets.put(partition, offset) != null) {
                throw invalid("offsets", "offsets gives " + key(partition) + " more than once.");
            }
        });
        if (offsets.isEmpty()) {
            throw invalid(
                    "offsets", "offsets is empty. Give an offset for each partition, such as {\"orders:0\": 42}.");
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
        return invalid(
                "offsets", "'" + key + "' is not a valid key in offsets. Keys are topic:partition, such as orders:0.");
    }

    private static MCPToolError invalid(String argument, String message) {
        return new MCPToolError(StandardErrorCode.INVALID_ARGUMENT, message, Map.of("argument", argument));
    }
}
