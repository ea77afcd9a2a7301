package io.qicore.mcp.kafka.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies of topics by a producer with a source of type {@code kafka-topic}. */
@Timeout(90)
class KafkaTopicSourceIT {

    private final KafkaWorld world = KafkaWorld.shared();
    private final StreamingProducerMCPServer producers = new StreamingProducerMCPServer(world.connection());
    private MCPClient client;

    @BeforeEach
    void createTopics() throws Exception {
        world.kafka.createTopic("orders", 2);
        world.kafka.createTopic("copy", 3);
        producers.initialize();
        client = MCPClient.inProcess(producers);
    }

    @AfterEach
    void close() {
        client.close();
        producers.close();
        world.close();
    }

    @Test
    void recordsThatAreThere_areCopiedWithKeyValueHeadersAndTime_andTheProducerCompletes() {
        List<ProducerRecord<String, String>> originals = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            var record = new ProducerRecord<String, String>(
                    "orders", null, 1_700_000_000_000L + i, i % 10 == 0 ? null : "key-" + i % 7, "value-" + i);
            record.headers().add("h", ("x" + i).getBytes());
            originals.add(record);
        }
        originals.add(new ProducerRecord<>("orders", 0, 1_700_000_001_000L, "deleted", (String) null));
        world.kafka.send("orders", originals);

        start("c", Map.of("follow", false));
        awaitState("c", "completed");

