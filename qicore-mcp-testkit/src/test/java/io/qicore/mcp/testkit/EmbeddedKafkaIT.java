package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

final class EmbeddedKafkaIT {

    @Test
    void servesClientsAndLeavesNothingBehind() throws Exception {
        Leftovers leftovers = Leftovers.record();

        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            createTopic(kafka, "orders", 1);
            produce(kafka, "orders", "one");
            assertThat(consume(kafka, "orders", "group-1")).containsExactly("one");
            assertThat(consume(kafka, "orders", "group-2")).containsExactly("one");
        }

        leftovers.assertNone();
    }

    @Test
    void keepsPortAndDataWhenTheBrokerComesBack() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            createTopic(kafka, "orders", 1);
            produce(kafka, "orders", "before");
            String address = kafka.bootstrapServers();

            kafka.stopBroker();
            kafka.stopBroker();
            assertThatThrownBy(() -> connect(InetAddress.getLoopbackAddress(), port(address)))
                    .isInstanceOf(ConnectException.class);

            kafka.startBroker();
            kafka.startBroker();
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            produce(kafka, "orders", "after");
            assertThat(consume(kafka, "orders", "group")).containsExactly("before", "after");
        }
    }

    @Test
    void leavesNothingBehindWhenClosedWithAStoppedBroker() {
        Leftovers leftovers = Leftovers.record();

        EmbeddedKafka kafka = EmbeddedKafka.start();
        kafka.stopBroker();
        kafka.close();
        kafka.close();

        leftovers.assertNone();
        assertThatThrownBy(kafka::startBroker).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void survivesTheLossOfOneOfThreeBrokers() throws Exception {
        Leftovers leftovers = Leftovers.record();

        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start()) {
            createTopic(kafka, "orders", 3);
            produce(kafka, "orders", "before");

            kafka.stopBroker(1);
            produce(kafka, "orders", "meanwhile");
            assertThat(consume(kafka, "orders", "group")).containsExactly("before", "meanwhile");

            kafka.startBroker(1);
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                assertThat(admin.describeCluster().nodes().get())
                        .extracting(Node::id)
                        .containsExactlyInAnyOrder(0, 1, 2);
            }
        }

        leftovers.assertNone();
    }

    @Test
    void doesNotCreateTopicsAutomatically() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                Admin admin = Admin.create(kafka.clientProperties())) {
            assertThatThrownBy(() -> produce(kafka, "typo", "lost")).isNotNull();
            assertThatThrownBy(() -> admin.describeTopics(List.of("typo"))
                            .allTopicNames()
                            .get())
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void cannotBeReachedFromOtherMachines() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            int port = port(kafka.bootstrapServers());
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(network.getInetAddresses())) {
                    if (!address.isLoopbackAddress()) {
                        assertThatThrownBy(() -> connect(address, port)).isInstanceOf(ConnectException.class);
                    }
                }
            }
        }
    }

    private static void createTopic(EmbeddedKafka kafka, String name, int replicas) throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) replicas)))
                    .all()
                    .get();
        }
    }

    private static void produce(EmbeddedKafka kafka, String topic, String value) throws Exception {
        Map<String, Object> properties = kafka.clientProperties();
        properties.put("max.block.ms", 3_000);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static List<String> consume(EmbeddedKafka kafka, String topic, String group) {
        Map<String, Object> properties = kafka.clientProperties();
        properties.put("group.id", group);
        properties.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            ConsumerRecords<String, String> records = ConsumerRecords.empty();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (records.isEmpty() && System.nanoTime() < deadline) {
                records = consumer.poll(Duration.ofMillis(200));
            }
            consumer.commitSync();
            return StreamSupport.stream(records.spliterator(), false)
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static void connect(InetAddress address, int port) throws Exception {
        new Socket(address, port).close();
    }
}
