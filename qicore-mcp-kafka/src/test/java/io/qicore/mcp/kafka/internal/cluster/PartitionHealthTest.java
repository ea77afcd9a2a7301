package io.qicore.mcp.kafka.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.internal.cluster.PartitionHealth.Problem;
import io.qicore.mcp.kafka.internal.cluster.PartitionHealth.Row;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class PartitionHealthTest {

    private final TopicDescription healthy = topic("healthy", partition(0, 1, 1, 2, 3));
    private final TopicDescription behind = topic("behind", partition(0, 3, 1, 2));
    private final TopicDescription blocked = topic("blocked", partition(0, 3, 1));
    private final TopicDescription gone = topic("gone", new TopicPartitionInfo(0, null, nodes(1), List.of()));
    private final TopicDescription single = topic("single", partition(0, 1, 1));

    @Test
    void problems_areToldWorstFirst() {
        var rows = PartitionHealth.rows(List.of(healthy, behind, blocked, gone), Map.of("behind", 2, "blocked", 2));

        assertThat(rows).extracting(Row::topic).containsExactly("gone", "blocked", "behind");
        assertThat(rows)
                .extracting(Row::problem)
                .containsExactly(Problem.OFFLINE, Problem.UNDER_MIN_ISR, Problem.UNDER_REPLICATED);
        assertThat(PartitionHealth.count(rows, Problem.UNDER_MIN_ISR)).isEqualTo(1);
    }

    @Test
    void unknownMinIsr_isNoAlarm() {
        assertThat(PartitionHealth.rows(List.of(blocked), Map.of()))
                .extracting(Row::problem)
                .containsExactly(Problem.UNDER_REPLICATED);
    }

    @Test
    void fewerReplicasThanMinIsr_areNoProblem_becauseBrokersCountAtMostTheReplicas() {
        assertThat(PartitionHealth.suspects(List.of(healthy, behind, gone, single)))
                .containsExactly("behind", "gone");
        assertThat(PartitionHealth.rows(List.of(single), Map.of("single", 2))).isEmpty();
        assertThat(PartitionHealth.rows(List.of(blocked), Map.of("blocked", 9)))
                .extracting(Row::problem)
                .containsExactly(Problem.UNDER_MIN_ISR);
    }

    private static TopicDescription topic(String name, TopicPartitionInfo partition) {
        return new TopicDescription(name, false, List.of(partition));
    }

    private static TopicPartitionInfo partition(int number, int replicas, Integer... isr) {
        return new TopicPartitionInfo(
                number,
                nodes(1).get(0),
                nodes(Stream.iterate(1, i -> i + 1).limit(replicas).toArray(Integer[]::new)),
                nodes(isr));
    }

    private static List<Node> nodes(Integer... ids) {
        return Stream.of(ids).map(id -> new Node(id, "broker-" + id, 9092)).toList();
    }
}