        List<ConsumerRecord<String, String>> copied = TopicContent.read(world.kafka, "copy");
        assertThat(copied)
                .extracting(KafkaTopicSourceIT::key, ConsumerRecord::value, ConsumerRecord::timestamp)
                .containsExactlyInAnyOrderElementsOf(originals.stream()
                        .map(record -> tuple(record.key(), record.value(), record.timestamp()))
                        .toList());
        assertThat(copied).filteredOn(record -> record.value() != null).allSatisfy(record -> assertThat(
                        new String(record.headers().lastHeader("h").value()))
                .isEqualTo(record.value().replace("value-", "x")));
        for (int key = 0; key < 7; key++) {
            String name = "key-" + key;
            assertThat(copied)
                    .filteredOn(record -> name.equals(record.key()))
                    .extracting(record -> Integer.valueOf(record.value().substring(6)))
                    .isSorted();
        }
        assertThat(producer("c").path("topicsRead").toString()).isEqualTo("[\"orders\"]");
    }

    private static String key(ConsumerRecord<String, String> record) {
        return record.key();
    }

    @Test
    void newRecords_areFollowed_andAStopGoesOnWithoutLossOrRepetition() {
        send(0, 100);
        start("c", Map.of());
        awaitCopied(100);

        call("stop_producer", "c");
        send(100, 200);
        assertThat(TopicContent.read(world.kafka, "copy")).hasSize(100);
        call("resume_producer", "c");
        awaitCopied(200);
        call("pause_producer", "c");
        send(200, 300);
        call("resume_producer", "c");
        awaitCopied(300);

        JsonNode stopped = call("stop_producer", "c");
        assertThat(stopped.path("position").path("0").longValue()
                        + stopped.path("position").path("1").longValue())
                .isEqualTo(300);
        Map<String, Object> config = new HashMap<>(Map.of("follow", false));
        config.put("position", stopped.path("position"));
        send(300, 310);
        start("d", config);
        awaitState("d", "completed");
        assertThat(TopicContent.read(world.kafka, "copy"))
                .extracting(ConsumerRecord::value)
                .doesNotHaveDuplicates()
                .hasSize(310);
    }

    @Test
    void latest_copiesOnlyWhatArrives() {
        send(0, 100);
        start("c", Map.of("start", "latest"));
        assertThat(producer("c").path("position").path("0").longValue()
                        + producer("c").path("position").path("1").longValue())
                .isEqualTo(100);
        send(100, 150);

        awaitCopied(50);
        assertThat(TopicContent.read(world.kafka, "copy"))
                .extracting(record -> Integer.valueOf(record.value()))
                .allMatch(number -> number >= 100);
    }

    @Test
    void abortedTransactions_areNotCopied_andTheirOffsetsDoNotKeepItFromCompleting() {
        Map<String, Object> properties = world.kafka.cluster().clientProperties();
        properties.put("transactional.id", "t");
        try (var transactional = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>("orders", "a", "committed"));
            transactional.commitTransaction();
            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>("orders", "a", "aborted"));
            transactional.flush();
            transactional.abortTransaction();
        }

        start("c", Map.of("follow", false));
        awaitState("c", "completed");

        assertThat(TopicContent.read(world.kafka, "copy"))
                .extracting(ConsumerRecord::value)
                .containsExactly("committed");
    }

    @Test
    void addedPartitions_areCopiedFromTheirStart() throws Exception {
        send(0, 10);
        start("c", Map.of());
        awaitCopied(10);
        world.kafka
                .admin()
                .createPartitions(Map.of("orders", NewPartitions.increaseTo(3)))
                .all()
                .get();
        world.kafka.awaitTopic("orders");
        world.kafka.send("orders", List.of(new ProducerRecord<>("orders", 2, "k", "10")));

        await().atMost(java.time.Duration.ofSeconds(75))
                .until(() -> TopicContent.read(world.kafka, "copy").size() == 11);
        assertThat(producer("c").path("position").path("2").longValue()).isEqualTo(1);
    }

    @Test
    void missingTopicAndWrongPosition_areNamedAtTheStart() {
        assertThat(Tools.failure(client, "start_producer", arguments("c", Map.of("sourceTopic", "ordres")))
                        .is(KafkaErrorCode.TOPIC_NOT_FOUND))
                .isTrue();
        assertThatThrownBy(() -> start("c", Map.of("position", Map.of("7", 1))))
                .hasMessageContaining("'position.7' is not a partition of the topic that is read");
        assertThat(client.call("get_producer_status", Map.of()).path("producers"))
                .isEmpty();
    }

    @Test
    void positionBehindTheEnd_isRefused_alsoIfTheTopicWasCreatedAnew() throws Exception {
        send(0, 100);
        assertThatThrownBy(() -> start("c", Map.of("position", Map.of("0", 1_000_000))))
                .hasMessageContaining("'position.0' is behind the end of the partition")
                .hasMessageContaining("created anew");

        start("d", Map.of());
        awaitCopied(100);
        call("pause_producer", "d");
        world.kafka.admin().deleteTopics(List.of("orders")).all().get();
        world.kafka.createTopic("orders", 2);
        send(0, 2);
        assertThatThrownBy(() -> {
                    call("resume_producer", "d");
                    awaitState("d", "failed");
                    throw new IllegalStateException(
                            producer("d").path("metrics").path("lastError").asText());
                })
                .hasMessageContaining("behind the end of the partition");
        // Nothing is sent again.
        assertThat(TopicContent.read(world.kafka, "copy")).hasSize(100);
    }

    @Test
    void recordsThatRetentionDeletes_areSkipped() throws Exception {
        send(0, 100);
        start("c", Map.of());
        awaitCopied(100);
        call("stop_producer", "c");
        send(100, 200);
        world.kafka
                .admin()
                .deleteRecords(Map.of(
                        new TopicPartition("orders", 0), RecordsToDelete.beforeOffset(-1),
                        new TopicPartition("orders", 1), RecordsToDelete.beforeOffset(-1)))
                .all()
                .get();
        send(200, 210);

        call("resume_producer", "c");
        awaitCopied(110);
    }

    private void send(int from, int to) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(new ProducerRecord<>("orders", "key-" + i % 7, String.valueOf(i)));
        }
        world.kafka.send("orders", records);
    }

    private void start(String id, Map<String, Object> config) {
        client.call("start_producer", arguments(id, config));
    }

    private static Map<String, Object> arguments(String id, Map<String, Object> config) {
        Map<String, Object> all =
                new HashMap<>(Map.of("type", "kafka-topic", "sourceTopic", "orders", "topic", "copy"));
        all.putAll(config);
        return Map.of("sourceId", id, "config", all);
    }

    private JsonNode call(String tool, String id) {
        return client.call(tool, Map.of("sourceId", id));
    }

    private void awaitCopied(int records) {
        await().untilAsserted(
                        () -> assertThat(TopicContent.read(world.kafka, "copy")).hasSize(records));
    }

    private void awaitState(String id, String state) {
        await().until(() -> producer(id).path("status").asText().equals(state));
    }

    private JsonNode producer(String id) {
        for (JsonNode producer : client.call("get_producer_status", Map.of()).path("producers")) {
            if (producer.path("sourceId").asText().equals(id)) {
                return producer;
            }
        }
        throw new AssertionError("There is no producer " + id);
    }
}
