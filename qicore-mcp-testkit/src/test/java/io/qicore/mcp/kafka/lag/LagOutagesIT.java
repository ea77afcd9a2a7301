package io.qicore.mcp.kafka.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

/** The scenarios of {@link LagScenario} that need a cluster of their own, because a part of it is out of order. */
class LagOutagesIT {

    private static final String OFFSETS_TOPIC = "__consumer_offsets";

    @Test
    void brokerDown_isToldByPartition_andByCoordinator_andAQuorumThatIsLostHidesNothing() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.builder()
                        .brokers(2)
                        .brokerProperty("offsets.topic.replication.factor", "1")
                        .brokerProperty("transaction.state.log.replication.factor", "1")
                        .start());
                var open = new OpenTransaction(world)) {
            world.kafka.createTopic(new NewTopic("spread", Map.of(0, List.of(0), 1, List.of(1))));
            world.kafka.produce("spread", 0, 10);
            world.kafka.produce("spread", 1, 10);
            world.kafka.commit("any", "spread", 0, 0);
            String here = groupOn(world, 0, "leaderless");
            String there = groupOn(world, 1, "coordinator-down");
            world.kafka.commitAll(here, "spread", 4, 4);
            world.kafka.commitAll(there, "spread", 4, 4);
            world.kafka.createTopic(new NewTopic("gone", Map.of(0, List.of(0))));
            world.kafka.commit(there, "gone", 0, 0);
            world.kafka.createTopic(new NewTopic("offline", Map.of(0, List.of(1))));
            String offline = groupOn(world, 0, "offline");
            world.kafka.commit(offline, "offline", 0, 0);
            String unowned = groupOn(world, 0, "unowned-transaction");
            world.kafka.createTopic(new NewTopic("paid", Map.of(0, List.of(0))));
            world.kafka.commit(unowned, "paid", 0, 0);
            open.coordinatedBy(1, "paid");

            world.kafka.cluster().stopBroker(1);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertFinds("leaderless", explain(world, here)));
            var report = explain(world, here);
            assertThat(report.path("lag").intValue()).isEqualTo(6);
            assertThat(report.path("unknownPartitions").intValue()).isOne();

            assertFinds("offline", explain(world, offline));
            // The coordinator is down, which no broker says when it lists its transactions.
            assertNotKnownToHang(world, "unowned-transaction", unowned, "have no leader");

            var down = explain(world, there);
            assertFinds("coordinator-down", down);
            assertThat(down.path("findings").path(0).path("detail").textValue())
                    .contains("has no coordinator", "broker 1");
            assertThat(down.has("members")).isFalse();
            assertThat(down.path("warnings").path(0).textValue()).contains("unknown, not 0");

            // A coordinator that is down when a topic is deleted keeps the offsets on it.
            world.kafka.admin().deleteTopics(List.of("gone")).all().get();
            world.kafka.cluster().startBroker(1);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertFinds("deleted-topic", explain(world, there)));
            assertThat(world.call("list_abandoned_offsets", Map.of())
                            .path("groups")
                            .findPath("deleted"))
                    .hasToString("{\"gone\":\"0\"}");
            String quorum = groupOn(world, 0, "quorum-lost");
            world.kafka.commitAll(quorum, "spread", 4, 4);
            var before = lag(world, quorum);
            stopController(world.kafka.cluster());
            assertThat(lag(world, quorum)).isEqualTo(before).isEqualTo(12);
            assertFinds("quorum-lost", explain(world, quorum));
        }
    }

    @Test
    void transactionThatNobodyWillEnd_isHanging() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.start())) {
            world.kafka.createTopic("hanging", 1);
            world.kafka.produce("hanging", 0, 5);
            world.kafka.commit("hanging", "hanging", 0, 5);
            Map<String, Object> properties = world.kafka.cluster().clientProperties();
            properties.put("transactional.id", "lost");
            properties.put("transaction.timeout.ms", 600_000);
            var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
            try {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("hanging", 0, null, "record"));
                producer.flush();
                assertThat(explain(world, "hanging").path("findings").findValuesAsText("cause"))
                        .contains("OPEN_TRANSACTION")
                        .doesNotContain("HANGING_TRANSACTION");

                // The coordinator forgets all transactions, as after the loss of its log.
                world.kafka
                        .admin()
                        .deleteTopics(List.of("__transaction_state"))
                        .all()
                        .get();
                await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> assertThat(
                                explain(world, "hanging").path("findings").findValuesAsText("cause"))
                        .contains("HANGING_TRANSACTION"));
                var report = explain(world, "hanging");
                assertThat(report.path("findings").findValuesAsText("cause")).doesNotContain("OPEN_TRANSACTION");
                assertThat(world.call("find_open_transactions", Map.of("olderThanSeconds", 0))
                                .path("transactions")
                                .path(0)
                                .path("hanging")
                                .booleanValue())
                        .isTrue();
            } finally {
                producer.close(Duration.ZERO);
            }
        }
    }

    @Test
    void topicOrTransactionThatThisServerMayNotDescribe_isUnknown() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.builder()
                        .brokerProperty(
                                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                        .brokerProperty("allow.everyone.if.no.acl.found", "true")
                        .start());
                var open = new OpenTransaction(world)) {
            world.kafka.createTopic("seen", 1);
            world.kafka.createTopic("unseen", 1);
            world.kafka.produce("seen", 0, 10);
            world.kafka.createTopic("paid", 1);
            world.kafka.commit("hidden-transaction", "paid", 0, 0);
            open.coordinatedBy(0, "paid");
            Map<String, Object> properties = world.kafka.cluster().clientProperties();
            properties.put("group.id", "forbidden-topic");
            properties.put("enable.auto.commit", "false");
            try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
                consumer.subscribe(List.of("seen", "unseen"));
                await().until(() -> {
                    consumer.poll(Duration.ofMillis(50));
                    return consumer.assignment().size() == 2;
                });
                consumer.commitSync(Map.of(
                        new TopicPartition("seen", 0), new OffsetAndMetadata(4),
                        new TopicPartition("unseen", 0), new OffsetAndMetadata(0)));
                world.kafka
                        .admin()
                        .createAcls(List.of(
                                denied(ResourceType.TOPIC, "unseen"), denied(ResourceType.TRANSACTIONAL_ID, "*")))
                        .all()
                        .get();
                await().atMost(Duration.ofSeconds(20))
                        .ignoreExceptions()
                        .untilAsserted(() -> assertFinds("forbidden-topic", explain(world, "forbidden-topic")));
                // Brokers leave out the transactions that this server may not describe.
                assertNotKnownToHang(
                        world, "hidden-transaction", "hidden-transaction", "Describe on transactional id '*'");
            }
        }
    }

    private static AclBinding denied(ResourceType type, String name) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.DENY));
    }

    private static void assertNotKnownToHang(KafkaWorld world, String scenario, String group, String reason) {
        var found = world.call("find_open_transactions", Map.of("topic", "paid", "olderThanSeconds", 0));
        assertThat(found.path("transactions")).hasSize(1);
        assertThat(found.path("transactions").path(0).path("hanging").booleanValue())
                .isFalse();
        assertThat(found.path("warnings").toString()).contains(reason);
        var report = explain(world, group);
        assertFinds(scenario, report);
        assertThat(report.path("warnings").toString()).contains(reason);
        assertThat(report.path("findings").findValuesAsText("detail"))
                .anySatisfy(detail -> assertThat(detail).contains("Whether it is hanging is not known"));
    }

    /** A producer with an open transaction of one record. */
    private record OpenTransaction(KafkaWorld world, List<KafkaProducer<String, String>> producers)
            implements AutoCloseable {

        OpenTransaction(KafkaWorld world) {
            this(world, new ArrayList<>());
        }

        /** Starts a transaction that a broker coordinates. */
        void coordinatedBy(int broker, String topic) throws Exception {
            for (int number = 0; producers.isEmpty(); number++) {
                Map<String, Object> properties = world.kafka.cluster().clientProperties();
                String id = "cashier-" + number;
                properties.put("transactional.id", id);
                var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
                producer.initTransactions();
                if (world.kafka
                                .admin()
                                .describeTransactions(List.of(id))
                                .description(id)
                                .get()
                                .coordinatorId()
                        == broker) {
                    producers.add(producer);
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>(topic, 0, null, "record"));
                    producer.flush();
                } else {
                    producer.close();
                }
            }
        }

        @Override
        public void close() {
            producers.forEach(producer -> producer.close(Duration.ZERO));
        }
    }

    private static void assertFinds(String scenario, JsonNode report) {
        var expected = LagScenario.all().get(scenario);
        var found = new TreeSet<>(report.path("findings").findValuesAsText("cause"));
        assertThat(found).as("%s", report).isEqualTo(new TreeSet<>(expected.causes()));
        assertThat(found).doesNotContainAnyElementsOf(expected.near());
    }

    private static JsonNode explain(KafkaWorld world, String group) {
        return world.call("explain_lag", Map.of("groupId", group));
    }

    private static long lag(KafkaWorld world, String group) {
        return world.call("get_consumer_lag", Map.of("groupId", group))
                .path("lag")
                .longValue();
    }

    /** Returns the id of a group that a broker coordinates. */
    private static String groupOn(KafkaWorld world, int broker, String prefix) throws Exception {
        TopicDescription offsets = world.kafka
                .admin()
                .describeTopics(List.of(OFFSETS_TOPIC))
                .allTopicNames()
                .get()
                .get(OFFSETS_TOPIC);
        int number = 0;
        while (offsets.partitions()
                        .get(Utils.abs((prefix + "-" + number).hashCode())
                                % offsets.partitions().size())
                        .replicas()
                        .get(0)
                        .id()
                != broker) {
            number++;
        }
        return prefix + "-" + number;
    }

    /** The testkit has no method to lose the quorum, because nothing works afterwards. */
    private static void stopController(EmbeddedKafka cluster) throws Exception {
        Field nodes = EmbeddedKafka.class.getDeclaredField("nodes");
        nodes.setAccessible(true);
        Object first = ((List<?>) nodes.get(cluster)).get(0);
        Method stop = first.getClass().getDeclaredMethod("stopController");
        stop.setAccessible(true);
        stop.invoke(first);
    }
}
