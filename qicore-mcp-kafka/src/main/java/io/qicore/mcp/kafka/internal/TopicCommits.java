package io.qicore.mcp.kafka.internal;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Which groups have committed offsets on a topic: one request to each broker and one to each group coordinator. */
final class TopicCommits {

    private TopicCommits() {}

    /** The committed offsets by partition, by group; groups without any are left out. */
    static SortedMap<String, Map<Integer, Long>> read(AdminSession kafka, TopicDescription topic, Warnings warnings) {
        SortedMap<String, Map<Integer, Long>> commits = new TreeMap<>();
        Groups groups = warnings.attempt(() -> Groups.await(kafka, Groups.request(kafka)))
                .orElse(null);
        if (groups == null) {
            return commits;
        }
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        List<String> ids = groups.committing();
        if (ids.isEmpty()) {
            return commits;
        }
        Commits requested = Commits.request(
                kafka,
                ids,
                topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                        .toList());
        for (String id : ids) {
            warnings.attempt(() -> requested.await(id))
                    .map(TopicCommits::offsets)
                    .filter(offsets -> !offsets.isEmpty())
                    .ifPresent(offsets -> commits.put(id, offsets));
        }
        return commits;
    }

    private static Map<Integer, Long> offsets(Map<TopicPartition, @Nullable OffsetAndMetadata> commits) {
        Map<Integer, Long> offsets = new TreeMap<>();
        commits.forEach((partition, commit) -> {
            if (commit != null) {
                offsets.put(partition.partition(), commit.offset());
            }
        });
        return offsets;
    }
}
