package io.qicore.mcp.kafka.internal.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.ArgumentMatchers.anyMap;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.StreamingConsumerMCPServer;
import io.qicore.mcp.kafka.internal.admin.Calls;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.DescribeClassicGroupsResult;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListGroupsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.ClassicGroupState;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lag tools on clusters that answer only in part, and the number of requests that they send. */
class GetConsumerLagToolTest {

    private static final String TOPIC = "orders";
    private static final String COORDINATORS = "__consumer_offsets";
    private static final Node BROKER = new Node(0, "broker", 9092);

    private final Admin admin = mock(Admin.class);
    private final ListConsumerGroupOffsetsResult commits = mock(ListConsumerGroupOffsetsResult.class);
    private final List<GroupListing> groups = new ArrayList<>();
    private final Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> committedBy = new HashMap<>();
    private final List<Throwable> groupErrors = new ArrayList<>();
    private final Map<String, Set<TopicPartition>> assigned = new HashMap<>();
    private long start;
    private final Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> ends = new LinkedHashMap<>();
    private final StreamingConsumerMCPServer server = new StreamingConsumerMCPServer(admin);

    @BeforeEach
    void answer() {
        topic(partition(0, BROKER));
        ends.put(new TopicPartition(TOPIC, 0), KafkaFuture.completedFuture(end(100)));
        var listed = mock(ListGroupsResult.class);
        when(listed.valid()).thenReturn(KafkaFuture.completedFuture(groups));
        when(listed.errors()).thenReturn(KafkaFuture.completedFuture(groupErrors));
        when(admin.listGroups(any(ListGroupsOptions.class))).thenReturn(listed);
        when(admin.listConsumerGroupOffsets(anyMap(), any(ListConsumerGroupOffsetsOptions.class)))
                .thenReturn(commits);
        when(commits.partitionsToOffsetAndMetadata(anyString()))
                .thenAnswer(call -> committedBy.get(call.<String>getArgument(0)));
        when(admin.listOffsets(anyMap(), any(ListOffsetsOptions.class))).thenAnswer(call -> {
            Map<TopicPartition, OffsetSpec> specs = call.getArgument(0);
            boolean starts = specs.values().stream().anyMatch(OffsetSpec.EarliestSpec.class::isInstance);
            return new ListOffsetsResult(starts ? starts(specs.keySet()) : ends);
        });
        when(admin.describeClassicGroups(anyCollection(), any(DescribeClassicGroupsOptions.class)))
                .thenAnswer(call -> {
                    var result = mock(DescribeClassicGroupsResult.class);
                    when(result.describedGroups()).thenReturn(described(call.getArgument(0)));
                    return result;
                });
    }

    private Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> starts(Collection<TopicPartition> partitions) {
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> starts = new HashMap<>();
        partitions.forEach(partition -> starts.put(partition, KafkaFuture.completedFuture(end(start))));
        return starts;
    }

