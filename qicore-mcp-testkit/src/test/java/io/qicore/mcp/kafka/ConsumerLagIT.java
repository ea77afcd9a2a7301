package io.qicore.mcp.kafka;

import static io.qicore.mcp.kafka.KafkaWorld.call;
import static io.qicore.mcp.kafka.KafkaWorld.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerLagIT {

    private static KafkaWorld world;
    private static StreamingConsumerMCPServer server;

    @BeforeAll
    static void start() throws Exception {
        world = KafkaWorld.start();
        server = new StreamingConsumerMCPServer(world.connection());
        server.initialize();
    }

    @AfterAll
    static void stop() {
        server.close();
        world.close();
    }

    @Test
    void noGroupAtAll_isLagZero() throws Exception {
        world.createTopic("lonely", 1);
        world.produce("lonely", 0, 5);

        assertThat(lag(Map.of("topic", "lonely")))
                .isEqualTo(json("{'lag':0,'topic':'lonely','groupCount':0,'groups':[]}"));
    }

    @Test
    void severalGroups_areListedWorstFirstAndShort() throws Exception {
        world.createTopic("orders", 2);
        world.produce("orders", 0, 100);
        world.produce("orders", 1, 10);
        commit("slow", "orders", 20, 0);
        commit("quick", "orders", 99, 10);
        world.createTopic("other", 1);
        world.commit("elsewhere", "other", 0, 0);

        assertThat(lag(Map.of("topic", "orders"))).isEqualTo(json("""
                {'lag':90,'topic':'orders','groupCount':2,'groups':[
                 {'groupId':'slow','lag':90,'state':'Empty'},
                 {'groupId':'quick','lag':1,'state':'Empty'}]}"""));
    }

    @Test
    void namedGroup_isToldByPartition() throws Exception {
        world.createTopic("named", 2);
        world.produce("named", 0, 100);
        world.produce("named", 1, 50);
        world.commit("reader", "named", 0, 40);
        world.commit("worse-reader", "named", 0, 0);

        assertThat(lag(Map.of("topic", "named", "groupId", "reader"))).isEqualTo(json("""
                {'lag':60,'topic':'named','groupId':'reader','groupCount':1,'groups':[
                 {'groupId':'reader','lag':60,'state':'Empty','unknownPartitions':1,'partitions':[
                  {'partition':0,'committedOffset':40,'endOffset':100,'lag':60},
                  {'partition':1,'endOffset':50,'reason':'UNCOMMITTED'}]}]}"""));
    }

    @Test
    void details_tellEveryGroupByPartition_maxGroupsCutsTheTail() throws Exception {
        world.createTopic("many", 1);
        world.produce("many", 0, 10);
        for (int i = 0; i < 5; i++) {
            world.commit("many-" + i, "many", 0, i);
        }

        var report = lag(Map.of("topic", "many", "details", true, "maxGroups", 2));

        assertThat(report.path("lag").intValue()).isEqualTo(10);
        assertThat(report.path("groupCount").intValue()).isEqualTo(5);
        assertThat(report.path("truncated").booleanValue()).isTrue();
        assertThat(report.path("groups").findValuesAsText("groupId")).containsExactly("many-0", "many-1");
        assertThat(report.path("groups").path(1).path("partitions")).hasSize(1);
    }

    @Test
    void namedGroupWithNothingOnTheTopic_isToldSo() throws Exception {
        world.createTopic("unread", 1);
        world.createTopic("read", 1);
        world.commit("busy-elsewhere", "read", 0, 0);

        var report = lag(Map.of("topic", "unread", "groupId", "busy-elsewhere"));

        assertThat(report.path("lag").intValue()).isZero();
        assertThat(report.path("groups")
                        .path(0)
                        .path("partitions")
                        .path(0)
                        .path("reason")
                        .textValue())
                .isEqualTo("UNCOMMITTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void runningGroup_isMeasuredUnderBothGroupProtocols(String protocol) throws Exception {
        String topic = "running-" + protocol;
        world.createTopic(topic, 1);
        world.produce(topic, 0, 8);
        try (var consumer = world.join("group-" + protocol, "client", topic, protocol)) {
            consumer.seek(new TopicPartition(topic, 0), 3);
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(3)));

            var group = lag(Map.of("topic", topic)).path("groups").path(0);

            assertThat(group).isEqualTo(json("{'groupId':'group-" + protocol + "','lag':5,'state':'Stable'}"));
        }
    }

    @Test
    void commitOutsideTheLog_doesNotFailAndIsNoNegativeLag() throws Exception {
        world.createTopic("shrunk", 1);
        world.produce("shrunk", 0, 10);
        world.commit("ahead", "shrunk", 0, 1_000);
        world.commit("expired", "shrunk", 0, 2);
        world.admin
                .deleteRecords(Map.of(new TopicPartition("shrunk", 0), RecordsToDelete.beforeOffset(6)))
                .all()
                .get();

        var groups = lag(Map.of("topic", "shrunk", "details", true)).path("groups");

        assertThat(groups.findValuesAsText("groupId")).containsExactly("expired", "ahead");
        assertThat(groups.path(1).path("partitions").path(0).path("reason").textValue())
                .isEqualTo("AHEAD_OF_END");
        assertThat(groups.path(1).path("lag").intValue()).isZero();
    }

    @Test
    void unknownGroup_getsTheNearestName() throws Exception {
        world.createTopic("grouped", 1);
        world.commit("crypto-group", "grouped", 0, 0);

        var error = failure(Map.of("topic", "grouped", "groupId", "cryptogroup"));

        assertThat(error.is(KafkaErrorCode.GROUP_NOT_FOUND)).isTrue();
        assertThat(error).hasMessageContaining("Did you mean 'crypto-group'?");
        assertThat(error.context()).containsEntry("nearest", List.of("crypto-group"));
    }

    @Test
    void unknownTopic_isSaidBeforeTheGroup() {
        assertThat(failure(Map.of("topic", "nowhere", "groupId", "nobody")).code())
                .isEqualTo("TOPIC_NOT_FOUND");
    }

    private static JsonNode lag(Map<String, ?> arguments) throws Exception {
        return call(server, "get_consumer_lag", arguments);
    }

    private static MCPToolError failure(Map<String, ?> arguments) {
        return catchThrowableOfType(MCPToolError.class, () -> lag(arguments));
    }

    private static void commit(String groupId, String topic, long... offsets) throws Exception {
        for (int partition = 0; partition < offsets.length; partition++) {
            world.commit(groupId, topic, partition, offsets[partition]);
        }
    }
}
