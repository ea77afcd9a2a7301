package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.TcpProxy;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.live.RealTimeDataMCPServer;
import io.qicore.mcp.kafka.producer.StreamingProducerMCPServer;
import io.qicore.mcp.kafka.records.RecordsMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What the tools of all Kafka servers say while a part of the cluster is killed, hangs or is lost. */
class KafkaFaultsIT {

    private static final int GROUPS = 20;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    /** Well before the time limit: what is known to be down need not be waited for. */
    private static final Duration PROMPTLY = Duration.ofSeconds(4);

    @Test
    void brokerKilled() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.builder()
                .brokers(2)
                .brokerProperty("offsets.topic.num.partitions", "1")
                .start())) {
            world.kafka.createTopic(new NewTopic("spread", Map.of(0, List.of(0), 1, List.of(1))));
            try (var producers = new StreamingProducerMCPServer(world.connection());
                    var live = live(world);
                    var records = records(world)) {
                producers.initialize();
                start(producers, "victim", "spread", 50);
                await().until(() ->
                        producer(producers).path("metrics").path("recordsSent").longValue() > 0);

                world.kafka.cluster().stopBroker(1);

                await().atMost(Duration.ofSeconds(5))
                        .until(() -> state(producers).equals("stalled"));
                assertThat(producer(producers).path("metrics").has("stalledSince"))
                        .isTrue();

                await().ignoreExceptions().untilAsserted(() -> {
                    JsonNode health = world.call("get_cluster_health", Map.of());
                    assertThat(health.path("status").textValue()).isEqualTo("CRITICAL");
                    assertThat(health.path("missingBrokers").path(0).intValue()).isEqualTo(1);
                });
                assertLiveWithoutPartition(live, "spread", 1);
                assertRecordsWithoutPartition(records, "spread", 1);

                world.kafka.cluster().startBroker(1);
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> state(producers).equals("running"));
                assertThat(producer(producers).path("metrics").has("stalledSince"))
                        .isFalse();
            }
        }
    }

    @Test
    void brokerHangs() throws Exception {
        Map<Integer, TcpProxy> proxies = new ConcurrentHashMap<>();
        try (var world = KafkaWorld.alone(EmbeddedKafka.builder()
                .brokers(3)
                .brokerProperty("offsets.topic.num.partitions", "6")
                .brokerProperty("offsets.topic.replication.factor", "1")
                .advertisedPorts(port ->
                        proxies.computeIfAbsent(port, KafkaFaultsIT::proxy).port())
                .start())) {
            world.kafka.createTopic(new NewTopic("spread", Map.of(0, List.of(0), 1, List.of(1), 2, List.of(2))));
            commitGroups(world);
            assertThat(world.call("get_cluster_health", Map.of()).path("status").textValue())
                    .isEqualTo("OK");
            try (var live = live(world);
                    var records = records(world)) {
                int port = port(world.kafka.cluster().bootstrapServers().split(",")[2]);
                proxies.values().stream().filter(proxy -> proxy.port() == port).forEach(TcpProxy::silence);

                JsonNode health = inTime(() -> world.call("get_cluster_health", Map.of()));
                assertThat(health.path("status").textValue()).isEqualTo("CRITICAL");
                assertThat(health.path("unresponsiveBrokers").toString()).isEqualTo("[2]");
                assertThat(health.path("unanswered").toString()).contains("Broker 2 is registered as live");
                assertThat(health.path("topics").intValue()).isPositive();
                assertThat(health.path("controller").intValue()).isZero();
                assertThat(health.path("logDirs")).hasSize(2);

                JsonNode groups = inTime(() -> world.call("list_consumer_groups", Map.of()));
                assertThat(groups.path("count").intValue()).isBetween(1, GROUPS - 1);
                assertThat(groups.path("warnings").toString()).contains("(id: 2) did not list its groups");
                JsonNode lagging = inTime(() -> world.call("find_lagging_groups", Map.of()));
                assertThat(lagging.path("complete").booleanValue()).isFalse();

                // Each call opens a client, which asks random brokers and so meets the one that hangs up to two times.
                for (int i = 0; i < 8; i++) {
                    assertLiveWithoutPartition(live, "spread", 2);
                    assertRecordsWithoutPartition(records, "spread", 2);
                }
            }
        } finally {
            for (TcpProxy proxy : proxies.values()) {
                proxy.close();
            }
        }
    }

    @Test
    void coordinatorGone() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.builder()
                .brokers(2)
                .brokerProperty("offsets.topic.num.partitions", "4")
                .brokerProperty("offsets.topic.replication.factor", "1")
                .start())) {
            world.kafka.createTopic(new NewTopic("spread", Map.of(0, List.of(0))));
            commitGroups(world);

            world.kafka.cluster().stopBroker(1);
            await().ignoreExceptions()
                    .until(
                            () -> world.call("list_consumer_groups", Map.of())
                                    .path("warnings")
                                    .toString(),
                            text -> text.contains("have no leader"));

            JsonNode groups = world.call("list_consumer_groups", Map.of());
            assertThat(groups.path("count").intValue()).isBetween(1, GROUPS - 1);
            assertThat(groups.path("warnings").toString())
                    .contains("Groups are missing", "__consumer_offsets", "broker 1");
            JsonNode lagging = world.call("find_lagging_groups", Map.of());
            assertThat(lagging.path("complete").booleanValue()).isFalse();
            assertThat(lagging.path("warnings").toString()).contains("Groups are missing");
            List<String> listed = groups.path("groups").findValuesAsText("groupId");
            String hidden = IntStream.range(0, GROUPS)
                    .mapToObj(i -> "group-" + i)
                    .filter(id -> !listed.contains(id))
                    .findFirst()
                    .orElseThrow();
            for (var call : Map.<String, Map<String, Object>>of(
                            "describe_consumer_group", Map.of("groupId", hidden),
                            "get_consumer_lag", Map.of("groupId", hidden),
                            "delete_consumer_group", Map.of("groupId", hidden, "dryRun", true),
                            "delete_consumer_offsets", Map.of("groupId", hidden, "topic", "spread", "dryRun", true),
                            "reset_consumer_offset",
                                    Map.of("groupId", hidden, "topic", "spread", "offset", "earliest", "dryRun", true))
                    .entrySet()) {
                long start = System.nanoTime();
                var error = world.failure(call.getKey(), call.getValue());
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as(call.getKey())
                        .isLessThan(PROMPTLY);
                assertThat(error.is(KafkaErrorCode.BROKER_UNAVAILABLE))
                        .as(call.getKey() + ": " + error)
                        .isTrue();
                assertThat(error.retryable()).isTrue();
                assertThat(error).hasMessageContaining("'" + hidden + "'");
            }
            JsonNode explained = world.call("explain_lag", Map.of("groupId", hidden));
            assertThat(explained.path("findings").findValuesAsText("cause")).containsExactly("COORDINATOR_UNAVAILABLE");
            assertThat(explained.path("warnings").toString()).contains("unknown, not 0");
            String absent = IntStream.range(0, 100)
                    .mapToObj(i -> "absent-" + i)
                    .filter(id -> coordinatedBySame(id, listed.get(0)))
                    .findFirst()
                    .orElseThrow();
            assertThat(world.failure("describe_consumer_group", Map.of("groupId", absent))
                            .is(KafkaErrorCode.GROUP_NOT_FOUND))
                    .isTrue();
        }
    }

    @Test
    void controllerQuorumLost() throws Exception {
        Map<Integer, TcpProxy> proxies = new ConcurrentHashMap<>();
        try (var world = KafkaWorld.alone(EmbeddedKafka.builder()
                // The controller would exclude the broker, of which it hears nothing. A quorum that is lost cannot.
                .brokerProperty("broker.session.timeout.ms", "300000")
                .advertisedPorts(port ->
                        proxies.computeIfAbsent(port, KafkaFaultsIT::proxy).port())
                .start())) {
            world.kafka.createTopic("orders", 1);
            String brokers = world.kafka.cluster().bootstrapServers();
            List<TcpProxy> controllers = proxies.values().stream()
                    .filter(proxy -> !brokers.contains(":" + proxy.port()))
                    .toList();
            assertThat(controllers).hasSize(1);
            controllers.get(0).silence();

            JsonNode health = inTime(() -> world.call("get_cluster_health", Map.of()));

            assertThat(health.path("status").textValue()).as(health.toString()).isEqualTo("CRITICAL");
            assertThat(health.path("unanswered").toString()).contains("controller quorum did not answer");
            assertThat(health.path("topics").intValue()).isEqualTo(1);
            assertThat(health.path("brokers").toString()).isEqualTo("[0]");
            assertThat(world.call("list_topics", Map.of()).path("count").intValue())
                    .isEqualTo(1);
            assertThat(world.failure("create_topic", Map.of("name", "new", "partitions", 1))
                            .is(KafkaErrorCode.BROKER_UNAVAILABLE))
                    .isTrue();
            controllers.get(0).cut();
            controllers.get(0).restore();
        } finally {
            for (TcpProxy proxy : proxies.values()) {
                proxy.close();
            }
        }
    }

    /** Requires that live data answers without waiting for its time limit, with the candles of the other partitions. */
    private static void assertLiveWithoutPartition(RealTimeDataMCPServer live, String topic, int unread) {
        long start = System.nanoTime();
        JsonNode prices =
                call(live, "get_live_prices", Map.of("symbols", List.of("NONE"), "topic", topic, "timeout", 1_000));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
        assertThat(prices.path("complete").booleanValue()).isFalse();
        assertThat(prices.path("warnings").toString()).contains("could not be read", ": " + unread + ".");
    }

    /** Requires that the records of the other partitions are returned, and that the answer does not pretend to be complete. */
    private static void assertRecordsWithoutPartition(RecordsMCPServer records, String topic, int unread) {
        for (Map<String, Object> call : List.<Map<String, Object>>of(
                Map.of("topic", topic, "limit", 500), Map.of("topic", topic, "limit", 500, "offset", "earliest"))) {
            long start = System.nanoTime();
            JsonNode page = call(records, "get_records", call);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
            assertThat(page.path("complete").booleanValue()).isFalse();
            assertThat(page.has("nextCursor")).isTrue();
            assertThat(page.path("warnings").toString()).contains("Not read", "partitions " + unread + ".");
            assertThat(page.path("records").findValuesAsText("partition")).doesNotContain("" + unread);
        }
    }

    private static RecordsMCPServer records(KafkaWorld world) throws Exception {
        var records = new RecordsMCPServer(world.connection());
        records.initialize();
        // As a server that runs already: its Admin knows the brokers.
        assertThat(call(records, "get_records", Map.of("topic", "spread")).has("records"))
                .isTrue();
        return records;
    }

    private static RealTimeDataMCPServer live(KafkaWorld world) throws Exception {
        var live = new RealTimeDataMCPServer(world.connection(), "spread", KafkaOptions.defaults());
        live.initialize();
        return live;
    }

    private static void start(StreamingProducerMCPServer producers, String id, String topic, int rate) {
        var started = call(
                producers, "start_producer", Map.of("sourceId", id, "config", Map.of("topic", topic, "rate", rate)));
        assertThat(started.path("status").textValue()).isEqualTo("running");
    }

    private static JsonNode producer(StreamingProducerMCPServer producers) {
        return call(producers, "get_producer_status", Map.of())
                .path("producers")
                .path(0);
    }

    private static String state(StreamingProducerMCPServer producers) {
        return producer(producers).path("status").asText();
    }

    private static void commitGroups(KafkaWorld world) {
        world.kafka.send("spread", List.of(new ProducerRecord<>("spread", 0, null, "record")));
        IntStream.range(0, GROUPS).forEach(i -> world.kafka.commit("group-" + i, "spread", 0, 0));
    }

    private static boolean coordinatedBySame(String group, String other) {
        return Math.floorMod(group.hashCode() & 0x7fffffff, 4) == Math.floorMod(other.hashCode() & 0x7fffffff, 4);
    }

    private static JsonNode inTime(Supplier<JsonNode> question) {
        long start = System.nanoTime();
        JsonNode answer = question.get();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CALL_TIMEOUT);
        return answer;
    }

    private static TcpProxy proxy(int target) {
        try {
            return new TcpProxy(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
