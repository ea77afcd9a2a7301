package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerLagIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(StreamingConsumerMCPServer::new);

    @Test
    void topicWithoutGroups_hasLagZero() throws Exception {
        world.kafka.createTopic("lonely", 1);
        world.kafka.produce("lonely", 0, 5);

        assertThat(lag(Map.of("topic", "lonely")))
                .isEqualTo(json("{'lag':0,'topic':'lonely','groupCount':0,'groups':[]}"));
    }

    @Test
    void severalGroups_areSummarized_largestLagFirst() throws Exception {
        world.kafka.createTopic("orders", 2);
        world.kafka.produce("orders", 0, 100);
        world.kafka.produce("orders", 1, 10);
        world.kafka.commitAll("slow", "orders", 20, 0);
        world.kafka.commitAll("quick", "orders", 99, 10);
        world.kafka.createTopic("other", 1);
        world.kafka.commit("elsewhere", "other", 0, 0);

        assertThat(lag(Map.of("topic", "orders"))).isEqualTo(json("""
                {'lag':90,'topic':'orders','groupCount':2,'groups':[
                 {'groupId':'slow','lag':90,'state':'Empty'},
                 {'groupId':'quick','lag':1,'state':'Empty'}]}"""));
    }

    @Test
    void namedGroup_isListedByPartition() throws Exception {
        world.kafka.createTopic("named", 2);
        world.kafka.produce("named", 0, 100);
        world.kafka.produce("named", 1, 50);
        world.kafka.commit("reader", "named", 0, 40);
        world.kafka.commit("worse-reader", "named", 0, 0);

        assertThat(lag(Map.of("topic", "named", "groupId", "reader"))).isEqualTo(json("""
                {'lag':60,'topic':'named','groupId':'reader','groupCount':1,'groups':[
                 {'groupId':'reader','lag':60,'state':'Empty','unknownPartitions':1,'partitions':[
                  {'partition':0,'committedOffset':40,'endOffset':100,'lag':60},
                  {'partition':1,'endOffset':50,'reason':'UNCOMMITTED'}]}]}"""));
    }

    @Test
    void details_listEveryGroupByPartition_upToMaxGroups() throws Exception {
        world.kafka.createTopic("many", 1);
        world.kafka.produce("many", 0, 10);
        for (int i = 0; i < 5; i++) {
            world.kafka.commit("many-" + i, "many", 0, i);
        }

        var report = lag(Map.of("topic", "many", "details", true, "maxGroups", 2));

        assertThat(report.path("lag").intValue()).isEqualTo(10);
        assertThat(report.path("groupCount").intValue()).isEqualTo(5);
        assertThat(report.path("truncated").booleanValue()).isTrue();
        assertThat(report.path("groups").findValuesAsText("groupId")).containsExactly("many-0", "many-1");
        assertThat(report.path("groups").path(1).path("partitions")).hasSize(1);
    }

    @Test
    void namedGroupWithoutOffsetsOnTheTopic_isListedAsUncommitted() throws Exception {
        world.kafka.createTopic("unread", 1);
        world.kafka.createTopic("read", 1);
        world.kafka.commit("busy-elsewhere", "read", 0, 0);

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
        world.kafka.createTopic(topic, 1);
        world.kafka.produce(topic, 0, 8);
        try (var consumer = world.kafka.join("group-" + protocol, "client", topic, protocol)) {
            consumer.seek(new TopicPartition(topic, 0), 3);
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(3)));

            var group = lag(Map.of("topic", topic)).path("groups").path(0);

            assertThat(group).isEqualTo(json("{'groupId':'group-" + protocol + "','lag':5,'state':'Stable'}"));
        }
    }

    @Test
    void committedOffsetOutOfRange_isReported_withoutNegativeLag() throws Exception {
        world.kafka.createTopic("shrunk", 1);
        world.kafka.produce("shrunk", 0, 10);
        world.kafka.commit("ahead", "shrunk", 0, 1_000);
        world.kafka.commit("expired", "shrunk", 0, 2);
        world.kafka.deleteRecords("shrunk", 0, 6);

        var groups = lag(Map.of("topic", "shrunk", "details", true)).path("groups");

        assertThat(groups.findValuesAsText("groupId")).containsExactly("expired", "ahead");
        assertThat(groups.path(1).path("partitions").path(0).path("reason").textValue())
                .isEqualTo("AHEAD_OF_END");
        assertThat(groups.path(1).path("lag").intValue()).isZero();
        assertThat(groups.path(0).path("lost").intValue()).isEqualTo(4);
        for (var details : List.of(true, false)) {
            var row = lag(Map.of("groupId", "expired", "details", details))
                    .path("groups")
                    .path(0)
                    .path("partitions")
                    .path(0);
            assertThat(row.path("reason").textValue()).isEqualTo("OFFSET_EXPIRED");
            assertThat(row.path("topic").textValue()).isEqualTo("shrunk");
        }
    }

    @Test
    void offsetsOfADeletedTopic_doNotFailTheCall() throws Exception {
        world.kafka.createTopic("kept", 1);
        world.kafka.createTopic("gone", 2);
        world.kafka.produce("kept", 0, 7);
        world.kafka.commit("orphan", "kept", 0, 2);
        world.kafka.commit("orphan", "gone", 0, 0);
        world.kafka.admin().deleteTopics(List.of("gone")).all().get();

        // Until the coordinator has removed the offset of the deleted topic, the answer has a row with a reason for it.
        assertThat(lag(Map.of("groupId", "orphan")).path("lag").intValue()).isEqualTo(5);
        var abandoned = world.call("list_abandoned_offsets", Map.of()).path("groups");
        assertThat(abandoned.findValuesAsText("groupId")).contains("orphan");
    }

    @Test
    void allGroups_areMeasuredOverAllTopics() throws Exception {
        world.kafka.createTopic("all-1", 1);
        world.kafka.createTopic("all-2", 1);
        world.kafka.produce("all-1", 0, 4000);
        world.kafka.produce("all-2", 0, 3000);
        world.kafka.commit("all-both", "all-1", 0, 0);
        world.kafka.commit("all-both", "all-2", 0, 0);
        world.kafka.commit("all-one", "all-2", 0, 0);

        var report = lag(Map.of("maxGroups", 2));

        assertThat(report.path("lag").intValue()).isEqualTo(7000);
        assertThat(report.path("groups").findValuesAsText("groupId")).containsExactly("all-both", "all-one");
        assertThat(report.path("truncated").booleanValue()).isTrue();

        var found = world.call("find_lagging_groups", Map.of("top", 1, "minLag", 3000));
        assertThat(found.path("groups")).isEqualTo(json("[{'groupId':'all-both','lag':7000,'state':'Empty'}]"));
        assertThat(found.path("lagging").intValue()).isEqualTo(2);
        assertThat(found.path("complete").booleanValue()).isTrue();
    }

    @Test
    void answerForFiftyPartitions_fitsTwoKilobytes() throws Exception {
        world.kafka.createTopic("wide", 50);
        world.kafka.produce("wide", 0, 3000);
        for (int partition = 0; partition < 50; partition++) {
            world.kafka.produce("wide", partition, 20);
            world.kafka.commit("wide-reader", "wide", partition, 3);
        }
        for (var question : List.of(
                Map.of("groupId", "wide-reader"),
                Map.of("groupId", "wide-reader", "topic", "wide"),
                Map.of("topic", "wide"))) {
            assertThat(world.call("get_consumer_lag", question).toString())
                    .as("%s", question)
                    .hasSizeLessThan(2048);
        }
    }

    @Test
    void previousSample_givesRatesAndAVerdict() throws Exception {
        world.kafka.createTopic("trend", 1);
        world.kafka.produce("trend", 0, 100);
        world.kafka.commit("trend-reader", "trend", 0, 10);
        String sample = world.call("get_consumer_lag", Map.of("groupId", "trend-reader"))
                .path("sample")
                .textValue();
        world.kafka.produce("trend", 0, 50);

        var trend = lag(Map.of("groupId", "trend-reader", "sample", sample))
                .path("groups")
                .path(0)
                .path("trend");

        assertThat(trend.path("verdict").textValue()).isEqualTo("STOP");
        assertThat(trend.path("consumeRate").doubleValue()).isZero();
        assertThat(trend.path("produceRate").doubleValue()).isPositive();
        assertThat(trend.has("drainSeconds")).isFalse();

        var tampered = lag(Map.of("groupId", "trend-reader", "sample", sample.substring(1)));
        assertThat(tampered.path("warnings").path(0).textValue()).contains("not one that this server signed");
    }

    @Test
    void ageOfTheOldestUnreadRecord_isReadFromTheRecord() throws Exception {
        world.kafka.createTopic("aged", 2);
        world.kafka.produce("aged", 0, 5, System.currentTimeMillis() - 3_600_000);
        world.kafka.produce("aged", 1, 5);
        world.kafka.commit("aged-reader", "aged", 0, 2);
        world.kafka.commit("aged-reader", "aged", 1, 0);

        var group = lag(Map.of("groupId", "aged-reader", "age", true))
                .path("groups")
                .path(0);

        assertThat(group.path("oldestUnreadSeconds").longValue()).isBetween(3_600L, 3_700L);
        assertThat(group.path("partitions").path(1).path("oldestUnreadSeconds").longValue())
                .isLessThan(100);
    }

    @Test
    void explanation_namesTheCauseAndTheNextTool() throws Exception {
        world.kafka.createTopic("explained", 2);
        world.kafka.produce("explained", 0, 100);
        world.kafka.commit("explained-reader", "explained", 0, 10);

        var report = world.call("explain_lag", Map.of("groupId", "explained-reader"));

        assertThat(report.path("lag").intValue()).isEqualTo(90);
        var finding = report.path("findings").path(0);
        assertThat(finding.path("cause").textValue()).isEqualTo("NO_MEMBERS");
        assertThat(finding.path("explains").longValue()).isEqualTo(90);
        assertThat(finding.path("numbers").path("waiting").longValue()).isEqualTo(90);
        assertThat(finding.path("next").textValue()).isEqualTo("explain_lag");
        assertThat(report.path("produceRate").doubleValue()).isZero();
    }

    @Test
    void produceRate_goesByOffsets_andAWrongClockIsReported() throws Exception {
        world.kafka.createTopic("backfill", 1);
        world.kafka.produce("backfill", 0, 10);
        world.kafka.commit("backfill-reader", "backfill", 0, 10);
        String sample = world.call("explain_lag", Map.of("groupId", "backfill-reader"))
                .path("sample")
                .textValue();
        long hour = 3_600_000;
        world.kafka.produce("backfill", 0, 200, System.currentTimeMillis() - 5 * hour);

        var report = world.call("explain_lag", Map.of("groupId", "backfill-reader", "sample", sample));
        assertThat(report.path("produceRate").doubleValue()).isPositive();
        assertThat(report.path("warnings").path(0).textValue()).contains("disagree with the clock", "earlier");

        world.kafka.produce("backfill", 0, 200, System.currentTimeMillis() + hour);
        // Nothing is written while the call watches.
        report = world.call("explain_lag", Map.of("groupId", "backfill-reader"));
        assertThat(report.path("produceRate").doubleValue()).isZero();
        assertThat(report.path("warnings").path(0).textValue()).contains("in the future");
    }

    @Test
    void unknownGroup_isRefused_withTheNearestName() throws Exception {
        world.kafka.createTopic("grouped", 1);
        world.kafka.commit("crypto-group", "grouped", 0, 0);

        var error = failure(Map.of("topic", "grouped", "groupId", "cryptogroup"));

        assertThat(error.is(KafkaErrorCode.GROUP_NOT_FOUND)).isTrue();
        assertThat(error).hasMessageContaining("Did you mean 'crypto-group'?");
        assertThat(error.context()).containsEntry("nearest", List.of("crypto-group"));
    }

    @Test
    void unknownTopic_isReportedBeforeAnUnknownGroup() {
        assertThat(failure(Map.of("topic", "nowhere", "groupId", "nobody")).code())
                .isEqualTo("TOPIC_NOT_FOUND");
    }

    private static JsonNode lag(Map<String, ?> arguments) throws Exception {
        ObjectNode answer = (ObjectNode) world.call("get_consumer_lag", arguments);
        // The sample is signed and contains a time, so it differs between calls.
        answer.remove("sample");
        return answer;
    }

    private static MCPToolError failure(Map<String, ?> arguments) {
        return world.failure("get_consumer_lag", arguments);
    }
}
