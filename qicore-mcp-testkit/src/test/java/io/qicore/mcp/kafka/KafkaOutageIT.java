package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.call;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.TcpProxy;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPTool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class KafkaOutageIT {

    private static final Duration DEADLINE = Duration.ofMillis(1_500);

    private static final List<Map.Entry<String, Map<String, Object>>> CALLS = List.of(
            Map.entry("list_topics", Map.of()),
            Map.entry("get_metadata", Map.of()),
            Map.entry("get_topic_metadata", Map.of("topic", "orders")),
            Map.entry("create_topic", Map.of("name", "new", "partitions", 1)),
            Map.entry("add_partitions", Map.of("topic", "orders", "count", 9)),
            Map.entry("get_cluster_health", Map.of()),
            Map.entry("get_broker_config", Map.of("broker", 0)),
            Map.entry("list_reassignments", Map.of()),
            Map.entry("list_quotas", Map.of()),
            Map.entry("list_acls", Map.of()),
            Map.entry("find_open_transactions", Map.of()),
            Map.entry("alter_topic_config", Map.of("topic", "orders", "set", Map.of("retention.ms", "1"))),
            Map.entry("delete_records", Map.of("topic", "orders", "beforeOffsets", Map.of("0", 1))),
            Map.entry("delete_topic", Map.of("topic", "orders")),
            Map.entry("get_consumer_lag", Map.of("topic", "orders")),
            Map.entry("get_consumer_lag", Map.of("groupId", "billing")),
            Map.entry("get_consumer_lag", Map.of()),
            Map.entry("explain_lag", Map.of("groupId", "billing")),
            Map.entry("find_lagging_groups", Map.of()),
            Map.entry("list_consumer_groups", Map.of()),
            Map.entry("describe_consumer_group", Map.of("groupId", "billing")),
            Map.entry("list_abandoned_offsets", Map.of()),
            // Groups of their own: changes of the same group would wait for each other.
            Map.entry("delete_consumer_offsets", Map.of("groupId", "billing-a", "topic", "orders")),
            Map.entry("delete_consumer_group", Map.of("groupId", "billing-b")),
            Map.entry(
                    "reset_consumer_offset",
                    Map.of("groupId", "billing", "topic", "orders", "partition", 0, "offset", "latest")));

    @Test
    void stoppedBroker_givesATypedErrorWithinTheDeadline_andCallsWorkAfterItsRestart() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.start())) {
            var server = new KafkaMCPServer(world.connection(), within(DEADLINE));
            server.initialize();
            try {
                world.kafka.createTopic("orders", 1);
                world.kafka.produce("orders", 0, 5);
                world.kafka.commit("billing", "orders", 0, 2);
                var before = call(server, "get_consumer_lag", Map.of("topic", "orders"))
                        .path("groups");

                assertThat(CALLS)
                        .extracting(Map.Entry::getKey)
                        .containsAll(server.tools().stream().map(MCPTool::name).toList());
                world.kafka.cluster().stopBroker();
                assertAllUnavailable(server, world.kafka.cluster().bootstrapServers());

                world.kafka.cluster().startBroker();
                await().ignoreExceptions()
                        .untilAsserted(() -> assertThat(call(server, "get_consumer_lag", Map.of("topic", "orders"))
                                        .path("groups"))
                                .isEqualTo(before));
            } finally {
                server.close();
            }
        }
    }

    @Test
    void serverStarts_whileTheBrokerIsDown() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.start());
                var server = new KafkaMCPServer(world.connection(), within(DEADLINE))) {
            world.kafka.createTopic("orders", 1);
            world.kafka.cluster().stopBroker();
            server.initialize();
            assertUnavailable(
                    server, "list_topics", Map.of(), world.kafka.cluster().bootstrapServers());

            world.kafka.cluster().startBroker();
            assertWorks(server);
        }
    }

    @Test
    void silentBroker_givesATypedErrorWithinTheDeadline_andCallsWorkOnceItAnswers() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.start());
                var proxy = new TcpProxy(port(world.kafka.cluster().bootstrapServers()))) {
            proxy.silence();
            world.kafka.createTopic("orders", 1);
            String address = "127.0.0.1:" + proxy.port();
            var connection = new KafkaConnection(Map.of("bootstrap.servers", address, "request.timeout.ms", 1_000));
            try (var server = new KafkaMCPServer(connection, within(DEADLINE))) {
                server.initialize();
                assertAllUnavailable(server, address);

                proxy.restore();
                assertWorks(server);
            }
        }
    }

    @Test
    void unknownHost_failsCalls_butNotTheStart() throws Exception {
        try (var server =
                new KafkaMCPServer(KafkaConnection.to("broker.invalid:9092"), within(Duration.ofSeconds(5)))) {
            server.initialize();
            var error = Tools.failure(server, "list_topics", Map.of());
            assertThat(error.is(KafkaErrorCode.BROKER_UNAVAILABLE)).isTrue();
            assertThat(error).hasMessageContaining("broker.invalid:9092").hasMessageContaining("can be resolved");
        }
    }

    @Test
    void partitionWithoutLeader_isReported_andOtherPartitionsWork() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.builder()
                .brokers(2)
                .brokerProperty("offsets.topic.num.partitions", "1")
                .start())) {
            world.kafka.createTopic(new NewTopic("spread", Map.of(0, List.of(0), 1, List.of(1))));
            world.kafka.produce("spread", 0, 4);
            world.kafka.produce("spread", 1, 6);
            world.kafka.commit("billing", "spread", 0, 1);
            world.kafka.commit("billing", "spread", 1, 1);

            world.kafka.cluster().stopBroker(1);
            await().ignoreExceptions().until(() -> !world.call("get_topic_metadata", Map.of("topic", "spread"))
                    .path("partitions")
                    .path(1)
                    .has("leader"));

            assertThat(world.call("get_topic_metadata", Map.of("topic", "spread"))
                            .path("partitions"))
                    .isEqualTo(json("""
                        [{'partition':0,'leader':0,'replicas':[0],'isr':[0],'earliestOffset':0,'latestOffset':4},
                         {'partition':1,'replicas':[1],'isr':[],'reason':'BROKER_UNAVAILABLE'}]"""));
            assertThat(world.call("get_topic_metadata", Map.of("topic", "spread"))
                            .path("warnings")
                            .path(0)
                            .textValue())
                    .contains("records is without", ": 1.");
            await().ignoreExceptions().untilAsserted(() -> {
                var lag = world.call("get_consumer_lag", Map.of("topic", "spread", "groupId", "billing"));
                assertThat(lag.path("lag").intValue()).isEqualTo(3);
                assertThat(lag.path("groups").path(0).path("partitions").path(1))
                        .isEqualTo(json("{'partition':1,'committedOffset':1,'reason':'LEADER_UNAVAILABLE'}"));
                assertThat(lag.path("warnings").path(0).textValue()).contains("Partition 1", "no leader");
            });
            for (var target : List.of(Map.entry("offset", "latest"), Map.entry("timestamp", "2020-01-01T00:00:00Z"))) {
                var reset = Map.of(
                        "groupId", "billing", "topic", "spread", "partition", 1, target.getKey(), target.getValue());
                long start = System.nanoTime();
                assertThat(world.failure("reset_consumer_offset", reset))
                        .matches(e -> e.is(KafkaErrorCode.BROKER_UNAVAILABLE))
                        .hasMessageContaining("has no leader");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            }
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static void assertWorks(KafkaMCPServer server) {
        await().ignoreExceptions()
                .atMost(Duration.ofSeconds(30))
                .until(() -> call(server, "list_topics", Map.of()).path("count").intValue() == 1);
    }

    /** Returns options of a server whose calls end within a deadline. */
    private static KafkaOptions within(Duration callTimeout) {
        return KafkaOptions.builder()
                .server(ServerSettings.builder().callTimeout(callTimeout).build())
                .build();
    }

    /** Calls all tools in parallel: one after the other they would take half a minute. */
    private static void assertAllUnavailable(KafkaMCPServer server, String address) {
        var threads = Executors.newCachedThreadPool();
        try {
            CompletableFuture.allOf(CALLS.stream()
                            .map(question -> CompletableFuture.runAsync(
                                    () -> assertUnavailable(server, question.getKey(), question.getValue(), address),
                                    threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertUnavailable(
            KafkaMCPServer server, String tool, Map<String, Object> arguments, String address) {
        long start = System.nanoTime();
        var error = Tools.failure(server, tool, arguments);
        assertThat(error.is(KafkaErrorCode.BROKER_UNAVAILABLE))
                .as(tool + ": " + error)
                .isTrue();
        assertThat(error).hasMessageContaining(address);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(tool).isLessThan(DEADLINE);
    }
}
