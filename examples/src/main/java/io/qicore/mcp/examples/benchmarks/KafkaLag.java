package io.qicore.mcp.examples.benchmarks;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.kafka.StreamingConsumerMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What {@code get_consumer_lag} costs beside the Admin calls that it cannot do without, on one embedded broker. Through
 * the whole server and a client in this JVM, with the application's own Admin. Exits with 1 if a target is missed.
 */
public final class KafkaLag {

    private static final int GROUPS = 200;
    private static final int PARTITIONS = 50;
    private static final int RECORDS = 20;
    private static final String TOPIC = "bench";

    private KafkaLag() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        boolean good;
        try (var kafka = EmbeddedKafka.start();
                var admin = Admin.create(kafka.clientProperties());
                var server = new StreamingConsumerMCPServer(admin)) {
            prepare(kafka, admin);
            server.initialize();
            try (var client = MCPClient.inProcess(server)) {
                good = new Ratio("one group with " + PARTITIONS + " partitions, 2 bare calls", 1.2)
                        .measure(
                                () -> client.call("get_consumer_lag", Map.of("groupId", "group-7")),
                                () -> bareGroup(admin, "group-7"),
                                300,
                                401);
                good &= new Ratio(
                                "all " + GROUPS + " groups with " + PARTITIONS + " partitions each, 3 bare calls", 1.3)
                        .measure(() -> client.call("get_consumer_lag", Map.of()), () -> bareGroups(admin), 100, 201);
                good &= new Ratio("all groups of one topic, 3 bare calls", 1.3)
                        .measure(
                                () -> client.call("get_consumer_lag", Map.of("topic", TOPIC)),
                                () -> bareGroups(admin),
                                100,
                                201);
            }
        }
        if (!good) {
            System.exit(1);
        }
    }

    /** Groups that are behind on every partition. */
    private static void prepare(EmbeddedKafka kafka, Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                .all()
                .get();
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        try (var producer =
                new KafkaProducer<>(kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                commits.put(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(partition % RECORDS));
                for (int i = 0; i < RECORDS; i++) {
                    producer.send(new ProducerRecord<>(TOPIC, partition, null, new byte[10]));
                }
            }
        }
        for (int group = 0; group < GROUPS; group++) {
            admin.alterConsumerGroupOffsets("group-" + group, commits).all().get();
        }
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> bareGroup(Admin admin, String groupId) throws Exception {
        return ends(
                admin,
                admin.listConsumerGroupOffsets(groupId)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .keySet());
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> bareGroups(Admin admin) throws Exception {
        Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
        admin.listGroups().all().get().forEach(group -> specs.put(group.groupId(), new ListConsumerGroupOffsetsSpec()));
        Collection<TopicPartition> partitions = new ArrayList<>();
        admin.listConsumerGroupOffsets(specs)
                .all()
                .get()
                .values()
                .forEach(commits -> partitions.addAll(commits.keySet()));
        return ends(admin, partitions);
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> ends(Admin admin, Collection<TopicPartition> partitions)
            throws Exception {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        partitions.forEach(partition -> specs.put(partition, OffsetSpec.latest()));
        return admin.listOffsets(specs).all().get();
    }
}
