package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Previews fail where the change would, changes at the same time do not mix, and clear input is accepted. */
class KafkaPreviewIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(EmbeddedKafka.builder()
            .brokers(2)
            .brokerProperty("default.replication.factor", "2")
            .start());

    /** A coordinator that is down while a topic is deleted keeps the offsets on it. */
    @Test
    void offsetsOnADeletedTopic_areRefusedInThePreview_withTheWaysThatWork() throws Exception {
        try (var other = KafkaWorld.alone(EmbeddedKafka.builder()
                .brokers(2)
                .brokerProperty("offsets.topic.num.partitions", "1")
                .start())) {
            other.kafka.createTopic(new NewTopic("__consumer_offsets", Map.of(0, List.of(1))));
            other.kafka.createTopic(new NewTopic("ghost", Map.of(0, List.of(0))));
            other.kafka.commit("orphan", "ghost", 0, 0);
            other.kafka.cluster().stopBroker(1);
            other.kafka.admin().deleteTopics(List.of("ghost")).all().get();
            other.kafka.cluster().startBroker(1);
            await().ignoreExceptions()
                    .until(() -> other.kafka.committed("orphan", "ghost", 0).isPresent());

            for (boolean dryRun : new boolean[] {true, false}) {
                var error = other.failure(
                        "delete_consumer_offsets", Map.of("groupId", "orphan", "topic", "ghost", "dryRun", dryRun));
                assertThat(error.is(KafkaErrorCode.TOPIC_NOT_FOUND))
                        .as(error.toString())
                        .isTrue();
                assertThat(error).hasMessageContainingAll("delete_consumer_group", "offsets.retention.minutes");
            }
            assertThat(other.confirmed("delete_consumer_group", Map.of("groupId", "orphan"))
                            .path("success")
                            .booleanValue())
                    .isTrue();
        }
    }

    @Test
    void runningConsumerWithoutCommits_isInThePreviewsOfDeletions() throws Exception {
        for (String protocol : List.of("classic", "consumer")) {
            String topic = "read-" + protocol;
            world.kafka.createTopic(topic, 1);
            world.kafka.produce(topic, 0, 5);
            try (var consumer = world.kafka.join("reader-" + protocol, "client", topic, protocol)) {
                var deletion = world.call("delete_topic", Map.of("topic", topic, "dryRun", true));
                assertThat(deletion.path("groupCount").intValue()).isZero();
                assertThat(deletion.path("activeGroups").toString())
                        .as(consumer.toString())
                        .isEqualTo("[\"reader-" + protocol + "\"]");
                var records = world.call(
                        "delete_records", Map.of("topic", topic, "beforeOffsets", Map.of("0", 3), "dryRun", true));
                assertThat(records.path("warnings").toString()).contains("reader-" + protocol, "no committed offset");
            }
        }
    }

    @Test
    void twoResetsAtOnce_areMadeOneAfterTheOther() throws Exception {
        world.kafka.createTopic("raced", 1);
        world.kafka.produce("raced", 0, 100);
        world.kafka.commit("racer", "raced", 0, 50);
        try (var other = new StreamingConsumerMCPServer(world.connection())) {
            other.initialize();
            for (int round = 0; round < 10; round++) {
                Map<String, Object> first = confirmed(10 + round);
                Map<String, Object> second = confirmed(80 + round);
                var one = CompletableFuture.supplyAsync(() -> world.call("reset_consumer_offset", first));
                var two = CompletableFuture.supplyAsync(() -> Tools.call(other, "reset_consumer_offset", second));
                List<JsonNode> applied = new ArrayList<>();
                List<MCPToolError> failed = new ArrayList<>();
                for (var call : List.of(one, two)) {
                    try {
                        applied.add(call.get());
                    } catch (ExecutionException e) {
                        failed.add((MCPToolError) e.getCause());
                    }
                }

                assertThat(applied).as("round " + round).hasSize(1);
                assertThat(failed.get(0).is(StandardErrorCode.PLAN_CHANGED)).isTrue();
                assertThat(world.kafka.committed("racer", "raced", 0))
                        .hasValue(applied.get(0).path("newOffset").longValue());
            }
        }
    }

    /** Another replica resets the group after the brokers have set the offsets and before they are read back. */
    @Test
    void offsetsThatAnotherClientSetsAtTheSameTime_areAnErrorThatSaysWhatStandsThere() throws Exception {
        world.kafka.createTopic("overtaken", 2);
        world.kafka.produce("overtaken", 0, 100);
        world.kafka.produce("overtaken", 1, 100);
        world.kafka.commitAll("overtaken", "overtaken", 50, 50);
        try (var admin = new ForwardingAdmin(world.kafka.cluster().clientProperties()) {
                    @Override
                    public AlterConsumerGroupOffsetsResult alterConsumerGroupOffsets(
                            String groupId,
                            Map<TopicPartition, OffsetAndMetadata> offsets,
                            AlterConsumerGroupOffsetsOptions options) {
                        var set = super.alterConsumerGroupOffsets(groupId, offsets, options);
                        assertThat(set.all()).succeedsWithin(Duration.ofSeconds(10));
                        world.kafka.commit(groupId, "overtaken", 1, 77);
                        return set;
                    }
                };
                var server = new KafkaMCPServer(admin)) {
            server.initialize();

            var error = Tools.failure(
                    server,
                    "reset_consumer_offset",
                    Map.of("groupId", "overtaken", "topic", "overtaken", "offset", "earliest"));

            assertThat(error.is(KafkaErrorCode.CONCURRENT_CHANGE))
                    .as(error.toString())
                    .isTrue();
            assertThat(error).hasMessageContaining("overtaken:1 is 77 instead of 0");
            assertThat(error.context()).containsEntry("offsets", Map.of("overtaken:1", "77"));
            assertThat(world.kafka.committed("overtaken", "overtaken", 0)).hasValue(0);
        }
    }

    private static Map<String, Object> confirmed(int offset) {
        Map<String, Object> arguments = Map.of("groupId", "racer", "topic", "raced", "partition", 0, "offset", offset);
        Map<String, Object> preview = new HashMap<>(arguments);
        preview.put("dryRun", true);
        preview.put(
                "planHash",
                world.call("reset_consumer_offset", preview).path("planHash").textValue());
        preview.remove("dryRun");
        return preview;
    }

    @Test
    void clearOffsetsAndTimes_areAccepted() {
        world.kafka.createTopic("clear", 1);
        world.kafka.produce("clear", 0, 40);
        world.kafka.commit("clearly", "clear", 0, 20);
        for (Map.Entry<String, Object> target : List.<Map.Entry<String, Object>>of(
                Map.entry("offset", "EARLIEST"),
                Map.entry("offset", "30.0"),
                Map.entry("offset", 30.0),
                Map.entry("timestamp", "2020-01-01T02:00:00+0200"))) {
            Map<String, Object> arguments =
                    new HashMap<>(Map.of("groupId", "clearly", "topic", "clear", "partition", 0, "dryRun", true));
            arguments.put(target.getKey(), target.getValue());

            long offset = world.call("reset_consumer_offset", arguments)
                    .path("newOffset")
                    .longValue();

            assertThat(offset).as(target.toString()).isIn(0L, 30L);
        }
        assertThat(world.call(
                                "delete_records",
                                Map.of("topic", "clear", "beforeTime", "2020-01-01 00:00:00 UTC", "dryRun", true))
                        .path("records")
                        .intValue())
                .isZero();
    }

    @Test
    void configValues_areAcceptedAsModelsSendThem() {
        world.kafka.createTopic("tuned", 1);

        var altered = world.call(
                "alter_topic_config",
                Map.of(
                        "topic",
                        "tuned",
                        "set",
                        Map.of("min.insync.replicas", " 2 ", "segment.ms", 3_600_000, "preallocate", true)));

        assertThat(altered.path("success").booleanValue()).isTrue();
        assertThat(altered.path("warnings").toString()).contains("more than the 1 replica", "since Kafka 3.7");
        // The fixture writes with acks=all.
        world.kafka.produce("tuned", 0, 1);
        assertThat(world.call("get_topic_metadata", Map.of("topic", "tuned")).path("configs"))
                .isEqualTo(Tools.json("{'min.insync.replicas':'2','preallocate':'true','segment.ms':'3600000'}"));
        var wrong = world.failure(
                "alter_topic_config", Map.of("topic", "tuned", "set", Map.of("min.insync.replicas", "two")));
        assertThat(wrong.is(StandardErrorCode.INVALID_ARGUMENT)).isTrue();
    }

    @Test
    void newTopic_saysWhatItsReplicasMean() {
        var single = world.call("create_topic", Map.of("topic", "single", "partitions", 1));
        assertThat(single.path("replicationFactor").intValue()).isEqualTo(1);
        assertThat(single.path("warnings").toString())
                .contains("2 brokers", "replicationFactor", "KAFKA_TOOLS_REPLICATION_FACTOR");

        var asked = world.call("create_topic", Map.of("name", "asked", "partitions", 1, "replicationFactor", 1));
        assertThat(asked.has("warnings")).isFalse();

        for (boolean validateOnly : new boolean[] {true, false}) {
            var blocked = world.call(
                    "create_topic",
                    Map.of(
                            "name",
                            "blocked",
                            "partitions",
                            1,
                            "replicationFactor",
                            2,
                            "configs",
                            Map.of("min.insync.replicas", 3),
                            "validateOnly",
                            validateOnly));
            assertThat(blocked.path("warnings").toString()).contains("more than the 2 replicas");
        }
    }

    @Test
    void newTopic_takesTheReplicasOfTheBrokers_ifTheOperatorSaysSo() throws Exception {
        try (var server = new KafkaMCPServer(
                world.connection(),
                KafkaOptions.builder().brokerReplicationFactor().build())) {
            server.initialize();

            var created = Tools.call(server, "create_topic", Map.of("name", "by-default", "partitions", 1));

            assertThat(created.path("replicationFactor").intValue()).isEqualTo(2);
            assertThat(created.has("warnings")).isFalse();
        }
    }

    @Test
    void topicDeletionThatTheBrokersForbid_failsInThePreview() throws Exception {
        try (var strict = KafkaWorld.alone(EmbeddedKafka.builder()
                .brokerProperty("delete.topic.enable", "false")
                .start())) {
            strict.kafka.createTopic("kept", 1);

            for (boolean dryRun : new boolean[] {true, false}) {
                var error = strict.failure("delete_topic", Map.of("topic", "kept", "dryRun", dryRun));
                assertThat(error.is(KafkaErrorCode.POLICY_VIOLATION)).isTrue();
                assertThat(error).hasMessageContaining("delete.topic.enable");
            }
        }
    }

    @Test
    void ageOfRecordsThatAreAllDeleted_isNotWaitedFor() {
        world.kafka.createTopic("emptied", 1);
        world.kafka.produce("emptied", 0, 100);
        world.kafka.commit("late", "emptied", 0, 10);
        world.kafka.deleteRecords("emptied", 0, 100);

        long start = System.nanoTime();
        var lag = world.call("get_consumer_lag", Map.of("groupId", "late", "age", true, "details", true));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(lag.path("warnings").toString()).doesNotContain("in time");
    }

    @Test
    void healthTools_showConfigurationReassignmentsAndQuotas() throws Exception {
        var admin = world.kafka.admin();
        var alice = new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "alice"));
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        alice, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1_000.0)))))
                .all()
                .get();
        await().untilAsserted(() -> assertThat(
                        world.call("list_quotas", Map.of()).path("quotas"))
                .hasToString("[{\"entity\":{\"user\":\"alice\"},\"limits\":{\"producer_byte_rate\":1000.0}}]"));

        var config = world.call("get_broker_config", Map.of("broker", 1, "filter", "default.replication.*"));
        assertThat(config.path("configs"))
                .isEqualTo(Tools.json("[{'name':'default.replication.factor','value':'2',"
                        + "'source':'static_broker_config','readOnly':true}]"));
        assertThat(world.call("get_broker_config", Map.of("broker", 0))
                        .path("configs")
                        .toString())
                .contains("static_broker_config")
                .doesNotContain("\"default_config\"");
        var unknown = world.failure("get_broker_config", Map.of("broker", 9));
        assertThat(unknown).hasMessageContaining("Live brokers: 0, 1");

        assertThat(world.call("list_reassignments", Map.of()).path("count").intValue())
                .isZero();
        throttle();
        int[] target = {0};
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            // Brokers throttle a moment after they were told to. Until then the replica moves to and fro at once.
            target[0] = 1 - target[0];
            admin.alterPartitionReassignments(Map.of(
                            new TopicPartition("heavy", 0),
                            Optional.of(new NewPartitionReassignment(List.of(target[0])))))
                    .all()
                    .get();
            var moving = world.call("list_reassignments", Map.of());
            assertThat(moving.path("reassignments").path(0).path("topic").textValue())
                    .isEqualTo("heavy");
            assertThat(moving.path("reassignments").path(0).path("adding").toString())
                    .isEqualTo("[" + target[0] + "]");
        });
    }

    /** Makes moves of the replica of a topic take long, because leaders may send only one byte a second. */
    private static void throttle() throws Exception {
        var admin = world.kafka.admin();
        world.kafka.createTopic(new NewTopic("heavy", Map.of(0, List.of(0)))
                .configs(Map.of("leader.replication.throttled.replicas", "*")));
        world.kafka.produce("heavy", 0, 5_000);
        admin.incrementalAlterConfigs(Map.of(
                        // All brokers.
                        new ConfigResource(ConfigResource.Type.BROKER, ""),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("leader.replication.throttled.rate", "1"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }
}