    private Map<String, KafkaFuture<ClassicGroupDescription>> described(Collection<String> ids) {
        Map<String, KafkaFuture<ClassicGroupDescription>> described = new HashMap<>();
        for (String id : ids) {
            var partitions = assigned.getOrDefault(id, Set.of());
            var members = partitions.isEmpty()
                    ? List.<MemberDescription>of()
                    : List.of(new MemberDescription(
                            "member",
                            Optional.empty(),
                            Optional.empty(),
                            "client",
                            "host",
                            new MemberAssignment(partitions),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
            described.put(
                    id,
                    KafkaFuture.completedFuture(new ClassicGroupDescription(
                            id, "consumer", "range", members, ClassicGroupState.STABLE, BROKER)));
        }
        return described;
    }

    @Test
    void manyGroups_costNoMoreRequestsThanOne() throws Exception {
        IntStream.range(0, 300).forEach(i -> group("g" + i, i));

        assertThat(lag(Map.of("topic", TOPIC)).path("lag").intValue()).isEqualTo(100);

        verify(admin, times(2)).describeTopics(anyCollection(), any());
        verify(admin).listGroups(any());
        verify(admin, times(1)).listConsumerGroupOffsets(anyMap(), any());
        verify(admin, times(1)).describeClassicGroups(anyCollection(), any());
        verify(admin, times(3)).listOffsets(anyMap(), any());
        verifyNoMoreInteractions(admin);
    }

    @Test
    void groupThatMayNotBeRead_isAWarningAndNotCountedAsZero() throws Exception {
        group("open", 60);
        group("closed", failed(GroupAuthorizationException.forGroupId("closed")));

        var report = lag(Map.of("topic", TOPIC));

        assertThat(report.path("lag").intValue()).isEqualTo(40);
        assertThat(report.path("groups")).hasSize(1);
        assertThat(report.path("warnings").path(0).textValue()).contains("read the offsets of group 'closed'");
    }

    @Test
    void noReadableGroup_failsTheCall() {
        group("closed", failed(GroupAuthorizationException.forGroupId("closed")));

        assertFails("NOT_AUTHORIZED", Map.of("topic", TOPIC));
    }

    @Test
    void brokerThatDoesNotListItsGroups_isAWarning() throws Exception {
        group("open", 60);
        groupErrors.add(new CoordinatorNotAvailableException("x"));

        var report = lag(Map.of("topic", TOPIC));

        assertThat(report.path("lag").intValue()).isEqualTo(40);
        assertThat(report.path("warnings").path(0).textValue()).contains("list the consumer groups");
        // The other broker may have this group, so its existence is unknown.
        var unanswered = mock(DescribeConsumerGroupsResult.class);
        when(unanswered.describedGroups()).thenReturn(Map.of("other", failed(new TimeoutException("x"))));
        when(admin.describeConsumerGroups(anyCollection(), any(DescribeConsumerGroupsOptions.class)))
                .thenReturn(unanswered);
        assertFails("BROKER_UNAVAILABLE", Map.of("topic", TOPIC, "groupId", "other"));
    }

    @Test
    void noBrokerThatListsItsGroups_failsTheCall() {
        groupErrors.add(new TimeoutException("x"));

        assertFails("BROKER_UNAVAILABLE", Map.of("topic", TOPIC));
    }

    @Test
    void noKnownEnd_failsTheCallInsteadOfALagOfZero() {
        group("open", 60);
        ends.put(new TopicPartition(TOPIC, 0), failed(new TopicAuthorizationException("x")));

        assertFails("NOT_AUTHORIZED", Map.of("topic", TOPIC));

        topic(partition(0, null));
        assertFails("BROKER_UNAVAILABLE", Map.of("topic", TOPIC));
    }

    @Test
    void groupsOfOtherKinds_areLeftOutAndNamedAsSuch() throws Exception {
        groups.add(new GroupListing("connect", Optional.of(GroupType.CLASSIC), "connect", Optional.empty()));

        assertThat(lag(Map.of("topic", TOPIC)).path("groupCount").intValue()).isZero();

        assertThatThrownBy(() -> lag(Map.of("topic", TOPIC, "groupId", "connect")))
                .hasMessageContaining("is a connect group, not a consumer group");
    }

    @Test
    void deletedTopic_isARowWithItsReason() throws Exception {
        var gone = new TopicPartition("gone", 0);
        group(
                "orphan",
                KafkaFuture.completedFuture(Map.of(
                        new TopicPartition(TOPIC, 0), new OffsetAndMetadata(60), gone, new OffsetAndMetadata(7))));
        ends.put(gone, failed(new UnknownTopicOrPartitionException("x")));

        var group = lag(Map.of("groupId", "orphan")).path("groups").path(0);

        assertThat(group.path("lag").intValue()).isEqualTo(40);
        assertThat(group.path("unknownPartitions").intValue()).isOne();
        assertThat(group.path("partitions").path(0).path("reason").textValue()).isEqualTo("TOPIC_DELETED");

        var abandoned = Calls.call(server, "list_abandoned_offsets", Map.of()).path("groups");
        assertThat(abandoned.path(0).path("deleted").path("gone").textValue()).isEqualTo("0");
        assertThat(abandoned.path(0).has("unused")).isFalse();
    }

    @Test
    void responseThatNeverComes_endsTheCall() throws Exception {
        group("open", 60);
        ends.put(new TopicPartition(TOPIC, 0), new KafkaFutureImpl<>());
        topic(partition(0, null));

        assertFails("BROKER_UNAVAILABLE", Map.of("groupId", "open"));
    }

    @Test
    void oneGroupOfManyPartitions_costsTwoRounds_andShowsExpiredOffsets() throws Exception {
        start = 25;
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (int partition = 0; partition < 50; partition++) {
            committed.put(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(partition));
            ends.put(new TopicPartition(TOPIC, partition), KafkaFuture.completedFuture(end(1_000_000)));
        }
        group("wide", KafkaFuture.completedFuture(committed));

        var answer = lag(Map.of("groupId", "wide"));

        assertThat(answer.toString()).hasSizeLessThan(2048);
        assertThat(answer.path("groups").path(0).path("partitionCount").intValue())
                .isEqualTo(50);
        assertThat(answer.path("groups").path(0).path("lost").intValue()).isEqualTo(25 * 26 / 2);
        // The offsets and the members are requested at once, and then both bounds of the logs.
        var inOrder = inOrder(admin);
        inOrder.verify(admin).listConsumerGroupOffsets(anyMap(), any());
        inOrder.verify(admin).describeClassicGroups(anyCollection(), any());
        inOrder.verify(admin, times(2)).listOffsets(anyMap(), any());
        verifyNoMoreInteractions(admin);
    }

    @Test
    void thousandsOfGroups_areScannedInChunks_andTheCursorContinues() throws Exception {
        IntStream.range(0, 1_200).forEach(i -> group("g%04d".formatted(i), i % 100));

        var found = Calls.call(server, "find_lagging_groups", Map.of("top", 3));

        assertThat(found.path("scanned").intValue()).isEqualTo(1_200);
        assertThat(found.path("complete").booleanValue()).isTrue();
        assertThat(found.path("groups").findValuesAsText("groupId")).containsExactly("g0000", "g0100", "g0200");
        verify(admin, times(3)).listConsumerGroupOffsets(anyMap(), any());
        verify(admin, times(3)).describeClassicGroups(anyCollection(), any());
        verify(admin, times(2)).listOffsets(anyMap(), any());

        String cursor = LagScan.CURSORS.write(List.of("g1099"));
        var rest = Calls.call(server, "find_lagging_groups", Map.of("top", 1, "cursor", cursor));
        assertThat(rest.path("scanned").intValue()).isEqualTo(100);
        assertThat(rest.path("groups").path(0).path("groupId").textValue()).isEqualTo("g1100");
    }

    @Test
    void groupsThatReadWithoutACommit_areNamedEvenIfTheirKnownLagIsTooSmall() throws Exception {
        group("behind", 60);
        for (int i = 0; i < 7; i++) {
            group("started-" + i, KafkaFuture.completedFuture(Map.of()));
            assigned.put("started-" + i, Set.of(new TopicPartition(TOPIC, 0)));
        }
        start = 10;

        var found = Calls.call(server, "find_lagging_groups", Map.of());

        assertThat(found.path("groups").findValuesAsText("groupId")).containsExactly("behind");
        assertThat(found.path("warnings").path(0).textValue())
                .contains("'started-0' (up to 90)", "and 2 more", "explain_lag");
        assertThat(Calls.call(server, "find_lagging_groups", Map.of("minLag", 0))
                        .path("groups")
                        .path(1))
                .hasToString("{\"groupId\":\"started-0\",\"lag\":0,\"state\":\"Stable\",\"unknownPartitions\":1}");
        assertThat(lag(Map.of("topic", TOPIC)).path("groups").findValuesAsText("groupId"))
                .hasSize(8)
                .startsWith("behind", "started-0");
    }

    @Test
    void chunkThatTimesOut_endsTheScanWithACursor() throws Exception {
        IntStream.range(0, LagScan.CHUNK).forEach(i -> group("a%04d".formatted(i), 60));
        group("b", failed(new TimeoutException("x")));

        var found = Calls.call(server, "find_lagging_groups", Map.of());

        assertThat(found.path("complete").booleanValue()).isFalse();
        assertThat(found.path("scanned").intValue()).isEqualTo(LagScan.CHUNK);
        assertThat(found.path("cursor").textValue()).isNotBlank();
    }

    private JsonNode lag(Map<String, ?> arguments) throws Exception {
        return Calls.call(server, "get_consumer_lag", arguments);
    }

    private void assertFails(String code, Map<String, ?> arguments) {
        assertThatThrownBy(() -> lag(arguments))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    private void group(String id, long committed) {
        group(id, KafkaFuture.completedFuture(Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(committed))));
    }

    private void group(String id, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> committed) {
        groups.add(new GroupListing(id, Optional.of(GroupType.CLASSIC), "consumer", Optional.of(GroupState.STABLE)));
        committedBy.put(id, committed);
    }

    private void topic(TopicPartitionInfo... partitions) {
        var described = mock(DescribeTopicsResult.class);
        when(described.topicNameValues())
                .thenReturn(Map.of(
                        TOPIC,
                        KafkaFuture.completedFuture(new TopicDescription(TOPIC, false, List.of(partitions))),
                        COORDINATORS,
                        KafkaFuture.completedFuture(
                                new TopicDescription(COORDINATORS, true, List.of(partition(0, BROKER))))));
        when(admin.describeTopics(anyCollection(), any(DescribeTopicsOptions.class)))
                .thenReturn(described);
    }

    private static TopicPartitionInfo partition(int number, Node leader) {
        return new TopicPartitionInfo(number, leader, List.of(BROKER), List.of(BROKER));
    }

    private static ListOffsetsResultInfo end(long offset) {
        return new ListOffsetsResultInfo(offset, -1, Optional.empty());
    }

    private static <T> KafkaFuture<T> failed(Exception failure) {
        var future = new KafkaFutureImpl<T>();
        future.completeExceptionally(failure);
        return future;
    }
}
