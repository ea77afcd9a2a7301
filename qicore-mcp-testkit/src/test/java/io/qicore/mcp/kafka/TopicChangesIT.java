package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.call;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tools that overwrite or delete data say first what will be lost, and then do only what they said. */
class TopicChangesIT {

    private static final long HOUR = 3_600_000;

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared();

    @AutoClose
    private static final KafkaMCPServer careful = new KafkaMCPServer(
            world.connection(),
            KafkaOptions.builder()
                    .policy(KafkaPolicy.builder()
                            .confirmation(ConfirmationMode.ALWAYS)
                            .build())
                    .build());

    @BeforeAll
    static void prepare() throws Exception {
        careful.initialize();
    }

    @Test
    void deleteTopic_saysWhatWillBeLost_thenDeletes() throws Exception {
        world.kafka.createTopic("doomed", 2);
        world.kafka.produce("doomed", 0, 5);
        world.kafka.produce("doomed", 1, 3);
        world.kafka.commit("reader", "doomed", 0, 2);

        var plan = world.call("delete_topic", Map.of("topic", "doomed", "dryRun", true));
        assertThat(plan.path("success").booleanValue()).isFalse();
        assertThat(plan.path("partitions").intValue()).isEqualTo(2);
        assertThat(plan.path("records").longValue()).isEqualTo(8);
        assertThat(plan.path("groups")).isEqualTo(json("['reader']"));

        var done = world.call("delete_topic", apply(plan, Map.of("topic", "doomed")));
        assertThat(done.path("success").booleanValue()).isTrue();
        assertThat(done.has("planHash")).isFalse();
        await().untilAsserted(() ->
                assertThat(world.kafka.admin().listTopics().names().get()).doesNotContain("doomed"));
    }

