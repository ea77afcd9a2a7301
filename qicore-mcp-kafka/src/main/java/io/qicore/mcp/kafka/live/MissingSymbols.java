package io.qicore.mcp.kafka.live;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.kafka.internal.read.PromptReads;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Why symbols are missing, from what has arrived and from what the leaders say at the end of the call.
 *
 * @param unread partitions that have no leader now, or whose leader does not answer
 */
record MissingSymbols(
        Status status,
        @Nullable String explanation,
        @Nullable Instant newestRecord,
        @Nullable String warning,
        Set<Integer> unread) {

    /** No symbol is missing. */
    static final MissingSymbols NONE = new MissingSymbols(Status.COMPLETE, null, null, null, Set.of());

    /** What the leaders say about the logs of a topic. */
    private record State(@Nullable Instant newest, boolean empty, Set<Integer> hidden, Set<Integer> unread) {}

    /**
     * Finds out why symbols are missing.
     *
     * @throws MCPToolError if the topic does not exist any more, or the call was cancelled
     */
    static MissingSymbols explain(AdminSession kafka, String topic, Listener.Outcome outcome, PriceFields fields) {
        State state;
        try {
            state = state(kafka, Topics.describe(kafka, topic));
        } catch (MCPToolError e) {
            if (e.is(KafkaErrorCode.TOPIC_NOT_FOUND) || e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            return outcome.records() > 0
                    ? arrived(outcome, fields, e.getMessage(), Set.of())
                    : new MissingSymbols(Status.UNREACHABLE, e.getMessage(), null, null, Set.of());
        }
        String hidden = state.hidden().isEmpty()
                ? null
                : "Open transactions hide the last records of partitions " + PartitionList.of(state.hidden())
                        + "; find_open_transactions tells who holds them.";
        if (outcome.records() > 0) {
            return arrived(outcome, fields, hidden, state.unread());
        }
        if (state.empty()) {
            return new MissingSymbols(
                    Status.EMPTY,
                    "The topic has no records. Check that a producer writes to it, or pass another topic.",
                    null,
                    hidden,
                    state.unread());
        }
        return new MissingSymbols(
                Status.STOPPED,
                "Nothing arrived while the call listened, but the topic has older records. Listen for longer than the"
                        + " interval of its producer, or check that the producer still runs.",
                state.newest(),
                hidden,
                state.unread());
    }

    private static MissingSymbols arrived(
            Listener.Outcome outcome, PriceFields fields, @Nullable String warning, Set<Integer> unread) {
        if (outcome.records() == outcome.skipped()) {
            return new MissingSymbols(
                    Status.NOT_PRICES,
                    "The records that arrived are not prices: JSON objects with a text '" + fields.field("symbol")
                            + "' and a number '" + fields.field("close")
                            + "', whose other parts can be read, such as a time with an offset. Pass another topic, or have the operator of this server set REALTIME_FIELDS.",
                    null,
                    warning,
                    unread);
        }
        return outcome.prices().isEmpty()
                ? new MissingSymbols(
                        Status.OTHER_SYMBOLS,
                        "Prices arrived, but only of symbols that were not asked for: see otherSymbols.",
                        null,
                        warning,
                        unread)
                : new MissingSymbols(
                        Status.PARTIAL,
                        "No price of the missing symbols arrived while the call listened. Listen for longer than the"
                                + " interval of their producer.",
                        null,
                        warning,
                        unread);
    }

    private static State state(AdminSession kafka, TopicDescription topic) {
        List<TopicPartition> led = Topics.led(topic);
        List<LogOffsets> all = PromptReads.request(
                kafka,
                led,
                List.of(
                        () -> LogOffsets.request(kafka, led, OffsetSpec.maxTimestamp()),
                        () -> LogOffsets.request(kafka, led, OffsetSpec.latest()),
                        () -> LogOffsets.request(kafka, led, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED),
                        () -> LogOffsets.request(kafka, led, OffsetSpec.earliest())));
        Set<Integer> unread = topic.partitions().stream()
                .map(TopicPartitionInfo::partition)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> hidden = new TreeSet<>();
        Instant newest = null;
        boolean empty = true;
        for (TopicPartition partition : PromptReads.answered(kafka, led, all)) {
            Long end = all.get(1).await(partition).offset();
            Long stable = all.get(2).await(partition).offset();
            Long start = all.get(3).await(partition).offset();
            if (end == null || stable == null || start == null) {
                continue;
            }
            unread.remove(partition.partition());
            if (end > stable) {
                hidden.add(partition.partition());
            }
            if (end > start) {
                empty = false;
                // Brokers before 3.0 do not tell it.
                Instant time = all.get(0).await(partition).timestamp();
                newest = time == null || (newest != null && newest.isAfter(time)) ? newest : time;
            }
        }
        return new State(newest, empty && unread.isEmpty(), hidden, unread);
    }
}
