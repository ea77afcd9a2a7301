package io.qicore.mcp.kafka.internal.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.internal.explain.LagEvidence.Change;
import io.qicore.mcp.kafka.internal.explain.LagEvidence.Progress;
import io.qicore.mcp.kafka.internal.explain.LagFinding.Cause;
import io.qicore.mcp.kafka.internal.explain.TransactionEvidence.Blocking;
import io.qicore.mcp.kafka.internal.lag.BurrowStatus;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.LagReason;
import io.qicore.mcp.kafka.internal.lag.PartitionLag;
import io.qicore.mcp.kafka.internal.lag.Trend;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The rules with the evidence that a broker cannot be brought to give quickly. The others are in LagScenariosIT. */
class LagCausesTest {

    private final List<PartitionLag> rows = new ArrayList<>();
    private final Map<TopicPartition, Change> changes = new HashMap<>();
    private final List<Blocking> transactions = new ArrayList<>();
    private final Map<TopicPartition, Integer> ended = new HashMap<>();
    private final Map<TopicPartition, Long> nearRetention = new HashMap<>();
    private GroupKind kind = GroupKind.CLASSIC;
    private String state = "Stable";
    private boolean members = true;
    private boolean moved;
    private double seconds = 1;
    private Trend trend;

    @Test
    void silence_isNoCommits_onlyAfterTheCommitIntervalOfAHealthyConsumer() {
        row(0, 100, 0);
        silent(0, 9);
        assertThat(causes()).containsExactly(Cause.UNEXPLAINED);

        silent(0, 10);
        assertThat(find()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.NO_COMMITS);
            assertThat(finding.explains()).isEqualTo(100);
            assertThat(finding.detail()).contains("t:0", "client at host");
            assertThat(finding.numbers()).containsEntry("silentSeconds", 10.0);
        });

        kind = GroupKind.STREAMS;
        assertThat(causes()).containsExactly(Cause.UNEXPLAINED);
        silent(0, 60);
        assertThat(causes()).containsExactly(Cause.NO_COMMITS);
    }

    @Test
    void silence_onAPartitionWithTransactions_isNoCommitsOnlyAfterTheTransactionTimeout() {
        row(0, 100, 0);
        silent(0, 20);
        ended.put(id(0), 2);
        assertThat(causes()).containsExactly(Cause.UNEXPLAINED);

        silent(0, 70);
        assertThat(causes()).containsExactly(Cause.NO_COMMITS);

        // The producers could not be read, so there may be transactions.
        ended.clear();
        silent(0, 69);
        assertThat(causes()).containsExactly(Cause.UNEXPLAINED);
    }

    @Test
    void endsOfTransactions_areNotRecordsThatMembersLeave() {
        row(0, 2, 0);
        silent(0, 1_000);
        ended.put(id(0), 2);

        assertThat(find()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.UNEXPLAINED);
            assertThat(finding.detail()).contains("ends of transactions");
        });
    }

    @Test
    void onePartitionWithoutCommits_beside_others_isToldApart() {
        row(0, 100, 0);
        row(1, 0, 0);
        silent(0, 15);
        changes.put(id(1), new Change(0, 50));

        assertThat(find()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.NO_COMMITS);
            assertThat(finding.detail()).contains("record that they cannot process");
        });
    }

    @Test
    void membersThatHaveReadUpToTheLastStableOffset_areNotWithoutCommits() {
        rows.add(new PartitionLag(id(0), 5L, 0L, 15L, 10L, 0L, null, null, true, null));
        silent(0, 100);
        transactions.add(new Blocking(id(0), 10, false, 3, 60L, "cashier"));

        assertThat(find()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.OPEN_TRANSACTION);
            assertThat(finding.detail()).contains("not hanging", "cashier", "read everything before it");
        });
    }

    @Test
    void openTransactions_areNamedIfTheyAreLong_orAllThatIsLeft() {
        rows.add(new PartitionLag(id(0), 5L, 0L, 115L, 110L, 100L, null, null, true, null));
        transactions.add(new Blocking(id(0), 10, false, 59, 60L, "cashier"));
        assertThat(causes()).containsExactly(Cause.UNEXPLAINED);

        transactions.set(0, new Blocking(id(0), 10, false, 60, 900L, "cashier"));
        assertThat(causes()).containsExactly(Cause.OPEN_TRANSACTION);

        // No coordinator could tell, so a time limit is not known either.
        transactions.set(0, new Blocking(id(0), 10, false, 60, null, null));
        assertThat(find()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.OPEN_TRANSACTION);
            assertThat(finding.detail()).contains("not known").doesNotContain("It is not hanging");
        });

        transactions.set(0, new Blocking(id(0), 10, true, 1, null, null));
        assertThat(causes()).containsExactly(Cause.HANGING_TRANSACTION);
    }

    @Test
    void partitionsWithoutOffsetsThatNobodyReads_areNotToldAsRead() {
        members = false;
        state = "Empty";
        rows.add(PartitionLag.of(id(0), null, 0L, 100L, null, false, LagReason.UNCOMMITTED));
        assertThat(causes()).containsExactly(Cause.NO_OFFSETS);

        row(1, 0, 0);
        assertThat(causes()).containsExactly(Cause.NO_LAG);
    }

    @Test
    void stateThatNoRuleKnows_stillHasAFinding() {
        members = false;
        state = "PreparingRebalance";
        row(0, 0, 0);
        assertThat(causes()).containsExactly(Cause.UNEXPLAINED);
    }

    @Test
    void rates_needTimeAndConsumption() {
        row(0, 1_000, 0);
        assertThat(causes(trend(9, 1, 100))).containsExactly(Cause.UNEXPLAINED);
        assertThat(causes(trend(10, 1, 100))).containsExactly(Cause.SLOWER_THAN_PRODUCERS);
        assertThat(causes(trend(10, 0, 100))).containsExactly(Cause.UNEXPLAINED);
        assertThat(causes(trend(10, 100, 1))).containsExactly(Cause.CATCHING_UP);
        assertThat(causes(trend(10, 100, 101))).containsExactly(Cause.KEEPING_PACE);
        // A lag of less than 5 s of production is what a consumer has not committed yet.
        assertThat(causes(trend(10, 100, 201))).containsExactly(Cause.KEEPING_PACE);
        assertThat(find().get(0).numbers()).containsEntry("consumeRate", 100.0).containsEntry("produceRate", 201.0);
    }

    @Test
    void skew_isJudgedWithinOneTopic_andOnlyForManyOffsets() {
        row(0, 99, 0);
        row(1, 0, 0);
        row(2, 0, 0);
        assertThat(causes()).containsExactly(Cause.UNEXPLAINED);

        // One partition of each of two topics.
        rows.clear();
        row(0, 600, 0);
        rows.add(PartitionLag.of(new TopicPartition("u", 0), 0L, 0L, 200L, 200L, true, null));
        assertThat(causes()).containsExactly(Cause.UNEXPLAINED);
    }

    @Test
    void skew_isHot_onlyIfTheRecordsAreSkewedToo() {
        row(0, 900, 0);
        row(1, 10, 1_000);
        row(2, 10, 1_000);
        row(3, 10, 1_000);
        assertThat(find()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.SKEWED_LAG);
            assertThat(finding.numbers()).containsEntry("waiting", 900L).containsEntry("waitingOnTopic", 930L);
        });

        rows.clear();
        row(0, 90_000, 0);
        row(1, 10, 1_000);
        row(2, 10, 1_000);
        row(3, 10, 1_000);
        assertThat(causes()).containsExactly(Cause.HOT_PARTITION);

        // What was just written counts more than what the log holds.
        for (int partition = 0; partition < 4; partition++) {
            changes.put(id(partition), new Change(0, 100));
        }
        assertThat(causes()).containsExactly(Cause.SKEWED_LAG);
    }

    @Test
    void offsetsThatMove_areLifeWithoutMembers() {
        members = false;
        state = "Empty";
        row(0, 10, 0);
        assertThat(find()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.NO_MEMBERS);
            assertThat(finding.detail()).contains("Kafka does not show whether such a consumer runs");
        });

        moved = true;
        assertThat(causes()).containsExactly(Cause.COMMITS_WITHOUT_MEMBERS, Cause.UNEXPLAINED);
    }

    @Test
    void deletedOffsets_doNotWait() {
        members = false;
        state = "Empty";
        rows.add(new PartitionLag(id(0), 10L, 100L, 100L, 90L, null, 90L, null, false, LagReason.OFFSET_EXPIRED));

        assertThat(find()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.OFFSET_EXPIRED);
            assertThat(finding.numbers()).containsEntry("waiting", 0L).containsEntry("lost", 90L);
        });
    }

    @Test
    void causes_areRankedByWhatTheyExplain() {
        row(0, 100, 0);
        rows.add(PartitionLag.of(id(1), null, 0L, 5_000L, null, true, LagReason.UNCOMMITTED));
        rows.add(PartitionLag.of(id(2), 0L, 0L, 150L, 150L, false, null));
        silent(0, 15);
        rows.add(PartitionLag.of(id(3), 7L, null, null, null, false, LagReason.TOPIC_DELETED));

        assertThat(causes())
                .containsExactly(Cause.UNCOMMITTED, Cause.UNASSIGNED, Cause.NO_COMMITS, Cause.LEFT_OVER_OFFSETS);
    }

    @Test
    void unknownLag_isNotNoLag() {
        for (LagReason reason : LagReason.values()) {
            rows.clear();
            rows.add(
                    reason == LagReason.OFFSET_EXPIRED
                            ? new PartitionLag(id(0), 7L, 9L, 9L, 2L, null, 2L, null, true, reason)
                            : PartitionLag.of(id(0), 7L, 0L, 50L, null, true, reason));

            assertThat(find()).as("%s", reason).isNotEmpty();
            if (reason != LagReason.TOPIC_DELETED) {
                assertThat(causes()).as("%s", reason).doesNotContain(Cause.NO_LAG);
            }
        }
        state = "NotReady";
        rows.clear();
        row(0, 0, 5);
        assertThat(causes()).containsExactly(Cause.NOT_READY);
    }

    @Test
    void emptyPartitionWithoutCommit_hasNothingToRead() {
        row(0, 0, 5);
        rows.add(PartitionLag.of(id(1), null, 8L, 8L, null, true, LagReason.UNCOMMITTED));

        assertThat(causes()).containsExactly(Cause.NO_LAG);
    }

    private List<Cause> causes(Trend of) {
        trend = of;
        return causes();
    }

    private List<Cause> causes() {
        return find().stream().map(LagFinding::cause).toList();
    }

    private List<LagFinding> find() {
        var inputs = rows.stream()
                .filter(PartitionLag::assigned)
                .map(PartitionLag::id)
                .toList();
        var group = new GroupDetails(
                "g",
                kind,
                state,
                null,
                null,
                null,
                null,
                members ? List.of(new GroupDetails.Member("id", null, "client", "host", inputs)) : List.of(),
                null,
                Set.of(),
                true);
        var lag = GroupLag.of("g", state, kind, rows).withTrend(trend);
        return new LagCauses(new LagEvidence(
                        group,
                        lag,
                        new Progress(seconds, moved, changes),
                        transactions,
                        ended,
                        nearRetention,
                        Set.of(),
                        Map.of()))
                .find();
    }

    private void row(int partition, long lag, long committed) {
        rows.add(PartitionLag.of(id(partition), committed, 0L, committed + lag, lag, true, null));
    }

    private void silent(int partition, double forSeconds) {
        seconds = forSeconds;
        changes.put(id(partition), new Change(forSeconds, 0));
        if (!ended.containsKey(id(partition)) && forSeconds != 69) {
            ended.put(id(partition), 0);
        }
    }

    private static Trend trend(double over, double consumed, double produced) {
        return new Trend(over, consumed, produced, consumed > produced ? 9L : null, BurrowStatus.OK);
    }

    private static TopicPartition id(int partition) {
        return new TopicPartition("t", partition);
    }
}
