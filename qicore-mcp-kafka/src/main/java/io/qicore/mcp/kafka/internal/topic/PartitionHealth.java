package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** What is wrong with the partitions of topics, from their description alone. */
final class PartitionHealth {

    /** From worst to mildest. */
    enum Problem {
        /** No leader: neither reads nor writes. */
        OFFLINE,
        /** Fewer copies in sync than {@code min.insync.replicas}: no writes with {@code acks=all}. */
        UNDER_MIN_ISR,
        /** Copies are behind or gone. */
        UNDER_REPLICATED
    }

    record Row(
            String topic,
            int partition,

            @Schema("The worst that applies") Problem problem,

            List<Integer> replicas,
            List<Integer> isr,
            @Nullable Integer minIsr) {}

    private PartitionHealth() {}

    /**
     * The topics whose {@code min.insync.replicas} matter: where copies are missing, or where there were too few from
     * the start.
     *
     * @param clusterMinIsr what topics inherit
     */
    static Set<String> suspects(Collection<TopicDescription> topics, int clusterMinIsr) {
        Set<String> suspects = new TreeSet<>();
        for (TopicDescription topic : topics) {
            if (topic.partitions().stream()
                    .anyMatch(info -> underReplicated(info) || info.isr().size() < clusterMinIsr)) {
                suspects.add(topic.name());
            }
        }
        return suspects;
    }

    /**
     * The partitions with a problem, the worst first.
     *
     * @param minIsr {@code min.insync.replicas} by topic, as far as known
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
        if (minIsr != null && info.isr().size() < minIsr) {
            return Problem.UNDER_MIN_ISR;
        }
        return underReplicated(info) ? Problem.UNDER_REPLICATED : null;
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
