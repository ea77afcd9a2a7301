package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.internal.explain.LagFinding.Cause;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.LagReason;
import io.qicore.mcp.kafka.internal.lag.PartitionLag;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The findings about a group, and the words and numbers that they share. For use by one call. */
final class Findings {

    private static final int MAX_NAMED = 5;

    private final GroupLag lag;
    private final List<LagFinding> all = new ArrayList<>();
    private final Set<TopicPartition> explained = new HashSet<>();

    Findings(GroupLag lag) {
        this.lag = lag;
    }

    /** Returns the findings, those that explain the most first. */
    List<LagFinding> sorted() {
        return all.stream()
                .sorted(Comparator.comparingLong(LagFinding::explains)
                        .reversed()
                        .thenComparing(LagFinding::cause))
                .toList();
    }

    /** Returns whether nothing was found. */
    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Returns whether a finding accounts for unread offsets that the logs still have and whose number is known. */
    boolean explainWaiting() {
        return all.stream()
                .anyMatch(found -> found.explains() > 0
                        && found.cause() != Cause.OFFSET_EXPIRED
                        && found.cause() != Cause.UNCOMMITTED);
    }

    /** Notes that the lag of partitions has a cause of its own, so that how it is distributed need not be explained. */
    void explained(Collection<TopicPartition> partitions) {
        explained.addAll(partitions);
    }

    /** Returns whether the lag of a partition has a cause of its own. */
    boolean isExplained(TopicPartition partition) {
        return explained.contains(partition);
    }

    /** Adds a finding. */
    void add(Cause cause, long explains, String detail, @Nullable String next, Map<String, Number> numbers) {
        all.add(new LagFinding(cause, explains, detail, numbers.isEmpty() ? null : numbers, next));
    }

    /** Returns the partitions with a reason. */
    List<PartitionLag> partitions(LagReason reason) {
        return rows(row -> row.reason() == reason);
    }

    /** Returns the wanted partitions. */
    List<PartitionLag> rows(Predicate<PartitionLag> wanted) {
        return lag.partitions().stream().filter(wanted).toList();
    }

    /** Returns the sum of a number over partitions. */
    static long sum(Collection<PartitionLag> rows, ToLongFunction<PartitionLag> number) {
        return rows.stream().mapToLong(number).sum();
    }

    /** Returns the partitions in a sentence, such as {@code orders:0-3,7}. */
    static String named(List<PartitionLag> rows) {
        return named(rows.stream().map(PartitionLag::id).collect(Collectors.toSet()));
    }

    /** Returns the partitions in a sentence, such as {@code orders:0-3,7}. */
    static String named(Set<TopicPartition> partitions) {
        Map<String, String> byTopic = PartitionList.byTopic(partitions);
        String first = byTopic.entrySet().stream()
                .limit(MAX_NAMED)
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(", "));
        return byTopic.size() > MAX_NAMED ? first + " and " + (byTopic.size() - MAX_NAMED) + " more topics" : first;
    }

    /** Returns the first names in a sentence. */
    static String names(Set<String> names) {
        return names.stream().sorted().limit(MAX_NAMED).collect(Collectors.joining(", "));
    }

    /** Returns a time in a sentence. */
    static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }

    /** Returns a time for the numbers of a finding. */
    static double rounded(double seconds) {
        return Math.round(seconds * 10) / 10.0;
    }
}
