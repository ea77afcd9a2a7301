package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Denials;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.DescribeStreamsGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * The description of a group of any kind.
 *
 * @param state the state as Kafka names it, such as {@code Stable}
 * @param assignor the assignor of partitions, if known
 * @param epoch the epoch of the group; null for classic groups
 * @param targetEpoch the epoch of the assignment that the members are moving to; null for classic groups
 * @param authorizedOperations what the ACLs allow this server to do with the group; null if the brokers do not say
 * @param sourceTopics the topics that a streams group reads; empty for other groups
 * @param neverHadMembers whether no consumer has ever joined the group, so that its offsets come from consumers that assign
 *     partitions themselves or from a tool
 */
public record GroupDetails(
        String groupId,
        GroupKind kind,
        String state,
        @Nullable Node coordinator,
        @Nullable String assignor,
        @Nullable Integer epoch,
        @Nullable Integer targetEpoch,
        List<Member> members,
        @Nullable Set<AclOperation> authorizedOperations,
        Set<String> sourceTopics,
        boolean neverHadMembers) {

    private static final int MAX_CLIENT_IDS = 10;

    /**
     * A member of a group.
     *
     * @param partitions the assigned partitions, sorted. For streams groups they are the active tasks, with the subtopology
     *     in place of the topic
     * @param inputs the partitions that the member reads, sorted. For streams groups they are the partitions of the topics
     *     that its active tasks read, some of which may not exist
     */
    public record Member(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String host,
            List<TopicPartition> partitions,
            List<TopicPartition> inputs) {

        /** Creates a member of a group other than a streams group. */
        public Member(
                String memberId,
                @Nullable String instanceId,
                String clientId,
                String host,
                List<TopicPartition> partitions) {
            this(memberId, instanceId, clientId, host, partitions, partitions);
        }
    }

    /** Returns the description of a group that does not exist yet. */
    public static GroupDetails ofNew(String groupId) {
        return new GroupDetails(
                groupId,
                GroupKind.CLASSIC,
                GroupState.DEAD.toString(),
                null,
                null,
                null,
                null,
                List.of(),
                null,
                Set.of(),
                true);
    }

    /**
     * Describes a group with the request for its kind. The request for any consumer group would take longer for classic
     * groups, because the Admin first tries the one for KIP-848 groups.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#GROUP_NOT_FOUND} and similar names if the group does not exist
     */
    public static GroupDetails describe(AdminSession kafka, Groups groups, String groupId) {
        GroupKind kind = groups.require(groupId);
        var operation = describing(groupId);
        List<String> ids = List.of(groupId);
        try {
            return switch (kind) {
                case CONSUMER -> of(kafka.await(consumer(kafka, ids, groupId), operation));
                case SHARE ->
                    of(kafka.await(
                            known(kafka.admin()
                                    .describeShareGroups(
                                            ids,
                                            kafka.bounded(
                                                    new DescribeShareGroupsOptions().includeAuthorizedOperations(true)))
                                    .describedGroups()
                                    .get(groupId)),
                            operation));
                case STREAMS ->
                    of(kafka.await(
                            known(kafka.admin()
                                    .describeStreamsGroups(
                                            ids,
                                            kafka.bounded(new DescribeStreamsGroupsOptions()
                                                    .includeAuthorizedOperations(true)))
                                    .describedGroups()
                                    .get(groupId)),
                            operation));
                default ->
                    of(kafka.await(
                            known(kafka.admin()
                                    .describeClassicGroups(
                                            ids,
                                            kafka.bounded(new DescribeClassicGroupsOptions()
                                                    .includeAuthorizedOperations(true)))
                                    .describedGroups()
                                    .get(groupId)),
                            operation));
            };
        } catch (MCPToolError e) {
            throw e.is(KafkaErrorCode.GROUP_NOT_FOUND) ? groups.absent(groupId, e) : e;
        }
    }

    /** Returns whether the group has members. */
    public boolean active() {
        return !members.isEmpty();
    }

    /** Returns the partitions that the members read. */
    public Set<TopicPartition> inputs() {
        Set<TopicPartition> inputs = new HashSet<>();
        members.forEach(member -> inputs.addAll(member.inputs()));
        return inputs;
    }

    /** Returns the distinct client ids of the members, at most {@value #MAX_CLIENT_IDS}. */
    public List<String> clientIds() {
        return members.stream()
                .map(Member::clientId)
                .distinct()
                .sorted()
                .limit(MAX_CLIENT_IDS)
                .toList();
    }

    /**
     * Requires that the group does not have members, which Kafka requires for some changes.
     *
     * @param then what to do after the consumers have been stopped, such as {@code reset}
     * @throws MCPToolError with {@link KafkaErrorCode#GROUP_ACTIVE} and the client ids if the group has members
     */
    public void requireInactive(String then) {
        if (!active()) {
            return;
        }
        throw new MCPToolError(
                KafkaErrorCode.GROUP_ACTIVE,
                "Group '" + groupId + "' has " + members.size()
                        + (members.size() == 1 ? " running consumer" : " running consumers")
                        + " (client ids: " + String.join(", ", clientIds())
                        + "). Stop them, then " + then
                        + "; a stopped consumer stays a member until its session times out.",
                Map.of("groupId", groupId, "members", members.size(), "clientIds", clientIds()));
    }

    /**
     * Requires that no member reads a topic, as brokers require before they delete its offsets. Every partition of a topic
     * that a member subscribes to is assigned to one of the members, unless they are rebalancing.
     *
     * @param then what to do after the consumers have been stopped
     * @throws MCPToolError with {@link KafkaErrorCode#GROUP_ACTIVE} if a member reads it, or may read it
     */
    public void requireUnread(String topic, String then) {
        boolean settled = state.equals(GroupState.STABLE.toString()) && kind.commits() && kind != GroupKind.STREAMS;
        boolean reads = members.stream()
                .flatMap(member -> member.partitions().stream())
                .anyMatch(partition -> partition.topic().equals(topic));
        if (reads || !settled) {
            requireInactive(then);
        }
    }

    /**
     * Requires that the ACLs allow an operation on the group, so that the preview of a change fails where the change would.
     *
     * @param operation the change
     */
    public void requireAccess(AdminSession kafka, AclOperation needed, KafkaOperation operation) {
        Denials.require(authorizedOperations, Access.toGroup(needed, groupId), operation, kafka.cluster());
    }

    static KafkaOperation describing(String groupId) {
        return KafkaOperation.toRead(
                "describe group '" + groupId + "'",
                Map.of("groupId", groupId),
                Access.toGroup(AclOperation.DESCRIBE, groupId));
    }

    private static KafkaFuture<ConsumerGroupDescription> consumer(
            AdminSession kafka, List<String> ids, String groupId) {
        return known(kafka.admin()
                .describeConsumerGroups(
                        ids, kafka.bounded(new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true)))
                .describedGroups()
                .get(groupId));
    }

    static GroupDetails of(ConsumerGroupDescription group) {
        return new GroupDetails(
                group.groupId(),
                GroupKind.CONSUMER,
                group.groupState().toString(),
                group.coordinator(),
                blankToNull(group.partitionAssignor()),
                group.groupEpoch().orElse(null),
                group.targetAssignmentEpoch().orElse(null),
                members(group.members()),
                group.authorizedOperations(),
                Set.of(),
                false);
    }

    static GroupDetails of(ClassicGroupDescription group) {
        return new GroupDetails(
                group.groupId(),
                GroupKind.CLASSIC,
                group.state().toString(),
                group.coordinator(),
                blankToNull(group.protocolData()),
                null,
                null,
                members(group.members()),
                group.authorizedOperations(),
                Set.of(),
                group.protocol().isEmpty() && group.members().isEmpty());
    }

    private static GroupDetails of(ShareGroupDescription group) {
        return new GroupDetails(
                group.groupId(),
                GroupKind.SHARE,
                group.groupState().toString(),
                group.coordinator(),
                null,
                group.groupEpoch(),
                group.targetAssignmentEpoch(),
                group.members().stream()
                        .map(member -> new Member(
                                member.consumerId(),
                                null,
                                member.clientId(),
                                member.host(),
                                sorted(member.assignment().topicPartitions())))
                        .toList(),
                group.authorizedOperations(),
                Set.of(),
                false);
    }

    static GroupDetails of(StreamsGroupDescription group) {
        Map<String, Set<String>> topics = new HashMap<>();
        Set<String> sources = new TreeSet<>();
        group.subtopologies().forEach(subtopology -> {
            Set<String> read = new TreeSet<>(subtopology.sourceTopics());
            sources.addAll(read);
            read.addAll(subtopology.repartitionSourceTopics().keySet());
            topics.put(subtopology.subtopologyId(), read);
        });
        return new GroupDetails(
                group.groupId(),
                GroupKind.STREAMS,
                group.groupState().toString(),
                group.coordinator(),
                null,
                group.groupEpoch(),
                group.targetAssignmentEpoch(),
                group.members().stream()
                        .map(member -> new Member(
                                member.memberId(),
                                member.instanceId().orElse(null),
                                member.clientId(),
                                member.clientHost(),
                                tasks(member),
                                inputs(member, topics)))
                        .toList(),
                group.authorizedOperations(),
                sources,
                false);
    }

    private static List<Member> members(Collection<MemberDescription> members) {
        return members.stream()
                .map(member -> new Member(
                        member.consumerId(),
                        member.groupInstanceId().orElse(null),
                        member.clientId(),
                        member.host(),
                        sorted(member.assignment().topicPartitions())))
                .sorted(Comparator.comparing(Member::clientId).thenComparing(Member::memberId))
                .toList();
    }

    private static List<TopicPartition> tasks(StreamsGroupMemberDescription member) {
        return member.assignment().activeTasks().stream()
                .flatMap(task -> task.partitions().stream()
                        .map(partition -> new TopicPartition("subtopology " + task.subtopologyId(), partition)))
                .sorted(CommittedOffsets.PARTITION_ORDER)
                .toList();
    }

    private static List<TopicPartition> inputs(StreamsGroupMemberDescription member, Map<String, Set<String>> topics) {
        return member.assignment().activeTasks().stream()
                .flatMap(task -> task.partitions().stream()
                        .flatMap(partition -> topics.getOrDefault(task.subtopologyId(), Set.of()).stream()
                                .map(topic -> new TopicPartition(topic, partition))))
                .sorted(CommittedOffsets.PARTITION_ORDER)
                .toList();
    }

    private static List<TopicPartition> sorted(Collection<TopicPartition> partitions) {
        return partitions.stream().sorted(CommittedOffsets.PARTITION_ORDER).toList();
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** Returns the future for a group. The Admin returns one for each requested id. */
    private static <T> T known(@Nullable T future) {
        return Optional.ofNullable(future).orElseThrow();
    }
}
