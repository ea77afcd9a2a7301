package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResetConsumerOffsetIT {

    private static final String TOPIC = "orders";

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(StreamingConsumerMCPServer::new);

    @BeforeAll
    static void prepare() throws Exception {
        world.kafka.createTopic(TOPIC, 2);
        world.kafka.produce(TOPIC, 0, 10);
        world.kafka.deleteRecords(TOPIC, 0, 3);
    }

    @ParameterizedTest
    @CsvSource({"earliest,3", "latest,10", "3,3", "7,7", "10,10"})
    void movesTheGroup(String offset, long expected) throws Exception {
        world.kafka.commit("mover", TOPIC, 0, 5);

        var result = reset("mover", 0, offset);

        // The group has never had members, which is a warning of its own.
        assertThat(result.path("warnings").path(0).textValue()).contains("never had members");
        ((ObjectNode) result).remove("warnings");
        assertThat(result)
                .isEqualTo(json("{'success':true,'applied':true,'reset':{'groupId':'mover','topic':'orders',"
                        + "'partition':0,'offset':'" + offset + "'},'previousOffset':5,'newOffset':" + expected
                        + ",'partitionCount':1,'skipped':" + Math.max(0, expected - 5) + ",'replayed':"
                        + Math.max(0, 5 - expected) + ",'undo':{'offsets':{'orders:0':5}}}"));
        assertThat(world.kafka.committed("mover", TOPIC, 0)).hasValue(expected);
    }

    @Test
    void partitionWithoutCommit_hasNoPreviousOffset() throws Exception {
        world.kafka.commit("half", TOPIC, 0, 5);

        var result = reset("half", 1, "earliest");

        assertThat(result.has("previousOffset")).isFalse();
        assertThat(result.path("newOffset").intValue()).isZero();
        assertThat(world.kafka.committed("half", TOPIC, 0)).hasValue(5L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "11", "-1", "newest", "", "1e3", "99999999999999999999"})
    void offsetOutOfRange_isRefused_withTheValidRange(String offset) throws Exception {
        world.kafka.commit("kept", TOPIC, 0, 5);

        var error = failure("kept", TOPIC, 0, offset);

        assertThat(error.is(KafkaErrorCode.INVALID_OFFSET)).isTrue();
        assertThat(error).hasMessageContaining("'earliest', 'latest', 'current' or 3 to 10");
        assertThat(error.context()).containsEntry("earliest", 3).containsEntry("latest", 10);
        assertThat(world.kafka.committed("kept", TOPIC, 0)).hasValue(5L);
    }

    @Test
    void offsetAsJsonNumber_isAccepted_onlyIfItIsAnInteger() throws Exception {
        world.kafka.commit("numbered", TOPIC, 0, 5);
        assertThat(failure("numbered", TOPIC, 0, 2.5))
                .matches(e -> e.is(KafkaErrorCode.INVALID_OFFSET))
                .hasMessageContaining("'2.5'")
                .hasMessageContaining("earliest");

        world.call("reset_consumer_offset", Map.of("groupId", "numbered", "topic", TOPIC, "partition", 0, "offset", 3));
        assertThat(world.kafka.committed("numbered", TOPIC, 0)).hasValue(3L);
    }

    @Test
    void unknownPartition_isRefused_withTheExistingOnes() throws Exception {
        world.kafka.commit("known", TOPIC, 0, 5);

        assertThat(failure("known", TOPIC, 2, "latest"))
                .matches(e -> e.is(KafkaErrorCode.INVALID_PARTITIONS))
                .hasMessageContaining("partitions are 0 to 1");
    }

    @Test
    void unknownTopicOrGroup_isRefused_withTheNearestName() throws Exception {
        world.kafka.commit("crypto-group", TOPIC, 0, 5);

        assertThat(failure("crypto-group", "order", 0, "latest"))
                .matches(e -> e.is(KafkaErrorCode.TOPIC_NOT_FOUND))
                .hasMessageContaining("'orders'");
        assertThat(failure("crypt-group", TOPIC, 0, "latest"))
                .matches(e -> e.is(KafkaErrorCode.GROUP_NOT_FOUND))
                .hasMessageContaining("'crypto-group'");
        assertThat(failure("", TOPIC, 0, "latest").code()).isEqualTo("INVALID_ARGUMENT");
        assertThat(world.kafka.admin().listGroups().all().get())
                .noneMatch(group -> group.groupId().equals("crypt-group"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void runningGroup_isRefusedWithItsClients_andResetOnceItHasStopped(String protocol) throws Exception {
        String groupId = "running-" + protocol;
        try (var consumer = world.kafka.join(groupId, "worker-1", TOPIC, protocol)) {
            consumer.commitSync();

            var error = failure(groupId, TOPIC, 0, "earliest");

            assertThat(error.is(KafkaErrorCode.GROUP_ACTIVE)).isTrue();
            assertThat(error)
                    .hasMessageContaining("1 running consumer")
                    .hasMessageContaining("worker-1")
                    .hasMessageContaining("Stop them");
            assertThat(error.context()).containsEntry("members", 1).containsEntry("clientIds", List.of("worker-1"));
        }

        assertThat(reset(groupId, 0, "earliest").path("newOffset").intValue()).isEqualTo(3);
    }

    private static JsonNode reset(String groupId, int partition, String offset) throws Exception {
        return world.call(
                "reset_consumer_offset",
                Map.of("groupId", groupId, "topic", TOPIC, "partition", partition, "offset", offset));
    }

    private static MCPToolError failure(String groupId, String topic, int partition, Object offset) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("groupId", groupId);
        arguments.put("topic", topic);
        arguments.put("partition", partition);
        arguments.put("offset", offset);
        return world.failure("reset_consumer_offset", arguments);
    }
}
