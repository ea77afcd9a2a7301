package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses the Kafka fixture in the way an application's tests do. */
final class KafkaFixtureIT {

    private static EmbeddedKafka kafka;

    private KafkaFixture fixture;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void openFixture() {
        fixture = KafkaFixture.on(kafka);
    }

    @AfterEach
    void closeFixture() {
        fixture.clear();
        fixture.close();
    }

    @Test
    void createTopic_createsTheRequestedNumberOfPartitions() throws Exception {
        fixture.createTopic("orders", 2);
        fixture.createTopic(new NewTopic("prices", 3, (short) 1));

        var topics =
                get(fixture.admin().describeTopics(List.of("orders", "prices")).allTopicNames());

        assertThat(topics.get("orders").partitions()).hasSize(2);
        assertThat(topics.get("prices").partitions()).hasSize(3);
        assertThat(fixture.cluster()).isSameAs(kafka);
    }

    @Test
    void createTopic_throwsWithKafkasCause_whenTheTopicExists() {
        fixture.createTopic("orders", 1);

        assertThatThrownBy(() -> fixture.createTopic("orders", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("create topic orders")
                .hasCauseInstanceOf(TopicExistsException.class);
    }

    @Test
    void awaitTopic_returnsOnceAnotherClientHasCreatedTheTopic() {
        try (Admin other = Admin.create(kafka.clientProperties())) {
            other.createTopics(List.of(new NewTopic("orders", 1, (short) 1)));

            fixture.awaitTopic("orders");
        }

        fixture.produce("orders", 0, 1);
    }

    @Test
    void produceAndSend_writeRecordsInOrder() {
        fixture.createTopic("orders", 1);

        fixture.produce("orders", 0, 1);
        fixture.produce("orders", 0, 1, 1_000);
        fixture.send("orders", List.of(new ProducerRecord<>("orders", 0, "key", "value")));

        try (var consumer = fixture.join("billing", "billing-1", "orders", "consumer")) {
            consumer.seekToBeginning(consumer.assignment());
            var records = consumer.poll(Duration.ofSeconds(10)).records(new TopicPartition("orders", 0));
            assertThat(records).extracting(record -> record.value()).containsExactly("record 0", "record 0", "value");
            assertThat(records).extracting(record -> record.key()).containsExactly(null, null, "key");
            assertThat(records.get(1).timestamp()).isEqualTo(1_000);
        }
    }

    @Test
    void deleteRecords_raisesTheStartOffset() throws Exception {
        fixture.createTopic("orders", 1);
        fixture.produce("orders", 0, 10);

        fixture.deleteRecords("orders", 0, 4);

        var partition = new TopicPartition("orders", 0);
        var beginning = get(fixture.admin()
                .listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition));
        assertThat(beginning.offset()).isEqualTo(4);
    }

    @Test
    void committed_returnsWhatWasCommitted() {
        fixture.createTopic("orders", 3);
        var last = new TopicPartition("orders", 2);

        fixture.commit("billing", "orders", 0, 4);
        fixture.commit("billing", Map.of(last, new OffsetAndMetadata(6, "checked")));
        fixture.commitAll("shipping", "orders", 1, 2);

        assertThat(fixture.committed("billing", "orders", 0)).hasValue(4);
        assertThat(fixture.committed("billing", "orders", 1)).isEmpty();
        assertThat(fixture.committed("billing")).containsEntry(last, new OffsetAndMetadata(6, "checked"));
        assertThat(fixture.committed("shipping"))
                .containsOnly(
                        Map.entry(new TopicPartition("orders", 0), new OffsetAndMetadata(1)),
                        Map.entry(new TopicPartition("orders", 1), new OffsetAndMetadata(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void join_returnsAMemberWithPartitions_thatDoesNotAutoCommit(String protocol) {
        fixture.createTopic("orders", 2);
        fixture.produce("orders", 0, 3);

        try (KafkaConsumer<String, String> member = fixture.join("billing", "billing-1", "orders", protocol)) {
            assertThat(member.assignment())
                    .containsExactlyInAnyOrder(new TopicPartition("orders", 0), new TopicPartition("orders", 1));
            assertThat(member.groupMetadata().groupId()).isEqualTo("billing");
        }

        assertThat(fixture.committed("billing", "orders", 0)).isEmpty();
    }

    @Test
    void clear_deletesAllTopicsAndGroups() throws Exception {
        fixture.createTopic("orders", 1);
        fixture.commit("billing", "orders", 0, 0);

        fixture.clear();

        assertThat(get(fixture.admin().listTopics().names())).isEmpty();
        assertThat(get(fixture.admin().listGroups().all())).isEmpty();
    }

    @Test
    void close_keepsTheClusterAndItsTopics() {
        try (KafkaFixture other = KafkaFixture.on(kafka)) {
            other.createTopic("orders", 1);
        }

        fixture.awaitTopic("orders");
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }
}
