package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.internal.admin.Calls;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

class KafkaMCPServerTest {

    private final Admin admin = mock(Admin.class);
    private final CreateTopicsResult created = mock(CreateTopicsResult.class);
    private final KafkaMCPServer server = new KafkaMCPServer(admin);

    @BeforeEach
    void answerCreateTopics() {
        when(admin.createTopics(anyCollection(), any(CreateTopicsOptions.class)))
                .thenReturn(created);
        when(created.all()).thenReturn(KafkaFuture.completedFuture(null));
        when(created.config(anyString())).thenReturn(KafkaFuture.completedFuture(new Config(List.of())));
        var cluster = mock(DescribeClusterResult.class);
        when(cluster.nodes()).thenReturn(KafkaFuture.completedFuture(List.of(new Node(0, "broker", 9092))));
        when(admin.describeCluster(any(DescribeClusterOptions.class))).thenReturn(cluster);
    }

    @Test
    void createTopic_createsItWithOneReplicaUnlessToldOtherwise() throws Exception {
        var result = Calls.call(server, "create_topic", Map.of("name", "test-topic", "partitions", 3));

        assertThat(result.toString())
                .isEqualTo("{\"success\":true,\"name\":\"test-topic\",\"partitions\":3,\"replicationFactor\":1}");
        assertThat(createdTopic()).isEqualTo(new NewTopic("test-topic", 3, (short) 1));
    }

    @Test
    void createTopic_passesReplicationFactorAndConfigsOn() throws Exception {
        Calls.call(
                server,
                "create_topic",
                Map.of(
                        "name",
                        "test-topic",
                        "partitions",
                        1,
                        "replicationFactor",
                        3,
                        "configs",
                        Map.of("retention.ms", "1000")));

        assertThat(createdTopic())
                .isEqualTo(new NewTopic("test-topic", 1, (short) 3).configs(Map.of("retention.ms", "1000")));
    }

    @Test
    void createTopic_takesTheDefaultOfTheOperatorOrOfTheBrokers() throws Exception {
        when(created.replicationFactor("t")).thenReturn(KafkaFuture.completedFuture(2));
        var three = new KafkaMCPServer(
                admin, KafkaOptions.builder().replicationFactor(3).build());
        var brokers = new KafkaMCPServer(
                admin, KafkaOptions.builder().brokerReplicationFactor().build());
        Map<String, Object> arguments = Map.of("name", "t", "partitions", 1);

        assertThat(Calls.call(three, "create_topic", arguments)
                        .path("replicationFactor")
                        .intValue())
                .isEqualTo(3);
        assertThat(Calls.call(brokers, "create_topic", arguments)
                        .path("replicationFactor")
                        .intValue())
                .isEqualTo(2);
        var topics = ArgumentCaptor.<Collection<NewTopic>>captor();
        verify(admin, times(2)).createTopics(topics.capture(), any());
        assertThat(topics.getAllValues())
                .containsExactly(
                        List.of(new NewTopic("t", 1, (short) 3)),
                        List.of(new NewTopic("t", Optional.of(1), Optional.empty())));
    }

    @Test
    void createTopic_acceptsValuesOfAnyScalarTypeAndTopicForName() throws Exception {
        Calls.call(
                server,
                "create_topic",
                Map.of(
                        "topic",
                        "t",
                        "partitions",
                        1,
                        "configs",
                        Map.of(
                                "retention.ms",
                                1000,
                                "preallocate",
                                true,
                                "cleanup.policy",
                                List.of("compact", "delete"))));

        assertThat(createdTopic())
                .isEqualTo(new NewTopic("t", 1, (short) 1)
                        .configs(Map.of(
                                "retention.ms", "1000", "preallocate", "true", "cleanup.policy", "compact,delete")));
    }

