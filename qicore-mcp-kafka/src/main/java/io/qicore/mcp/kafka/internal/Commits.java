package io.qicore.mcp.kafka.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Offsets that groups have committed, asked for many groups at once: one request per coordinator. Made by
 * {@link #request}, which does not wait.
 */
final class Commits {

    /** By topic, then by number. */
    static final Comparator<TopicPartition> PARTITION_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final AdminSession kafka;
    private final @Nullable Collection<TopicPartition> partitions;
    private final ListConsumerGroupOffsetsResult result;

    private Commits(
            AdminSession kafka,
            @Nullable Collection<TopicPartition> partitions,
            ListConsumerGroupOffsetsResult result) {
        this.kafka = kafka;
        this.partitions = partitions;
        this.result = result;
    }

    /**
     * Asks without waiting.
     *
     * @param partitions null for all on which a group has committed
     */
    static Commits request(
            AdminSession kafka, Collection<String> groupIds, @Nullable Collection<TopicPartition> partitions) {
        var spec = new ListConsumerGroupOffsetsSpec();
        spec.topicPartitions(partitions);
        Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
        groupIds.forEach(id -> specs.put(id, spec));
        var options = kafka.bounded(new ListConsumerGroupOffsetsOptions());
        return new Commits(kafka, partitions, kafka.admin().listConsumerGroupOffsets(specs, options));
    }

    /**
     * Waits for those of one group, without topics that the policy does not allow.
     *
     * @return of the partitions that were asked for, null for one without a commit; the Admin leaves one out that it
     *     could not read
     */
    Map<TopicPartition, @Nullable OffsetAndMetadata> await(String groupId) {
        var attempt = Attempt.toRead("read the offsets of group '" + groupId + "'", Map.of("groupId", groupId));
        Map<TopicPartition, OffsetAndMetadata> committed =
                kafka.await(result.partitionsToOffsetAndMetadata(groupId), attempt);
        Permissions permissions = kafka.permissions();
        if (partitions != null || permissions.everyTopic()) {
            // Not copied: on a large cluster there are very many.
            return committed;
        }
        Map<TopicPartition, @Nullable OffsetAndMetadata> allowed = new HashMap<>(committed);
        allowed.keySet().removeIf(partition -> !permissions.topic(partition.topic()));
        return allowed;
    }

    /** The offsets of one group on all its partitions, sorted; {@link #request} and {@link #await}. */
    static Map<TopicPartition, Long> of(AdminSession kafka, String groupId) {
        Map<TopicPartition, Long> sorted = new TreeMap<>(PARTITION_ORDER);
        request(kafka, List.of(groupId), null).await(groupId).forEach((partition, commit) -> {
            if (commit != null) {
                sorted.put(partition, commit.offset());
            }
        });
        return sorted;
    }
}
