package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.DescribeStreamsGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The groups that read a topic. Reading them takes a few requests to each broker, whatever the number of groups.
 *
 * @param commits the committed offsets of groups on the topic, by group and partition
 * @param live the groups with a running consumer that is assigned a partition of the topic, whether it commits or not
 */
public record TopicReaders(SortedMap<String, Map<Integer, Long>> commits, SortedSet<String> live) {

    /** Reads the groups. What cannot be read becomes a warning. */
    public static TopicReaders of(AdminSession kafka, TopicDescription topic, Warnings warnings) {
        var readers = new TopicReaders(new TreeMap<>(), new TreeSet<>());
        Groups groups = warnings.attempt(() -> Groups.list(kafka)).orElse(null);
        if (groups == null) {
            return readers;
        }
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        List<Described> described = describe(kafka, groups);
        readers.readCommits(kafka, topic, groups.committing(), warnings);
        for (Described group : described) {
            warnings.attempt(() -> kafka.await(group.reads(topic.name()), GroupDetails.describing(group.id())))
                    .filter(reads -> reads)
                    .ifPresent(reads -> readers.live.add(group.id()));
        }
        return readers;
    }

    /** The description of one group, on its way, as a function of a topic: whether a member reads it. */
    private record Described(String id, Function<String, KafkaFuture<Boolean>> reader) {
        KafkaFuture<Boolean> reads(String topic) {
            return reader.apply(topic);
        }
    }

    private void readCommits(AdminSession kafka, TopicDescription topic, List<String> ids, Warnings warnings) {
        if (ids.isEmpty()) {
            return;
        }
        CommittedOffsets requested = CommittedOffsets.request(
                kafka,
                ids,
                topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                        .toList());
        for (String id : ids) {
            warnings.attempt(() -> requested.await(id))
                    .map(TopicReaders::offsets)
                    .filter(offsets -> !offsets.isEmpty())
                    .ifPresent(offsets -> commits.put(id, offsets));
        }
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

    /** Requests the descriptions of all groups that may have members, with one request for each kind. Does not wait. */
    private static List<Described> describe(AdminSession kafka, Groups groups) {
        Map<GroupKind, List<String>> ids = new EnumMap<>(GroupKind.class);
        for (GroupListing group : groups.all()) {
            GroupState state = group.groupState().orElse(GroupState.UNKNOWN);
            if (state != GroupState.EMPTY && state != GroupState.DEAD) {
                ids.computeIfAbsent(GroupKind.of(group), unused -> new ArrayList<>())
                        .add(group.groupId());
            }
        }
        List<Described> described = new ArrayList<>();
        ids.forEach((kind, wanted) -> {
            switch (kind) {
                case CLASSIC ->
                    add(
                            described,
                            kafka.admin()
                                    .describeClassicGroups(wanted, kafka.bounded(new DescribeClassicGroupsOptions()))
                                    .describedGroups(),
                            (group, topic) -> assigned(group.members(), topic));
                case CONSUMER ->
                    add(
                            described,
                            kafka.admin()
                                    .describeConsumerGroups(wanted, kafka.bounded(new DescribeConsumerGroupsOptions()))
                                    .describedGroups(),
                            (group, topic) -> assigned(group.members(), topic));
                case SHARE ->
                    add(
                            described,
                            kafka.admin()
                                    .describeShareGroups(wanted, kafka.bounded(new DescribeShareGroupsOptions()))
                                    .describedGroups(),
                            (group, topic) -> group.members().stream()
                                    .anyMatch(member ->
                                            on(topic, member.assignment().topicPartitions())));
                case STREAMS ->
                    add(
                            described,
                            kafka.admin()
                                    .describeStreamsGroups(wanted, kafka.bounded(new DescribeStreamsGroupsOptions()))
                                    .describedGroups(),
                            (group, topic) -> !group.members().isEmpty()
                                    && group.subtopologies().stream()
                                            .anyMatch(
                                                    part -> part.sourceTopics().contains(topic)
                                                            || part.repartitionSourceTopics()
                                                                    .containsKey(topic)));
                case OTHER -> {
                    // Groups of Kafka Connect and the like do not read topics.
                }
            }
        });
        return described;
    }

    private interface Reads<G> {
        boolean test(G group, String topic);
    }

    private static <G> void add(List<Described> described, Map<String, KafkaFuture<G>> futures, Reads<G> reads) {
        futures.forEach((id, future) ->
                described.add(new Described(id, topic -> future.thenApply(group -> reads.test(group, topic)))));
    }

    private static boolean assigned(Collection<MemberDescription> members, String topic) {
        return members.stream().anyMatch(member -> on(topic, member.assignment().topicPartitions()));
    }

    private static boolean on(String topic, Collection<TopicPartition> partitions) {
        return partitions.stream().anyMatch(partition -> partition.topic().equals(topic));
    }
}
