package io.qicore.mcp.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.internal.GroupLag.Partition;
import io.qicore.mcp.kafka.internal.GroupLag.Reason;
import io.qicore.mcp.kafka.internal.LogOffsets.Offset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupLagTest {

    private final Map<Integer, Offset> ends = new LinkedHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    @Test
    void lag_isTheSumOverThePartitions() {
        partition(0, 100L, 40L);
        partition(1, 10L, 10L);

        var lag = lag();

        assertThat(lag.lag()).isEqualTo(60);
        assertThat(lag.unknownPartitions()).isNull();
        assertThat(lag.partitions())
                .containsExactly(new Partition(0, 40L, 100L, 60L, null), new Partition(1, 10L, 10L, 0L, null));
    }

    @Test
    void partitionWithoutCommit_isNoLagAndSaysSo() {
        partition(0, 100L, 99L);
        partition(1, 1_000_000L, null);

        var lag = lag();

        assertThat(lag.lag()).isEqualTo(1);
        assertThat(lag.unknownPartitions()).isEqualTo(1);
        assertThat(lag.partitions()).contains(new Partition(1, null, 1_000_000L, null, Reason.UNCOMMITTED));
        assertThat(lag.consumes()).isTrue();
    }

    @Test
    void groupWithoutAnyCommit_doesNotConsumeTheTopic() {
        partition(0, 100L, null);

        assertThat(lag().consumes()).isFalse();
    }

    @Test
    void offsetThatTheAdminDropped_isUnknownAndNotUncommitted() {
        ends.put(0, new Offset(100L, null));

        assertThat(lag().partitions())
                .containsExactly(new Partition(0, null, 100L, null, Reason.COMMITTED_OFFSET_UNKNOWN));
        assertThat(lag().consumes()).isTrue();
    }

    @Test
    void partitionWithoutEnd_keepsItsCommit() {
        partition(0, null, 7L);

        assertThat(lag().partitions()).containsExactly(new Partition(0, 7L, null, null, Reason.END_OFFSET_UNKNOWN));
    }

    @Test
    void commitBeyondTheEnd_isNoNegativeLag() {
        partition(0, 5L, 9L);
        partition(1, 5L, 2L);

        assertThat(lag().lag()).isEqualTo(3);
        assertThat(lag().partitions()).contains(new Partition(0, 9L, 5L, 0L, Reason.AHEAD_OF_END));
    }

    @Test
    void worstGroup_comesFirstAndEqualOnesByName() {
        assertThat(Stream.of(group("b", 1), group("c", 9), group("a", 1)).sorted(GroupLag.WORST_FIRST))
                .extracting(GroupLag::groupId)
                .containsExactly("c", "a", "b");
    }

    private static GroupLag group(String id, long lag) {
        return new GroupLag(id, lag, null, null, null);
    }

    private void partition(int number, Long end, Long commit) {
        ends.put(number, new Offset(end, null));
        committed.put(new TopicPartition("t", number), commit == null ? null : new OffsetAndMetadata(commit));
    }

    private GroupLag lag() {
        return GroupLag.of("g", "Stable", "t", ends, committed);
    }
}
