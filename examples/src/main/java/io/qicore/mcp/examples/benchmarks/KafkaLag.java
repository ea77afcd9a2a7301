package io.qicore.mcp.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.StreamingConsumerMCPServer;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
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
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Compares {@code get_consumer_lag} with the Admin calls that it needs at least, on one embedded broker. Calls the tool
 * directly, without the engine, and with the same Admin. The exit code is 1 if a target is missed.
 *
 * <p>The answer needs the committed offsets and the members, which are requested at once, then the start and end offsets of
 * the logs, which are requested at once. The bare calls are sent in the same way. An Admin has one request on its way to a
 * broker, so on one broker each of them takes its time; on several, they overlap.
 */
public final class KafkaLag {

    private static final int GROUPS = 200;
    private static final int PARTITIONS = 50;
    private static final int RECORDS = 20;
    private static final String TOPIC = "bench";

    private KafkaLag() {}

    /** Runs the benchmark. Takes no arguments. */
    public static void main(String[] args) throws Exception {
        boolean good;
        try (var kafka = EmbeddedKafka.start();
                var admin = Admin.create(kafka.clientProperties());
                var server = new StreamingConsumerMCPServer(admin)) {
            prepare(kafka, admin);
            server.initialize();
            MCPTool lag = server.tool("get_consumer_lag");
            good = new Ratio("one group with " + PARTITIONS + " partitions, 4 bare calls in 2 rounds", 1.2)
                    .measure(() -> call(lag, "groupId", "group-7"), () -> bareGroup(admin, "group-7"), 2_000, 1_001);
            good &= new Ratio(
                            "all " + GROUPS + " groups with " + PARTITIONS
                                    + " partitions each, 5 bare calls in 3 rounds",
                            1.3)
                    .measure(() -> call(lag), () -> bareGroups(admin), 150, 301);
        }
        if (!good) {
            System.exit(1);
        }
    }

    /** Calls the tool with the default deadline of servers. Another benchmark measures the engine. */
    private static JsonNode call(MCPTool tool, String... arguments) throws Exception {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < arguments.length; i += 2) {
            object.put(arguments[i], arguments[i + 1]);
        }
        return tool.call(object, RequestContext.ofTimeout(ServerSettings.DEFAULT_CALL_TIMEOUT));
    }

    /** Creates groups that lag on every partition. */
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
        var offsets = admin.listConsumerGroupOffsets(groupId);
        var members = admin.describeClassicGroups(List.of(groupId));
        Collection<TopicPartition> partitions =
                offsets.partitionsToOffsetAndMetadata().get().keySet();
        members.all().get();
        return bounds(admin, partitions);
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> bareGroups(Admin admin) throws Exception {
        Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
        var groups = admin.listGroups();
        // Where a coordinator is down, its groups are missing in the list.
        var coordinators = admin.describeTopics(List.of(Topic.GROUP_METADATA_TOPIC_NAME));
        groups.all().get().forEach(group -> specs.put(group.groupId(), new ListConsumerGroupOffsetsSpec()));
        coordinators.allTopicNames().get();
        Collection<TopicPartition> partitions = new ArrayList<>();
        admin.listConsumerGroupOffsets(specs)
                .all()
                .get()
                .values()
                .forEach(commits -> partitions.addAll(commits.keySet()));
        return bounds(admin, partitions);
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> bounds(Admin admin, Collection<TopicPartition> partitions)
            throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
        partitions.forEach(partition -> {
            ends.put(partition, OffsetSpec.latest());
            starts.put(partition, OffsetSpec.earliest());
        });
        var end = admin.listOffsets(ends);
        var start = admin.listOffsets(starts);
        start.all().get();
        return end.all().get();
    }
}