    @Test
    void createTopic_refusesWhatKafkaWouldWithoutAskingIt() {
        for (Map<String, ?> arguments : List.of(
                Map.of("name", "t", "partitions", 0),
                Map.of("name", "no spaces", "partitions", 1),
                Map.of("name", "", "partitions", 1),
                Map.of("name", "t", "partitions", 1, "replicationFactor", 0),
                Map.of("name", "t", "partitions", 1, "replicationFactor", 40_000))) {
            assertThatThrownBy(() -> Calls.call(server, "create_topic", arguments))
                    .isInstanceOfSatisfying(
                            MCPToolError.class, error -> assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT))
                                    .isTrue());
        }
        verifyNoInteractions(admin);
    }

    @Test
    void createTopic_namesTheTopicThatExists() {
        KafkaFutureImpl<Void> failed = new KafkaFutureImpl<>();
        failed.completeExceptionally(new TopicExistsException("Topic 'test-topic' already exists."));
        when(created.all()).thenReturn(failed);

        assertThatThrownBy(() -> Calls.call(server, "create_topic", Map.of("name", "test-topic", "partitions", 3)))
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.code()).isEqualTo("TOPIC_EXISTS");
                    assertThat(error.getMessage()).contains("'test-topic'", "nothing was changed");
                    assertThat(error.context()).containsEntry("topic", "test-topic");
                });
    }

    @Test
    void createTopic_asksKafkaToGiveUpBeforeTheCallDoes() throws Exception {
        Calls.call(server, "create_topic", Map.of("name", "t", "partitions", 1), Duration.ofSeconds(4));

        var options = ArgumentCaptor.forClass(CreateTopicsOptions.class);
        verify(admin).createTopics(anyCollection(), options.capture());
        assertThat(options.getValue().timeoutMs()).isBetween(1_000, 3_500);
    }

    @Test
    void silentBroker_isATypedErrorBeforeTheDeadline() {
        when(created.all()).thenReturn(new KafkaFutureImpl<>());
        MCPTool tool = server.tool("create_topic");
        long start = System.nanoTime();

        assertThatThrownBy(() -> Calls.call(tool, Map.of("name", "t", "partitions", 1), Duration.ofMillis(800)))
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.is(KafkaErrorCode.BROKER_UNAVAILABLE)).isTrue();
                    assertThat(error.retryable()).isTrue();
                    assertThat(error.getMessage()).contains("create topic 't'", "may have been made");
                });
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(800));
    }

    @Test
    void interruptedCall_stopsAndKeepsTheInterrupt() throws Exception {
        when(created.all()).thenReturn(new KafkaFutureImpl<>());
        var thrown = new AtomicReference<Exception>();
        var thread = new Thread(() -> {
            try {
                Calls.call(server, "create_topic", Map.of("name", "t", "partitions", 1));
            } catch (Exception e) {
                if (Thread.currentThread().isInterrupted()) {
                    thrown.set(e);
                }
            }
        });
        thread.start();
        thread.interrupt();
        thread.join(5_000);

        assertThat(thrown.get()).isInstanceOf(MCPToolError.class).hasMessageContaining("cancelled");
    }

    @Test
    void applicationsAdmin_isNotClosed() throws Exception {
        server.connect();
        server.disconnect();

        verify(admin, never()).close();
        verify(admin, never()).close(any());
    }

    @Test
    void callBeforeInitialize_saysWhatToDo() {
        var server = new KafkaMCPServer(KafkaConnection.to("localhost:1"));

        assertThatThrownBy(() -> Calls.call(server, "list_topics", Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("initialize");
    }

    @Test
    void tools_areTheTopicToolsAndTheConsumerTools() {
        assertThat(server.tools())
                .extracting(MCPTool::name)
                .containsExactly(
                        "list_topics",
                        "get_topic_metadata",
                        "get_metadata",
                        "list_acls",
                        "find_open_transactions",
                        "create_topic",
                        "add_partitions",
                        "alter_topic_config",
                        "delete_records",
                        "delete_topic",
                        "get_cluster_health",
                        "get_broker_config",
                        "list_reassignments",
                        "list_quotas",
                        "get_consumer_lag",
                        "explain_lag",
                        "find_lagging_groups",
                        "list_consumer_groups",
                        "describe_consumer_group",
                        "list_abandoned_offsets",
                        "reset_consumer_offset",
                        "delete_consumer_offsets",
                        "delete_consumer_group");
        assertThat(new StreamingConsumerMCPServer(admin).tools())
                .extracting(MCPTool::name)
                .startsWith("get_consumer_lag", "explain_lag")
                .endsWith("delete_consumer_group");
    }

    @Test
    void annotations_sayWhatEachToolChanges() {
        for (MCPTool tool : server.tools()) {
            boolean reads = tool.name().matches("(get|list|find|describe|explain)_.*");
            assertThat(tool.annotations().readOnlyHint()).as(tool.name()).isEqualTo(reads);
        }
        var reset = server.tool("reset_consumer_offset").annotations();
        assertThat(reset.destructiveHint()).isTrue();
        assertThat(reset.idempotentHint()).isTrue();
        // A create that is repeated blindly would report its own topic as somebody else's.
        assertThat(server.tool("create_topic").annotations().idempotentHint()).isFalse();
    }

    private NewTopic createdTopic() {
        @SuppressWarnings("unchecked")
        ArgumentCaptor<Collection<NewTopic>> topics = ArgumentCaptor.forClass(Collection.class);
        verify(admin).createTopics(topics.capture(), any(CreateTopicsOptions.class));
        assertThat(topics.getValue()).hasSize(1);
        return topics.getValue().iterator().next();
    }
}
