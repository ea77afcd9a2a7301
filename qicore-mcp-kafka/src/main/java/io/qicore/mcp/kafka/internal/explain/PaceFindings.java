package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.internal.explain.LagEvidence.Change;
import io.qicore.mcp.kafka.internal.explain.LagFinding.Cause;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.PartitionLag;
import io.qicore.mcp.kafka.internal.lag.Trend;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What rates and the distribution over partitions tell. */
final class PaceFindings {

    /** Below this number of offsets, their distribution over partitions means nothing. */
    static final long MIN_SKEW = 100;

    private static final double TOLERANCE = 0.1;

    private final LagEvidence evidence;
    private final GroupLag lag;
    private final Findings findings;

    PaceFindings(LagEvidence evidence, Findings findings) {
        this.evidence = evidence;
        this.lag = evidence.lag();
        this.findings = findings;
    }

    /** Adds what rates and the distribution over partitions tell. Looks at what the other findings explain. */
    void find() {
        pace();
        skew();
    }

    private void pace() {
        Trend trend = lag.trend();
        if (trend == null
                || lag.waiting() == 0
                || trend.seconds() < MemberFindings.SILENCE_SECONDS
                || trend.consumeRate() <= 0) {
            return;
        }
        double consumed = trend.consumeRate();
        double produced = trend.produceRate();
        Map<String, Number> numbers = new LinkedHashMap<>();
        numbers.put("consumeRate", consumed);
        numbers.put("produceRate", produced);
        numbers.put("seconds", Findings.rounded(trend.seconds()));
        numbers.put("waiting", lag.waiting());
        String rates = String.format(
                Locale.ROOT,
                "The group consumed %.1f offsets per second and producers wrote %.1f, over %s.",
                consumed,
                produced,
                Findings.seconds(trend.seconds()));
        double limit = TOLERANCE * Math.max(consumed, produced);
        if (consumed - produced > limit) {
            findings.add(
                    Cause.CATCHING_UP,
                    lag.waiting(),
                    rates + " At this rate the lag is gone in " + trend.drainSeconds() + " s.",
                    null,
                    numbers);
        } else if (produced - consumed > limit && lag.waiting() > MemberFindings.SILENCE_SECONDS / 2 * produced) {
            findings.add(
                    Cause.SLOWER_THAN_PRODUCERS,
                    lag.waiting(),
                    rates + " More members, up to the number of partitions, or faster processing would help.",
                    MemberFindings.DESCRIBE,
                    numbers);
        } else {
            findings.add(
                    Cause.KEEPING_PACE,
                    lag.waiting(),
                    rates
                            + (produced > 0
                                    ? String.format(
                                            Locale.ROOT,
                                            " The lag is what producers write in %.1f s.",
                                            lag.waiting() / produced)
                                    : ""),
                    null,
                    numbers);
        }
    }

    private void skew() {
        Map<String, List<PartitionLag>> byTopic = lag.partitions().stream()
                .filter(row -> row.lag() != null)
                .collect(Collectors.groupingBy(row -> row.id().topic(), TreeMap::new, Collectors.toList()));
        for (List<PartitionLag> topic : byTopic.values()) {
            PartitionLag worst = topic.stream()
                    .max(Comparator.comparingLong(PartitionLag::waiting))
                    .orElseThrow();
            long waiting = Findings.sum(topic, PartitionLag::waiting);
            if (!stands(worst.waiting(), waiting, topic.size())
                    || worst.waiting() * 2 < lag.waiting()
                    || findings.isExplained(worst.id())) {
                continue;
            }
            boolean watched = topic.stream()
                            .allMatch(row -> evidence.progress().partitions().containsKey(row.id()))
                    && Findings.sum(topic, this::produced) >= MIN_SKEW;
            ToLongFunction<PartitionLag> written = watched ? this::produced : PaceFindings::kept;
            long all = Findings.sum(topic, written);
            boolean hot = stands(written.applyAsLong(worst), all, topic.size());
            Map<String, Number> numbers = new LinkedHashMap<>();
            numbers.put("waiting", worst.waiting());
            numbers.put("waitingOnTopic", waiting);
            numbers.put(watched ? "written" : "kept", written.applyAsLong(worst));
            numbers.put(watched ? "writtenOnTopic" : "keptOnTopic", all);
            numbers.put("partitions", topic.size());
            String counts = Findings.named(List.of(worst)) + " has " + worst.waiting() + " of " + waiting
                    + " unread offsets of its topic, and " + written.applyAsLong(worst) + " of " + all
                    + (watched ? " that were just written." : " in its log.");
            findings.add(
                    hot ? Cause.HOT_PARTITION : Cause.SKEWED_LAG,
                    worst.waiting(),
                    counts
                            + (hot
                                    ? " A frequent key, or no key and a partitioner of its own, can be the reason."
                                    : " So its consumer is behind, not its producer ahead: compare its member with the"
                                            + " others."),
                    hot ? "get_topic_metadata" : MemberFindings.DESCRIBE,
                    numbers);
        }
    }

    /** Returns whether one of several numbers stands out. */
    private static boolean stands(long one, long all, int count) {
        return count > 1
                && one >= MIN_SKEW
                && (count == 2 ? one * 10 >= all * 9 : one * count >= all * 3 && one * 2 > all);
    }

    private long produced(PartitionLag row) {
        Change change = evidence.progress().partitions().get(row.id());
        return change == null ? 0 : Math.max(0, change.produced());
    }

    private static long kept(PartitionLag row) {
        return row.endOffset() == null || row.startOffset() == null ? 0 : row.endOffset() - row.startOffset();
    }
}
