package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker with what tests of the administrative tools do to it beside the tools. */
final class KafkaWorld implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    final EmbeddedKafka kafka;
    final Admin admin;

    private KafkaWorld(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.admin = Admin.create(kafka.clientProperties());
    }

    static KafkaWorld start() {
        return around(EmbeddedKafka.start());
    }

    static KafkaWorld around(EmbeddedKafka kafka) {
        return new KafkaWorld(kafka);
    }

    KafkaConnection connection() {
        return KafkaConnection.to(kafka.bootstrapServers());
    }

    /** Calls a tool as a client in this JVM does. */
    static JsonNode call(StatelessMCPServer server, String tool, Map<String, ?> arguments) {
        try (var client = MCPClient.inProcess(server)) {
            return client.call(tool, arguments);
        }
    }

    static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    void createTopic(String name, int partitions) throws Exception {
        createTopic(new NewTopic(name, partitions, (short) 1));
    }

    void createTopic(NewTopic topic) throws Exception {
        admin.createTopics(List.of(topic)).all().get();
        awaitTopic(topic.name());
    }

    /** The controller creates topics; brokers learn of them a moment later. */
    void awaitTopic(String name) {
        await().ignoreExceptions()
                .until(() -> admin.describeTopics(List.of(name)).allTopicNames().get() != null);
    }

    void produce(String topic, int partition, int records) {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, partition, null, "record " + i));
            }
        }
    }

    void produce(String topic, int partition, int records, long timestamp) {
        try (var producer =
                new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, partition, timestamp, null, "record " + i));
            }
        }
    }

    void commit(String groupId, String topic, int partition, long offset) throws Exception {
        var offsets = Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset));
        admin.alterConsumerGroupOffsets(groupId, offsets).all().get();
    }

    Optional<Long> committed(String groupId, String topic, int partition) throws Exception {
        var offsets = admin.listConsumerGroupOffsets(groupId)
                .partitionsToOffsetAndMetadata()
                .get();
        return Optional.ofNullable(offsets.get(new TopicPartition(topic, partition)))
                .map(OffsetAndMetadata::offset);
    }

    /** A consumer that has joined its group; with commits only by hand. */
    KafkaConsumer<String, String> join(String groupId, String clientId, String topic, String protocol) {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put("group.id", groupId);
        properties.put("client.id", clientId);
        properties.put("group.protocol", protocol);
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic));
        await().until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
        assertThat(consumer.groupMetadata().groupId()).isEqualTo(groupId);
        return consumer;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
        kafka.close();
    }
}
