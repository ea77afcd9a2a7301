package io.qicore.mcp.kafka.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.ArgumentMatchers.anyMap;
import static org.mockito.ArgumentMatchers.startsWith;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.KafkaMCPServer;
import io.qicore.mcp.kafka.internal.admin.Calls;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ListTransactionsResult;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which transactions hang: what no broker can be brought to by ordinary clients. */
class FindOpenTransactionsToolTest {

    private static final String TOPIC = "orders";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Node BROKER = new Node(0, "broker", 9092);
    private static final long PRODUCER = 4711;
    private static final int EPOCH = 3;

    private final Admin admin = mock(Admin.class);
    private final DescribeTopicsResult topics = mock(DescribeTopicsResult.class);
    private final DescribeProducersResult producers = mock(DescribeProducersResult.class);
    private final ListTransactionsResult listed = mock(ListTransactionsResult.class);
    private final DescribeTransactionsResult described = mock(DescribeTransactionsResult.class);
    private final KafkaMCPServer server = new KafkaMCPServer(admin);

    @BeforeEach
    void answer() {
        ledBy(BROKER);
        when(admin.describeTopics(anyCollection(), any(DescribeTopicsOptions.class)))
                .thenReturn(topics);
        when(admin.listOffsets(anyMap(), any(ListOffsetsOptions.class))).thenAnswer(call -> {
            ListOffsetsOptions options = call.getArgument(1);
            return end(options.isolationLevel() == IsolationLevel.READ_COMMITTED ? 100 : 160);
        });
        when(admin.describeProducers(anyCollection(), any(DescribeProducersOptions.class)))
                .thenReturn(producers);
        when(admin.listTransactions(any(ListTransactionsOptions.class))).thenReturn(listed);
        when(admin.describeTransactions(anyCollection(), any(DescribeTransactionsOptions.class)))
                .thenReturn(described);
        writing(PRODUCER);
        known();
        absentIdFailsWith(new TransactionalIdNotFoundException("no"));
    }

    @Test
    void transactionThatNoCoordinatorKnows_hangs() throws Exception {
        var transaction = find().path("transactions").path(0);

        assertThat(transaction.path("producerId").longValue()).isEqualTo(PRODUCER);
        assertThat(transaction.path("producerEpoch").intValue()).isEqualTo(EPOCH);
        assertThat(transaction.path("hanging").booleanValue()).isTrue();
        assertThat(transaction.path("openSeconds").longValue()).isBetween(7_200L, 7_210L);
        assertThat(transaction.path("partitions").path(0).path("lsoLag").longValue())
                .isEqualTo(60);
    }

    @Test
    void transactionThatItsCoordinatorHasLeftBehind_hangs() throws Exception {
        known("cashier");
        for (var state : List.of(TransactionState.COMPLETE_COMMIT, TransactionState.EMPTY)) {
            describe(state, Set.of(PARTITION));
            assertThat(hanging()).isTrue();
        }
        describe(TransactionState.ONGOING, Set.of(new TopicPartition(TOPIC, 7)));
        assertThat(hanging()).isTrue();
    }

    @Test
    void transactionThatItsCoordinatorWillEnd_isOnlyOpen() throws Exception {
        known("cashier");
        describe(TransactionState.ONGOING, Set.of(PARTITION));

        var transaction = find().path("transactions").path(0);

        assertThat(transaction.path("hanging").booleanValue()).isFalse();
        assertThat(transaction.path("transactionalId").textValue()).isEqualTo("cashier");
        assertThat(transaction.path("timeoutSeconds").longValue()).isEqualTo(900);
    }

    @Test
    void transactionThatEndedBetweenTheQuestions_doesNotHang() throws Exception {
        when(producers.partitionResult(PARTITION))
                .thenReturn(KafkaFuture.completedFuture(writers(PRODUCER)))
                .thenReturn(KafkaFuture.completedFuture(writers()));

        assertThat(hanging()).isFalse();
        verify(admin, times(2)).describeProducers(anyCollection(), any());
    }