    @Test
    void deleteTopic_isRefused_whenAnotherGroupReadsTheTopicMeanwhile() throws Exception {
        world.kafka.createTopic("busy", 1);
        var plan = call(careful, "delete_topic", Map.of("topic", "busy"));
        assertThat(plan.path("success").booleanValue()).isFalse();

        world.kafka.produce("busy", 0, 1);
        world.kafka.commit("newcomer", "busy", 0, 0);

        var error = Tools.failure(careful, "delete_topic", apply(plan, Map.of("topic", "busy")));
        assertThat(error.is(StandardErrorCode.PLAN_CHANGED)).isTrue();
        assertThat(world.kafka.admin().listTopics().names().get()).contains("busy");
        var again = call(careful, "delete_topic", Map.of("topic", "busy"));
        assertThat(call(careful, "delete_topic", apply(again, Map.of("topic", "busy")))
                        .path("success")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void internalTopics_areNeverTouched() throws Exception {
        world.kafka.commit("some-group", topic("ordinary"), 0, 0);
        for (var question : List.of(
                Map.entry("delete_topic", Map.<String, Object>of("topic", "__consumer_offsets")),
                Map.entry(
                        "alter_topic_config",
                        Map.<String, Object>of("topic", "__consumer_offsets", "set", Map.of("retention.ms", "1"))),
                Map.entry(
                        "delete_records",
                        Map.<String, Object>of("topic", "__consumer_offsets", "beforeOffsets", Map.of("0", 1))),
                Map.entry("add_partitions", Map.<String, Object>of("topic", "__consumer_offsets", "count", 99)))) {
            assertThat(world.failure(question.getKey(), question.getValue()).code())
                    .as(question.getKey())
                    .isEqualTo("NOT_ALLOWED");
        }
    }

    @Test
    void alterTopicConfig_returnsOldAndNewValues_andChangesNothingElse() throws Exception {
        world.kafka.createTopic(new NewTopic("tuned", 1, (short) 1)
                .configs(Map.of("retention.ms", Long.toString(HOUR), "max.message.bytes", "2000")));
        Map<String, Object> change = Map.of(
                "topic", "tuned",
                "set", Map.of("retention.ms", Long.toString(2 * HOUR), "cleanup.policy", "delete"),
                "reset", List.of("max.message.bytes"));

        var plan = world.call("alter_topic_config", with(change, "dryRun", true));
        assertThat(plan.path("changes")).isEqualTo(json("""
                [{'name':'cleanup.policy','from':'delete','to':'delete'},
                 {'name':'retention.ms','from':'3600000','to':'7200000'},
                 {'name':'max.message.bytes','from':'2000','to':'1048588'}]"""));
        assertThat(plan.has("expiring")).isFalse();

        assertThat(world.call("alter_topic_config", apply(plan, change))
                        .path("success")
                        .booleanValue())
                .isTrue();
        await().untilAsserted(() -> assertThat(world.call("get_topic_metadata", Map.of("topic", "tuned"))
                        .path("configs"))
                .isEqualTo(json("{'cleanup.policy':'delete','retention.ms':'7200000'}")));
        await().untilAsserted(() -> assertThat(
                        world.call("alter_topic_config", change).path("changes"))
                .isEmpty());
    }

    @Test
    void alterTopicConfig_saysWhatAShorterRetentionDeletes() throws Exception {
        world.kafka.createTopic("aged", 2);
        long now = System.currentTimeMillis();
        produce("aged", 0, now - 5 * HOUR, now - 4 * HOUR, now);
        produce("aged", 1, now - 5 * HOUR);

        var plan = world.call(
                "alter_topic_config",
                Map.of("topic", "aged", "set", Map.of("retention.ms", Long.toString(HOUR)), "dryRun", true));
        assertThat(plan.path("expiring")).isEqualTo(json("{'records':3,'ofRecords':4,'partitions':2}"));

        var bySize = world.call(
                "alter_topic_config", Map.of("topic", "aged", "set", Map.of("retention.bytes", "1"), "dryRun", true));
        assertThat(bySize.path("expiring").path("estimated").booleanValue()).isTrue();
        assertThat(bySize.path("expiring").path("records").longValue()).isBetween(2L, 4L);
    }

    @Test
    void alterTopicConfig_refusesWhatBrokersRefuse_withoutChangingAnything() throws Exception {
        String name = topic("strict");

        assertThat(world.failure(
                        "alter_topic_config",
                        Map.of("topic", name, "set", Map.of("retension.ms", "1", "retention.bytes", "5"))))
                .matches(e -> e.code().equals("INVALID_ARGUMENT"))
                .hasMessageContaining("Did you mean 'retention.ms'");
        assertThat(world.failure(
                        "alter_topic_config",
                        Map.of("topic", name, "set", Map.of("retention.ms", "soon", "retention.bytes", "5"))))
                .matches(e -> e.code().equals("INVALID_ARGUMENT"))
                .hasMessageContaining("retention.ms")
                .hasMessageNotContaining("may have been made");
        assertThat(world.failure("alter_topic_config", Map.of("topic", name)))
                .hasMessageContaining("Nothing to change");
        assertThat(world.call(
                                "alter_topic_config",
                                Map.of("topic", name, "set", Map.of("min.insync.replicas", "2"), "dryRun", true))
                        .path("warnings")
                        .path(0)
                        .textValue())
                .contains("acks=all");
        assertThat(world.call("get_topic_metadata", Map.of("topic", name)).path("configs"))
                .isEmpty();
    }

    @Test
    void deleteRecords_byOffset() throws Exception {
        world.kafka.createTopic("trimmed", 2);
        world.kafka.produce("trimmed", 0, 10);
        world.kafka.produce("trimmed", 1, 4);
        world.kafka.commit("behind", "trimmed", 0, 2);
        world.kafka.commit("ahead", "trimmed", 0, 9);
        Map<String, Object> cut = Map.of("topic", "trimmed", "beforeOffsets", Map.of("0", 6));

        var plan = call(careful, "delete_records", cut);
        assertThat(plan.path("success").booleanValue()).isFalse();
        assertThat(plan.path("records").longValue()).isEqualTo(6);
        assertThat(plan.path("partitions")).isEqualTo(json("[{'partition':0,'from':0,'to':6}]"));
        assertThat(plan.path("groups")).isEqualTo(json("[{'groupId':'behind','unread':4}]"));

        // Records written meanwhile are not among those to be deleted, so the plan stays valid.
        world.kafka.produce("trimmed", 0, 1);
        var done = call(careful, "delete_records", apply(plan, cut));
        assertThat(done.path("success").booleanValue()).isTrue();
        var partitions =
                world.call("get_topic_metadata", Map.of("topic", "trimmed")).path("partitions");
        assertThat(partitions.path(0).path("earliestOffset").longValue()).isEqualTo(6);
        assertThat(partitions.path(1).path("earliestOffset").longValue()).isZero();

        var nothing = world.call("delete_records", cut);
        assertThat(nothing.path("success").booleanValue()).isTrue();
        assertThat(nothing.path("records").longValue()).isZero();
    }

    @Test
    void deleteRecords_byTime() throws Exception {
        world.kafka.createTopic("dated", 2);
        long now = System.currentTimeMillis();
        produce("dated", 0, now - 3 * HOUR, now);
        produce("dated", 1, now - 3 * HOUR, now - 3 * HOUR);

        var done = world.call(
                "delete_records",
                Map.of(
                        "topic",
                        "dated",
                        "beforeTime",
                        Instant.ofEpochMilli(now - HOUR).toString()));

        assertThat(done.path("partitions"))
                .isEqualTo(json("[{'partition':0,'from':0,'to':1},{'partition':1,'from':0,'to':2}]"));
    }

    @Test
    void deleteRecords_refusesWrongArgumentsAndCompactedTopics() throws Exception {
        String name = topic("short");
        for (var wrong : Map.of(
                        "INVALID_OFFSET", Map.of("topic", name, "beforeOffsets", Map.of("0", 1)),
                        "INVALID_PARTITIONS", Map.of("topic", name, "beforeOffsets", Map.of("one", 0)),
                        "INVALID_ARGUMENT", Map.of("topic", name, "beforeTime", "yesterday"),
                        "TOPIC_NOT_FOUND", Map.of("topic", "shorts", "beforeOffsets", Map.of("0", 0)))
                .entrySet()) {
            assertThat(world.failure("delete_records", wrong.getValue()).code()).isEqualTo(wrong.getKey());
        }
        assertThat(world.failure("delete_records", Map.of("topic", name))).hasMessageContaining("exactly one");
        assertThat(world.failure("delete_records", Map.of("topic", name, "beforeOffsets", Map.of("0", 0, "00", 0))))
                .hasMessageContaining("partition 0 more than once");

        world.kafka.createTopic(new NewTopic("compacted", 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
        produce("compacted", 0, 1, 2);
        assertThat(world.failure(
                        "delete_records",
                        Map.of("topic", "compacted", "beforeOffsets", Map.of("0", 1), "dryRun", true)))
                .matches(e -> e.is(KafkaErrorCode.POLICY_VIOLATION))
                .hasMessageContaining("cleanup.policy");
    }

    private static String topic(String name) throws Exception {
        world.kafka.createTopic(name, 1);
        return name;
    }

    private static void produce(String topic, int partition, long... timestamps) {
        Map<String, Object> properties = new HashMap<>(world.kafka.cluster().clientProperties());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (long timestamp : timestamps) {
                producer.send(new ProducerRecord<>(topic, partition, timestamp, "key", "record"));
            }
        }
    }

    private static Map<String, Object> apply(JsonNode plan, Map<String, Object> arguments) {
        return with(arguments, "planHash", plan.path("planHash").textValue());
    }

    private static Map<String, Object> with(Map<String, Object> arguments, String name, Object value) {
        Map<String, Object> more = new HashMap<>(arguments);
        more.put(name, value);
        return more;
    }
}
