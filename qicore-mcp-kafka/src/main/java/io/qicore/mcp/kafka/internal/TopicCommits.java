package io.qicore.mcp.kafka.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

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
        var spec = new ListConsumerGroupOffsetsSpec()
                .topicPartitions(topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                        .toList());
        Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
        ids.forEach(id -> specs.put(id, spec));
        var requested =
                kafka.admin().listConsumerGroupOffsets(specs, kafka.bounded(new ListConsumerGroupOffsetsOptions()));
        for (String id : ids) {
            var attempt = Attempt.toRead("read the offsets of group '" + id + "'", Map.of("groupId", id));
            warnings.attempt(() -> kafka.await(requested.partitionsToOffsetAndMetadata(id), attempt))
                    .map(TopicCommits::offsets)
                    .filter(offsets -> !offsets.isEmpty())
                    .ifPresent(offsets -> commits.put(id, offsets));
        }
        return commits;
    }

    private static Map<Integer, Long> offsets(Map<TopicPartition, OffsetAndMetadata> commits) {
        Map<Integer, Long> offsets = new TreeMap<>();
        commits.forEach((partition, commit) -> {
            // Kafka's word for "none".
            if (commit != null) {
                offsets.put(partition.partition(), commit.offset());
            }
        });
        return offsets;
    }
}
