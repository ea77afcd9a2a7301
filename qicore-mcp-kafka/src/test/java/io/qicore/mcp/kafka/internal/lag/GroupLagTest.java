package io.qicore.mcp.kafka.internal.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupLagTest {

    private final Map<TopicPartition, Bounds> logs = new LinkedHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Set<TopicPartition> assigned = new HashSet<>();

    @Test
    void lag_isTheSumOverThePartitions() {
        partition(0, 100L, 40L);
        partition(1, 10L, 10L);

        assertThat(lag().lag()).isEqualTo(60);
        assertThat(lag().unknownPartitions()).isZero();
        assertThat(lag().partitions()).extracting(PartitionLag::lag).containsExactly(60L, 0L);
        assertThat(reasons()).containsOnlyNulls();
    }

    @Test
    void partitionWithoutCommit_hasUnknownLagAndAReason() {
        partition(0, 100L, 99L);
        partition(1, 1_000_000L, null);

        assertThat(lag().lag()).isEqualTo(1);
        assertThat(lag().unknownPartitions()).isEqualTo(1);
        assertThat(reasons()).containsExactly(null, LagReason.UNCOMMITTED);
        assertThat(lag().consumes()).isTrue();
    }

    @Test
    void assignedPartitionWithoutCommit_isUnknown_withThePossibleAmount() {
        logs.put(id(0), new Bounds(1_000L, 400L, 1_000L, null));
        committed.put(id(0), null);
        partition(1, 10L, 10L);
        assigned.add(id(0));

        assertThat(lag().lag()).isZero();
        assertThat(lag().unknownPartitions()).isOne();
        assertThat(lag().possible()).isEqualTo(600);
        assertThat(lag().consumes()).isTrue();
        assertThat(lag().complete()).isFalse();
        assertThat(reasons()).containsExactly(LagReason.UNCOMMITTED, null);

        var ofGroup = GroupLag.of("g", "Stable", null, assigned, Map.of(id(1), new OffsetAndMetadata(10)), logs);
        assertThat(ofGroup.partitions()).extracting(PartitionLag::id).containsExactly(id(1), id(0));
        assertThat(ofGroup.possible()).isEqualTo(600);
    }

    @Test
    void groupsWithPossibleLag_comeBeforeThoseWithout() {
        logs.put(id(0), new Bounds(1_000L, 0L, 1_000L, null));
        committed.put(id(0), null);
        assigned.add(id(0));

        assertThat(Stream.of(group("a", 0), lag(), group("z", 1)).sorted(GroupLag.WORST_FIRST))
                .extracting(GroupLag::groupId)
                .containsExactly("z", "g", "a");
    }

    @Test
    void groupWithoutAnyCommit_doesNotConsumeTheTopic() {
        partition(0, 100L, null);

        assertThat(lag().consumes()).isFalse();
    }

    @Test
    void offsetThatTheAdminDropped_isUnknownAndNotUncommitted() {
        logs.put(id(0), new Bounds(100L, null, null, null));

        assertThat(reasons()).containsExactly(LagReason.COMMITTED_OFFSET_UNKNOWN);
        assertThat(lag().consumes()).isTrue();
    }

    @Test
    void partitionWithUnknownEnd_hasAReasonAndIsNotInTheTotal() {
        broken(0, KafkaErrorCode.TOPIC_NOT_FOUND);
        broken(1, StandardErrorCode.NOT_AUTHORIZED);
        broken(2, KafkaErrorCode.BROKER_UNAVAILABLE);
        broken(3, KafkaErrorCode.UNSUPPORTED_BY_BROKER);

        assertThat(reasons())
                .containsExactly(
                        LagReason.TOPIC_DELETED,
                        LagReason.NOT_AUTHORIZED,
                        LagReason.LEADER_UNAVAILABLE,
                        LagReason.BROKER_TOO_OLD);
        assertThat(lag().lag()).isZero();
        assertThat(lag().unknownPartitions()).isEqualTo(4);
        assertThat(lag().partitions()).extracting(PartitionLag::committedOffset).containsOnly(7L);
    }

    @Test
    void commitBeyondTheEnd_hasALagOfZero() {
        partition(0, 5L, 9L);
        partition(1, 5L, 2L);

        assertThat(lag().lag()).isEqualTo(3);
        assertThat(reasons()).containsExactly(LagReason.AHEAD_OF_END, null);
    }

    @Test
    void commitBelowTheStart_isExpiredAndCountsLostRecords() {
        logs.put(id(0), new Bounds(100L, 30L, 100L, null));
        committed.put(id(0), new OffsetAndMetadata(10));

        assertThat(reasons()).containsExactly(LagReason.OFFSET_EXPIRED);
        assertThat(lag().lost()).isEqualTo(20);
        assertThat(lag().lag()).isEqualTo(90);
        assertThat(lag().waiting()).isEqualTo(70);
    }

    @Test
    void openTransaction_showsBothLags() {
        logs.put(id(0), new Bounds(100L, 0L, 60L, null));
        committed.put(id(0), new OffsetAndMetadata(50));
        partition(1, 20L, 10L);

        assertThat(lag().lag()).isEqualTo(60);
        assertThat(lag().lagToStable()).isEqualTo(20);
    }

    @Test
    void worstPartitions_areKeptWhenThereAreTooMany() {
        IntStream.range(0, 50).forEach(i -> partition(i, 1_000L + i, 1_000L));

        GroupLagRow few = GroupLagRow.worst(lag(), 3, true);

        assertThat(few.partitions())
                .extracting(GroupLagRow.Partition::partition)
                .containsExactly(49, 48, 47);
        assertThat(few.partitions()).extracting(GroupLagRow.Partition::topic).containsOnlyNulls();
        assertThat(few.partitionCount()).isEqualTo(50);
        assertThat(GroupLagRow.worst(lag(), 50, false).partitionCount()).isNull();
    }

    @Test
    void groupsAreSortedByLagThenById() {
        assertThat(Stream.of(group("b", 1), group("c", 9), group("a", 1)).sorted(GroupLag.WORST_FIRST))
                .extracting(GroupLag::groupId)
                .containsExactly("c", "a", "b");
    }

    private static GroupLag group(String id, long lag) {
        return new GroupLag(id, null, null, List.of(), lag, null, 0, 0, 0, null);
    }

    private static TopicPartition id(int partition) {
        return new TopicPartition("t", partition);
    }

    private void partition(int number, Long end, Long commit) {
        logs.put(id(number), new Bounds(end, null, null, null));
        committed.put(id(number), commit == null ? null : new OffsetAndMetadata(commit));
    }

    private void broken(int number, ErrorCode code) {
        logs.put(id(number), new Bounds(null, null, null, new MCPToolError(code, "x", Map.of())));
        committed.put(id(number), new OffsetAndMetadata(7));
    }

    private List<LagReason> reasons() {
        return lag().partitions().stream().map(PartitionLag::reason).toList();
    }

    private GroupLag lag() {
        return GroupLag.of("g", "Stable", null, logs.keySet(), assigned, committed, logs);
    }
}
