package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TopicToolsIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared();

    @Test
    void createTopic_createsTheTopicAsRequested() throws Exception {
        var created = world.call(
                "create_topic",
                Map.of("name", "created", "partitions", 3, "configs", Map.of("retention.ms", "3600000")));

        assertThat(created).isEqualTo(json("{'success':true,'name':'created','partitions':3,'replicationFactor':1}"));
        world.kafka.awaitTopic("created");
        var metadata = world.call("get_topic_metadata", Map.of("topic", "created"));
        assertThat(metadata.path("partitions")).hasSize(3);
        assertThat(metadata.path("configs")).isEqualTo(json("{'retention.ms':'3600000'}"));
    }

    @Test
    void createTopic_refusesExistingTopicsAndInvalidSettings() throws Exception {
        world.kafka.createTopic("taken", 1);

        assertThat(world.failure("create_topic", Map.of("name", "taken", "partitions", 1)))
                .matches(e -> e.is(KafkaErrorCode.TOPIC_EXISTS))
                .hasMessageContaining("'taken'");
        assertThat(world.failure("create_topic", Map.of("name", "wide", "partitions", 1, "replicationFactor", 3)))
                .matches(e -> e.code().equals("INVALID_ARGUMENT"))
                .hasMessageContaining("create topic 'wide'")
                .hasMessageContaining("replication");
        assertThat(world.failure(
                        "create_topic",
                        Map.of("name", "odd", "partitions", 1, "configs", Map.of("retention.ms", "soon"))))
                .matches(e -> e.code().equals("INVALID_ARGUMENT"))
                .hasMessageContaining("retention.ms");
        assertThat(world.failure(
                        "create_topic", Map.of("name", "odd", "partitions", 1, "configs", Map.of("retension", "1"))))
                .matches(e -> e.code().equals("INVALID_ARGUMENT"))
                .hasMessageContaining("retension");
        assertThat(world.failure("create_topic", Map.of("name", "..", "partitions", 1)))
                .matches(e -> e.code().equals("INVALID_ARGUMENT"));
    }

    @Test
    void listTopics_isSorted_withoutInternalTopics() throws Exception {
        world.kafka.createTopic("list-b", 2);
        world.kafka.createTopic("list-a", 1);
        world.kafka.commit("some-group", "list-a", 0, 0);

        var listed = world.call("list_topics", Map.of());
        var all = world.call("list_topics", Map.of("includeInternal", true));

        var names = listed.path("topics").findValuesAsText("name");
        assertThat(names).isSorted().contains("list-a", "list-b").doesNotContain("__consumer_offsets");
        assertThat(listed.path("count").intValue()).isEqualTo(names.size());
        assertThat(listed.path("topics")).contains(json("{'name':'list-b','partitions':2,'replicationFactor':1}"));
        assertThat(all.path("topics"))
                .contains(json("{'name':'__consumer_offsets','partitions':5,'replicationFactor':1,'internal':true}"));
    }

    @Test
    void createTopic_createsNothing_whenOnlyValidating() throws Exception {
        var checked = world.call("create_topic", Map.of("name", "checked", "partitions", 2, "validateOnly", true));

        assertThat(checked)
                .isEqualTo(json(
                        "{'success':true,'name':'checked','partitions':2,'replicationFactor':1,'validateOnly':true}"));
        assertThat(world.failure(
                        "create_topic",
                        Map.of("name", "wide", "partitions", 1, "replicationFactor", 3, "validateOnly", true)))
                .hasMessageContaining("replication")
                .hasMessageNotContaining("may have been made");
        assertThat(world.kafka.admin().listTopics().names().get()).doesNotContain("checked", "wide");
    }

    @Test
    void listTopics_continuesFromTheCursor_whenTopicsComeAndGo() throws Exception {
        for (String name : new String[] {"page-a", "page-b", "page-d", "page-e"}) {
            world.kafka.createTopic(name, 1);
        }
        var first = world.call("list_topics", Map.of("filter", "page-?", "limit", 2));
        world.kafka.createTopic("page-c", 1);
        world.kafka.admin().deleteTopics(List.of("page-b")).all().get();

        var rest = world.call(
                "list_topics",
                Map.of("filter", "page-?", "cursor", first.path("nextCursor").textValue()));

        assertThat(first.path("topics").findValuesAsText("name")).containsExactly("page-a", "page-b");
        assertThat(first.path("count").intValue()).isEqualTo(4);
        await().untilAsserted(() ->
                assertThat(rest.path("topics").findValuesAsText("name")).containsExactly("page-c", "page-d", "page-e"));
        assertThat(rest.has("nextCursor")).isFalse();
        assertThat(world.failure("list_topics", Map.of("cursor", "page-b")))
                .matches(e -> e.code().equals("INVALID_ARGUMENT"))
                .hasMessageContaining("cursor of an earlier result");
    }

    @Test
    void sizesAndTimes_areReturnedOnRequest() throws Exception {
        world.kafka.createTopic("sized", 2);
        world.kafka.produce("sized", 0, 100);

        var plain = world.call("list_topics", Map.of("filter", "sized"));
        var sized = world.call("list_topics", Map.of("filter", "sized", "sizes", true));
        assertThat(plain.path("topics").path(0).has("sizeBytes")).isFalse();
        assertThat(sized.path("topics").path(0).path("sizeBytes").longValue()).isPositive();

        var metadata = world.call("get_topic_metadata", Map.of("topic", "sized", "details", true));
        assertThat(metadata.path("records").longValue()).isEqualTo(100);
        assertThat(metadata.path("sizeBytes").longValue())
                .isEqualTo(metadata.path("partitions").path(0).path("sizeBytes").longValue())
                .isPositive();
        assertThat(Instant.parse(metadata.path("oldest").textValue()))
                .isBeforeOrEqualTo(Instant.parse(metadata.path("newest").textValue()))
                .isAfter(Instant.now().minusSeconds(600));
    }

    @Test
    void getTopicMetadata_saysWhenItOmitsPartitions() throws Exception {
        world.kafka.createTopic("many", 7);

        var metadata = world.call("get_topic_metadata", Map.of("topic", "many", "maxPartitions", 3));

        assertThat(metadata.path("partitions")).hasSize(3);
        assertThat(metadata.path("partitionCount").intValue()).isEqualTo(7);
        assertThat(metadata.path("truncated").booleanValue()).isTrue();
    }

    @Test
    void getMetadata_describesTheCluster() throws Exception {
        world.kafka.createTopic("counted", 4);

        var metadata = world.call("get_metadata", Map.of());

        assertThat(metadata.path("clusterId").textValue())
                .isEqualTo(world.kafka.admin().describeCluster().clusterId().get());
        assertThat(metadata.path("controller").isInt()).isTrue();
        assertThat(metadata.path("brokers")).hasSize(1);
        assertThat(metadata.path("brokers").path(0).path("port").intValue()).isPositive();
        var topics = world.call("list_topics", Map.of("limit", 1));
        assertThat(metadata.path("topicCount").intValue())
                .isEqualTo(topics.path("count").intValue());
        assertThat(metadata.path("partitionCount").intValue()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void getTopicMetadata_returnsThePartitionsWithTheirOffsets() throws Exception {
        world.kafka.createTopic(new NewTopic("described", 2, (short) 1));
        world.kafka.produce("described", 1, 7);

        var metadata = world.call("get_topic_metadata", Map.of("topic", "described"));

        assertThat(metadata.path("topic").textValue()).isEqualTo("described");
        assertThat(metadata.path("topicId").textValue()).hasSize(22);
        assertThat(metadata.path("internal").booleanValue()).isFalse();
        assertThat(metadata.path("partitions")).isEqualTo(json("""
                [{'partition':0,'leader':0,'replicas':[0],'isr':[0],'earliestOffset':0,'latestOffset':0},
                 {'partition':1,'leader':0,'replicas':[0],'isr':[0],'earliestOffset':0,'latestOffset':7}]"""));
        assertThat(metadata.path("configs")).isEqualTo(json("{}"));
    }

    @Test
    void unknownTopic_isRefused_withTheNearestName() throws Exception {
        world.kafka.createTopic("crypto-ohlcv", 1);

        for (String tool : new String[] {"get_topic_metadata", "get_consumer_lag"}) {
            var error = world.failure(tool, Map.of("topic", "crypto-ohlc"));
            assertThat(error.is(KafkaErrorCode.TOPIC_NOT_FOUND)).isTrue();
            assertThat(error).hasMessageContaining("Did you mean 'crypto-ohlcv'?");
        }
        assertThat(world.failure("add_partitions", Map.of("topic", "crypto-ohlc", "count", 9))
                        .code())
                .isEqualTo("TOPIC_NOT_FOUND");
    }

    @Test
    void invalidTopicName_isRefused() {
        assertThat(world.failure("get_topic_metadata", Map.of("topic", "not a name"))
                        .code())
                .isIn("INVALID_ARGUMENT", "TOPIC_NOT_FOUND");
    }

    @Test
    void addPartitions_raisesTheNumberToTheTotal() throws Exception {
        world.kafka.createTopic("grown", 2);

        var result = world.call("add_partitions", Map.of("topic", "grown", "count", 5));

        assertThat(result.path("success").booleanValue()).isTrue();
        assertThat(result.path("previous").intValue()).isEqualTo(2);
        assertThat(result.path("count").intValue()).isEqualTo(5);
        assertThat(result.path("warning").textValue()).contains("different partitions");
        await().until(() -> world.call("get_topic_metadata", Map.of("topic", "grown"))
                        .path("partitions")
                        .size()
                == 5);
    }

    @Test
    void addPartitions_neverLowersTheNumber() throws Exception {
        world.kafka.createTopic("kept", 3);

        for (int count : new int[] {3, 2}) {
            assertThat(world.failure("add_partitions", Map.of("topic", "kept", "count", count)))
                    .matches(e -> e.is(KafkaErrorCode.INVALID_PARTITIONS))
                    .hasMessageContaining("has 3 partitions");
        }
    }
}
