package io.qicore.mcp.kafka;

import static io.qicore.mcp.kafka.KafkaWorld.call;
import static io.qicore.mcp.kafka.KafkaWorld.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
            Map.entry("get_consumer_lag", Map.of("topic", "orders")),
            Map.entry(
                    "reset_consumer_offset",
                    Map.of("groupId", "billing", "topic", "orders", "partition", 0, "offset", "latest")));

    @Test
    void stoppedBroker_isATypedErrorInTime_andAllIsWellWhenItIsBack() throws Exception {
        try (var world = KafkaWorld.start()) {
            var server = new KafkaMCPServer(world.connection());
            server.setCallTimeout(DEADLINE);
            server.initialize();
            try {
                world.createTopic("orders", 1);
                world.produce("orders", 0, 5);
                world.commit("billing", "orders", 0, 2);
                var before = call(server, "get_consumer_lag", Map.of("topic", "orders"))
                        .path("groups");

                world.kafka.stopBroker();
                for (var question : CALLS) {
                    long start = System.nanoTime();
                    var error = catchThrowableOfType(
                            MCPToolError.class, () -> call(server, question.getKey(), question.getValue()));
                    assertThat(error.is(KafkaErrorCode.BROKER_UNAVAILABLE))
                            .as(question.getKey())
                            .isTrue();
                    assertThat(error).hasMessageContaining(world.kafka.bootstrapServers());
                    assertThat(Duration.ofNanos(System.nanoTime() - start))
                            .as(question.getKey())
                            .isLessThan(DEADLINE);
                }

                world.kafka.startBroker();
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
    void partitionWithoutLeader_isToldAndFailsNothingElse() throws Exception {
        try (var world = KafkaWorld.around(EmbeddedKafka.builder()
                .brokers(2)
                .brokerProperty("offsets.topic.num.partitions", "1")
                .start())) {
            var server = new KafkaMCPServer(world.connection());
            server.initialize();
            try {
                world.createTopic(new NewTopic("spread", Map.of(0, List.of(0), 1, List.of(1))));
                world.produce("spread", 0, 4);
                world.produce("spread", 1, 6);
                world.commit("billing", "spread", 0, 1);
                world.commit("billing", "spread", 1, 1);

                world.kafka.stopBroker(1);
                await().ignoreExceptions().until(() -> !call(server, "get_topic_metadata", Map.of("topic", "spread"))
                        .path("partitions")
                        .path(1)
                        .has("leader"));

                assertThat(call(server, "get_topic_metadata", Map.of("topic", "spread"))
                                .path("partitions"))
                        .isEqualTo(json("""
                        [{'partition':0,'leader':0,'replicas':[0],'isr':[0],'earliestOffset':0,'latestOffset':4},
                         {'partition':1,'replicas':[1],'isr':[],'reason':'BROKER_UNAVAILABLE'}]"""));
                await().ignoreExceptions().untilAsserted(() -> {
                    var lag = call(server, "get_consumer_lag", Map.of("topic", "spread", "groupId", "billing"));
                    assertThat(lag.path("lag").intValue()).isEqualTo(3);
                    assertThat(lag.path("groups").path(0).path("partitions").path(1))
                            .isEqualTo(json("{'partition':1,'committedOffset':1,'reason':'LEADER_UNAVAILABLE'}"));
                    assertThat(lag.path("warnings").path(0).textValue()).contains("Partition 1", "no leader");
                });
                var reset = Map.of("groupId", "billing", "topic", "spread", "partition", 1, "offset", "latest");
                assertThat(catchThrowableOfType(MCPToolError.class, () -> call(server, "reset_consumer_offset", reset)))
                        .matches(e -> e.is(KafkaErrorCode.BROKER_UNAVAILABLE))
                        .hasMessageContaining("has no leader");
            } finally {
                server.close();
            }
        }
    }
}
