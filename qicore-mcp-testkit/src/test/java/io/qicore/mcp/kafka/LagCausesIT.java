package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Causes of lag other than slow consumers: open transactions and retention. */
class LagCausesIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared();

    @Test
    void openTransaction_thatHidesRecordsFromReadCommittedConsumers_isMeasured() throws Exception {
        world.kafka.createTopic("paid", 1);
        world.kafka.produce("paid", 0, 5);
        world.kafka.commit("readers", "paid", 0, 2);
        Map<String, Object> properties = new HashMap<>(world.kafka.cluster().clientProperties());
        properties.put("transactional.id", "cashier");
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 4; i++) {
                producer.send(new ProducerRecord<>("paid", 0, null, "record"));
            }
            producer.flush();
            world.kafka.produce("paid", 0, 3);

            // 12 is the high watermark, 5 the last stable offset.
            JsonNode lag = world.call("get_consumer_lag", Map.of("topic", "paid", "groupId", "readers"))
                    .path("groups")
                    .path(0);
            assertThat(lag.path("lag").intValue()).isEqualTo(10);
            assertThat(lag.path("lagToStable").intValue()).isEqualTo(3);
            assertThat(lag.path("partitions").path(0))
                    .isEqualTo(json("{'partition':0,'committedOffset':2,'endOffset':12,'lag':10,'lagToStable':3}"));

            // A short transaction is not a cause of lag.
            assertThat(world.call("explain_lag", Map.of("groupId", "readers"))
                            .path("findings")
                            .findValuesAsText("cause"))
                    .containsExactly("NO_MEMBERS");
            JsonNode open = world.call("find_open_transactions", Map.of("topic", "paid", "olderThanSeconds", 0));
            assertThat(open.path("transactions").path(0).path("transactionalId").textValue())
                    .isEqualTo("cashier");
            assertThat(open.path("transactions").path(0).path("partitions"))
                    .isEqualTo(json("[{'topic':'paid','partition':0,'startOffset':5,'lsoLag':7}]"));

            producer.commitTransaction();
        }
        await().untilAsserted(
                        () -> assertThat(world.call("get_consumer_lag", Map.of("topic", "paid", "groupId", "readers"))
                                        .path("groups")
                                        .path(0)
                                        .has("lagToStable"))
                                .isFalse());
    }

    @Test
    void recordsThatRetentionWillDeleteUnread_areReported() throws Exception {
        long retention = Duration.ofHours(10).toMillis();
        world.kafka.createTopic(new NewTopic("aging", 2, (short) 1)
                .configs(Map.of("retention.ms", Long.toString(retention), "cleanup.policy", "delete")));
        long old = System.currentTimeMillis() - Duration.ofHours(9).toMillis();
        world.kafka.produce("aging", 0, 4, old);
        world.kafka.produce("aging", 0, 1);
        world.kafka.produce("aging", 1, 4);
        world.kafka.commit("late", "aging", 0, 1);
        world.kafka.commit("late", "aging", 1, 1);
        world.kafka.commit("better", "aging", 0, 4);

        JsonNode finding = finding(world.call("explain_lag", Map.of("groupId", "late")), "NEAR_RETENTION");
        assertThat(finding.path("detail").textValue()).contains("aging:0").doesNotContain("0-1");
        assertThat(finding.path("next").textValue()).isEqualTo("alter_topic_config");

        assertThat(world.call("explain_lag", Map.of("groupId", "better"))
                        .path("findings")
                        .findValuesAsText("cause"))
                .containsExactly("NO_MEMBERS");
    }

    private static JsonNode finding(JsonNode report, String cause) {
        for (JsonNode finding : report.path("findings")) {
            if (finding.path("cause").textValue().equals(cause)) {
                return finding;
            }
        }
        throw new AssertionError("No " + cause + " in " + report);
    }
}