    @Test
    void coordinatorsThatMayNotBeAsked_leaveTheQuestionOpen() throws Exception {
        var denied = new KafkaFutureImpl<Collection<TransactionListing>>();
        denied.completeExceptionally(new ClusterAuthorizationException("no"));
        when(listed.all()).thenReturn(denied);

        var found = find();

        assertThat(found.path("transactions").path(0).path("hanging").booleanValue())
                .isFalse();
        assertThat(found.path("warnings").path(0).textValue()).contains("list the transactions");
    }

    @Test
    void coordinatorThatIsDown_leavesTheQuestionOpen() throws Exception {
        ledBy(null);

        assertNotKnown("1 of 1 partitions of __transaction_state have no leader");
    }

    @Test
    void transactionsThatMayNotBeSeen_leaveTheQuestionOpen() throws Exception {
        absentIdFailsWith(new TransactionalIdAuthorizationException("no"));

        assertNotKnown("Describe on transactional id '*'");
        // What a coordinator says about a transaction that it lists is certain.
        known("cashier");
        describe(TransactionState.EMPTY, Set.of());
        assertThat(hanging()).isTrue();
    }

    private void assertNotKnown(String reason) throws Exception {
        var found = find();
        assertThat(found.path("transactions").path(0).path("hanging").booleanValue())
                .isFalse();
        assertThat(found.path("warnings").path(0).textValue()).contains(reason);
    }

    private void ledBy(@Nullable Node leader) {
        when(topics.topicNameValues())
                .thenReturn(Map.of(
                        TOPIC, topic(TOPIC, BROKER), "__transaction_state", topic("__transaction_state", leader)));
    }

    private static KafkaFuture<TopicDescription> topic(String name, @Nullable Node leader) {
        var partition = new TopicPartitionInfo(0, leader, List.of(BROKER), List.of(BROKER));
        return KafkaFuture.completedFuture(new TopicDescription(name, false, List.of(partition)));
    }

    private void absentIdFailsWith(ApiException failure) {
        var answer = new KafkaFutureImpl<TransactionDescription>();
        answer.completeExceptionally(failure);
        when(described.description(startsWith("qicore-mcp-"))).thenReturn(answer);
    }

    private boolean hanging() throws Exception {
        return find().path("transactions").path(0).path("hanging").booleanValue();
    }

    private JsonNode find() throws Exception {
        return Calls.call(server, "find_open_transactions", Map.of("topic", TOPIC));
    }

    private void writing(long... ids) {
        when(producers.partitionResult(PARTITION)).thenReturn(KafkaFuture.completedFuture(writers(ids)));
    }

    private static PartitionProducerState writers(long... ids) {
        long twoHoursAgo = System.currentTimeMillis() - 7_200_000;
        return new PartitionProducerState(Arrays.stream(ids)
                .mapToObj(id -> new ProducerState(id, EPOCH, 9, twoHoursAgo, OptionalInt.of(1), OptionalLong.of(100)))
                .toList());
    }

    private void known(String... transactionalIds) {
        when(listed.all())
                .thenReturn(KafkaFuture.completedFuture(Arrays.stream(transactionalIds)
                        .map(id -> new TransactionListing(id, PRODUCER, TransactionState.ONGOING))
                        .toList()));
    }

    private void describe(TransactionState state, Set<TopicPartition> partitions) {
        when(described.description("cashier"))
                .thenReturn(KafkaFuture.completedFuture(new TransactionDescription(
                        0,
                        state,
                        PRODUCER,
                        EPOCH,
                        900_000,
                        OptionalLong.of(System.currentTimeMillis() - 7_200_000),
                        partitions)));
    }

    private static ListOffsetsResult end(long offset) {
        return new ListOffsetsResult(Map.of(
                PARTITION, KafkaFuture.completedFuture(new ListOffsetsResultInfo(offset, -1, Optional.empty()))));
    }
}
