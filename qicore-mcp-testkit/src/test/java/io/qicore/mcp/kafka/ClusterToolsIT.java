package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ClusterToolsIT {

    @AutoClose
    private static final KafkaWorld world =
            KafkaWorld.alone(EmbeddedKafka.builder().start());

    @Test
    void health_reflectsABrokerThatStopsAndRestarts() throws Exception {
        // A cluster of its own: the topics that other tests make Kafka create would count as under-replicated.
        try (KafkaWorld cluster =
                KafkaWorld.alone(EmbeddedKafka.builder().brokers(2).start())) {
            cluster.kafka.createTopic(
                    new NewTopic("copied", Map.of(0, List.of(0, 1))).configs(Map.of("min.insync.replicas", "1")));
            cluster.kafka.createTopic(
                    new NewTopic("strict", Map.of(0, List.of(0, 1))).configs(Map.of("min.insync.replicas", "2")));
            cluster.kafka.createTopic(new NewTopic("single", Map.of(0, List.of(1))));
            cluster.kafka.produce("copied", 0, 10);

            await().untilAsserted(() -> {
                var health = cluster.call("get_cluster_health", Map.of());
                assertThat(health.path("status").textValue())
                        .as(health.toString())
                        .isEqualTo("OK");
                assertThat(health.path("brokers")).hasSize(2);
                assertThat(health.path("controller").intValue()).isZero();
                assertThat(health.path("problems")).isEmpty();
                assertThat(health.path("logDirs")).hasSize(2);
                assertThat(health.path("logDirs").path(0).path("totalBytes").longValue())
                        .isPositive();
                assertThat(health.path("logDirs").path(0).path("usedBytes").longValue())
                        .isPositive();
            });

            cluster.kafka.cluster().stopBroker(1);
            await().ignoreExceptions().untilAsserted(() -> {
                var health = cluster.call("get_cluster_health", Map.of());
                assertThat(health.path("status").textValue()).isEqualTo("CRITICAL");
                assertThat(health.path("missingBrokers").path(0).intValue()).isEqualTo(1);
                assertThat(health.path("offline").intValue()).isEqualTo(1);
                assertThat(health.path("underMinIsr").intValue()).isEqualTo(1);
                assertThat(health.path("underReplicated").intValue()).isEqualTo(3);
                assertThat(health.path("problems").findValuesAsText("problem"))
                        .containsExactly("OFFLINE", "UNDER_MIN_ISR", "UNDER_REPLICATED");
                assertThat(health.path("problems").findValuesAsText("topic"))
                        .containsExactly("single", "strict", "copied");
            });
            var bounded = cluster.call("get_cluster_health", Map.of("limit", 1));
            assertThat(bounded.path("problems")).hasSize(1);
            assertThat(bounded.path("truncated").booleanValue()).isTrue();

            cluster.kafka.cluster().startBroker(1);
            await().ignoreExceptions().untilAsserted(() -> assertThat(cluster.call("get_cluster_health", Map.of())
                            .path("status")
                            .textValue())
                    .isEqualTo("OK"));
        }
    }

    @Test
    void openTransaction_isListedWithItsProducerAndPartitions_untilItEnds() throws Exception {
        world.kafka.createTopic("paid", 1);
        Map<String, Object> properties = new HashMap<>(world.kafka.cluster().clientProperties());
        properties.put("transactional.id", "cashier");
        properties.put("transaction.timeout.ms", 50_000);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>("paid", 0, null, "record"));
            }
            producer.flush();

            var found = world.call("find_open_transactions", Map.of("olderThanSeconds", 0));
            var transaction = found.path("transactions").path(0);
            assertThat(transaction.path("transactionalId").textValue()).isEqualTo("cashier");
            assertThat(transaction.path("state").textValue()).isEqualTo("Ongoing");
            assertThat(transaction.path("hanging").booleanValue()).isFalse();
            assertThat(transaction.path("timeoutSeconds").longValue()).isEqualTo(50);
            assertThat(transaction.path("partitions"))
                    .isEqualTo(json("[{'topic':'paid','partition':0,'startOffset':0,'lsoLag':3}]"));
            assertThat(found.path("blockedPartitions").intValue()).isEqualTo(1);

            var young = world.call("find_open_transactions", Map.of("topic", "paid"));
            assertThat(young.path("count").intValue()).isZero();
            assertThat(young.path("blockedPartitions").intValue()).isEqualTo(1);

            producer.commitTransaction();
        }
        await().untilAsserted(() -> assertThat(world.call("find_open_transactions", Map.of("olderThanSeconds", 0))
                        .path("blockedPartitions")
                        .intValue())
                .isZero());
    }

    @Test
    void openTransactions_ofAnUnknownTopic_areAnError() {
        var error = world.failure("find_open_transactions", Map.of("topic", "no-such-topic"));
        assertThat(error.is(KafkaErrorCode.TOPIC_NOT_FOUND)).isTrue();
    }

    @Test
    void aclsOfAClusterWithoutAuthorizer_areAnError() {
        var error = world.failure("list_acls", Map.of());
        assertThat(error.is(KafkaErrorCode.AUTHORIZER_NOT_CONFIGURED)).isTrue();
        assertThat(error).hasMessageContaining("authorizer.class.name").hasMessageContaining("may do everything");
    }
}
