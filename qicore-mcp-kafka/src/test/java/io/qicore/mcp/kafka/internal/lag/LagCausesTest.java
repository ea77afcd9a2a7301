package io.qicore.mcp.kafka.internal.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.internal.lag.LagFinding.Cause;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LagCausesTest {

    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);

    private final List<PartitionLag> rows = new ArrayList<>();
    private GroupDetails group = group("Stable", member("a", P0), member("b", P1));

    @Test
    void nothingUnread_isNoLag() {
        row(0, 0, null, null);

        assertThat(causes()).containsExactly(Cause.NO_LAG);
    }

    @Test
    void groupWithoutMembers_isStopped() {
        group = group("Empty");
        row(0, 5, null, null);

        assertThat(causes()).containsExactly(Cause.STOPPED);
    }

    @Test
    void unsettledState_isRebalancing() {
        group = group("PreparingRebalance", member("a", P0, P1));
        row(0, 5, null, null);

        assertThat(causes()).containsExactly(Cause.REBALANCING);
    }

    @Test
    void partitionWithoutMember_isUnassigned() {
        group = group("Stable", member("a", P0));
        row(0, 5, null, null);
        row(1, 5, null, null);

        assertThat(causes()).containsExactly(Cause.UNASSIGNED);
    }

    @Test
    void memberWithoutProgress_isNamed() {
        row(0, 5, null, null);
        row(1, 5, null, null);

        var findings = new LagCauses(group, lag()).find(Set.of(P1), Set.of(), null);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.DEAD_MEMBERS);
            assertThat(finding.detail()).contains("b at host").doesNotContain("a at host");
            assertThat(finding.next()).isEqualTo("describe_consumer_group");
        });
    }

    @Test
    void mostLagOnOnePartition_isHot() {
        row(0, 900, null, null);
        row(1, 10, null, null);
        row(2, 10, null, null);
        row(3, 10, null, null);
        group = group("Stable", member("a", P0, P1, new TopicPartition("t", 2), new TopicPartition("t", 3)));

        assertThat(causes()).containsExactly(Cause.HOT_PARTITION);
    }

    @Test
    void hiddenRecords_areAHangingTransactionWithTheToolToCall() {
        row(0, 10, 0L, null);
        row(1, 10, null, null);

        var findings = new LagCauses(group, lag()).find(Set.of(), Set.of(), null);

        assertThat(findings).extracting(LagFinding::cause).containsExactly(Cause.HANGING_TRANSACTION);
        assertThat(findings.get(0).detail()).contains("hides 10 of 20");
        assertThat(findings.get(0).next()).isEqualTo("find_open_transactions");
    }

    @Test
    void rates_tellSlowFromCatchingUp() {
        row(0, 10, null, null);
        row(1, 10, null, null);

        assertThat(causes(new Trend(5, 1, 9, null, BurrowStatus.WARN))).containsExactly(Cause.SLOWER_THAN_PRODUCERS);
        assertThat(causes(new Trend(5, 9, 1, 3L, BurrowStatus.OK))).containsExactly(Cause.CATCHING_UP);
    }

    @Test
    void lostRecordsAndLeftOverOffsets_areAddedToTheOtherCauses() {
        row(0, 0, null, LagReason.TOPIC_DELETED);
        rows.add(new PartitionLag(P1, 1L, 10L, 9L, null, 4L, null, LagReason.OFFSET_EXPIRED));

        assertThat(new LagCauses(group, lag()).find(Set.of(), Set.of(P1), null))
                .extracting(LagFinding::cause)
                .containsExactly(Cause.NEAR_RETENTION, Cause.RECORDS_LOST, Cause.LEFT_OVER_OFFSETS);
    }

    @Test
    void ordinaryLag_isUnexplainedAndAsksForASample() {
        row(0, 10, null, null);
        row(1, 10, null, null);

        assertThat(new LagCauses(group, lag()).find(Set.of(), Set.of(), null))
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail()).contains("with sample"));
    }

    private List<Cause> causes() {
        return causes(null);
    }

    private List<Cause> causes(Trend trend) {
        return new LagCauses(group, lag().withTrend(trend))
                .find(Set.of(), Set.of(), null).stream().map(LagFinding::cause).toList();
    }

    private GroupLag lag() {
        return GroupLag.of("g", group.state(), null, rows);
    }

    private void row(int partition, long lag, Long stable, LagReason reason) {
        rows.add(new PartitionLag(
                new TopicPartition("t", partition), 0L, lag, reason == null ? lag : null, stable, null, null, reason));
    }

    private static GroupDetails group(String state, GroupDetails.Member... members) {
        return new GroupDetails("g", GroupKind.CLASSIC, state, null, null, null, null, List.of(members), null);
    }

    private static GroupDetails.Member member(String client, TopicPartition... partitions) {
        return new GroupDetails.Member(client + "-id", null, client, "host", List.of(partitions));
    }
}
