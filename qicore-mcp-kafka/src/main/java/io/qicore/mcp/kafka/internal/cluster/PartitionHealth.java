package io.qicore.mcp.kafka.internal.cluster;

import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** Finds problems of partitions in the descriptions of their topics. */
final class PartitionHealth {

    /** The problems of a partition, from the worst to the mildest. */
    enum Problem {
        /** The partition does not have a leader, so it can be neither read nor written. */
        OFFLINE,
        /** Fewer replicas than {@code min.insync.replicas} are in sync, so writes with {@code acks=all} fail. */
        UNDER_MIN_ISR,
        /** At least one replica is not in sync. */
        UNDER_REPLICATED
    }

    record Row(
            @Schema("The name of the topic") String topic,
            @Schema("The number of the partition") int partition,

            @Schema(
                    "The worst problem of the partition. OFFLINE: it does not have a leader. UNDER_MIN_ISR: fewer replicas"
                            + " than min.insync.replicas are in sync. UNDER_REPLICATED: a replica is not in sync")
            Problem problem,

            @Schema("The ids of the brokers that should hold a replica")
            List<Integer> replicas,

            @Schema("The ids of the brokers whose replica is in sync")
            List<Integer> isr,

            @Schema("min.insync.replicas of the topic; absent if it was not needed or could not be read") @Nullable
            Integer minIsr) {}

    private PartitionHealth() {}

    /**
     * Returns the topics for which {@code min.insync.replicas} matters, because replicas are not in sync. If all are, writes
     * succeed whatever the setting is: brokers since Kafka 3.7 count at most the replicas of a partition (KAFKA-15583).
     */
    static Set<String> suspects(Collection<TopicDescription> topics) {
        return topics.stream()
                .filter(topic -> topic.partitions().stream().anyMatch(PartitionHealth::underReplicated))
                .map(TopicDescription::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns the partitions with a problem, the worst first.
     *
     * @param minIsr {@code min.insync.replicas} by topic, for the topics where it is known
     */
    static List<Row> rows(Collection<TopicDescription> topics, Map<String, Integer> minIsr) {
        List<Row> rows = new ArrayList<>();
        for (TopicDescription topic : topics) {
            Integer least = minIsr.get(topic.name());
            for (TopicPartitionInfo info : topic.partitions()) {
                Problem problem = problem(info, least);
                if (problem != null) {
                    rows.add(new Row(
                            topic.name(), info.partition(), problem, ids(info.replicas()), ids(info.isr()), least));
                }
            }
        }
        rows.sort(Comparator.comparing(Row::problem));
        return rows;
    }

    static long count(List<Row> rows, Problem problem) {
        return rows.stream().filter(row -> row.problem() == problem).count();
    }

    static boolean underReplicated(TopicPartitionInfo info) {
        return info.isr().size() < info.replicas().size();
    }

    private static @Nullable Problem problem(TopicPartitionInfo info, @Nullable Integer minIsr) {
        if (Topics.leader(info) == null) {
            return Problem.OFFLINE;
        }
        if (minIsr != null
                && info.isr().size() < Math.min(minIsr, info.replicas().size())) {
            return Problem.UNDER_MIN_ISR;
        }
        return underReplicated(info) ? Problem.UNDER_REPLICATED : null;
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
