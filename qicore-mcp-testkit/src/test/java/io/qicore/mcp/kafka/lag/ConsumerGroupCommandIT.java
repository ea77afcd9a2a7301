package io.qicore.mcp.kafka.lag;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares lag and every kind of reset with {@code kafka-consumer-groups.sh}. In one generated cluster, the tool resets one
 * group and the command resets another.
 */
@ResourceLock(Resources.SYSTEM_OUT)
class ConsumerGroupCommandIT {

    private static final long HOUR = 3_600_000;

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared();

    private static final KafkaCommands COMMANDS =
            new KafkaCommands(world.kafka.cluster().bootstrapServers());

    @TempDir
    private Path directory;

    /** One kind of reset: the arguments of the tool and the options of the command. */
    private record Variant(Map<String, Object> ours, List<String> theirs) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void toolAndCommand_agreeOnLagAndResets(long seed) throws Exception {
        Random random = new Random(seed);
        String topic = "world-" + seed;
        int partitions = 1 + random.nextInt(5);
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        long now = System.currentTimeMillis();
        world.kafka.createTopic(topic, partitions);
        for (int partition = 0; partition < partitions; partition++) {
            int old = random.nextInt(20);
            int young = random.nextInt(20);
            world.kafka.produce(topic, partition, old, now - 5 * HOUR);
            world.kafka.produce(topic, partition, young, now - HOUR);
            int start = random.nextInt(old + young + 1) / 2;
            var id = new TopicPartition(topic, partition);
            world.kafka.deleteRecords(topic, partition, start);
            commits.put(id, new OffsetAndMetadata(start + random.nextInt(old + young - start + 1)));
        }
        String untouched = "untouched-" + seed;
        world.kafka.commit(untouched, commits);

        assertThat(ourLag(untouched))
                .isEqualTo(COMMANDS.consumerGroup(untouched))
                .hasSize(partitions);

        int number = 0;
        for (Variant variant : variants(random, topic, commits, now)) {
            String ours = "ours-" + seed + "-" + number;
            String theirs = "theirs-" + seed + "-" + number++;
            world.kafka.commit(ours, commits);
            world.kafka.commit(theirs, commits);

            Map<String, Object> arguments = new HashMap<>(variant.ours());
            arguments.put("groupId", ours);
            world.confirmed("reset_consumer_offset", arguments);
            List<String> command = new ArrayList<>(List.of("--group", theirs, "--reset-offsets", "--execute"));
            command.addAll(variant.theirs());
            run(command);

            assertThat(committed(ours)).as("%s", variant.ours()).isEqualTo(committed(theirs));
        }
    }

    private List<Variant> variants(
            Random random, String topic, Map<TopicPartition, OffsetAndMetadata> commits, long now) throws Exception {
        List<String> onTopic = List.of("--topic", topic);
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant(Map.of("topic", topic, "offset", "earliest"), with(onTopic, "--to-earliest")));
        variants.add(new Variant(Map.of("topic", topic, "offset", "latest"), with(onTopic, "--to-latest")));
        variants.add(new Variant(Map.of("topic", topic, "offset", "current"), with(onTopic, "--to-current")));
        variants.add(new Variant(Map.of("offset", "earliest"), List.of("--all-topics", "--to-earliest")));
        variants.add(new Variant(
                Map.of("topic", topic, "partition", 0, "offset", "latest"),
                List.of("--topic", topic + ":0", "--to-latest")));
        OffsetAndMetadata first = commits.get(new TopicPartition(topic, 0));
        variants.add(new Variant(
                Map.of("topic", topic, "partition", 0, "offset", String.valueOf(first.offset())),
                List.of("--topic", topic + ":0", "--to-offset", String.valueOf(first.offset()))));
        for (long shift : new long[] {0, 1 + random.nextInt(10), -1 - random.nextInt(10), 1_000, -1_000}) {
            variants.add(new Variant(
                    Map.of("topic", topic, "shiftBy", shift), with(onTopic, "--shift-by", String.valueOf(shift))));
        }
        for (long ago : new long[] {6 * HOUR, 3 * HOUR, HOUR / 2}) {
            String time = Instant.ofEpochMilli(now - ago).toString();
            variants.add(new Variant(
                    Map.of("topic", topic, "timestamp", time),
                    with(onTopic, "--to-datetime", time.replace("Z", "+00:00"))));
            variants.add(new Variant(
                    Map.of("topic", topic, "duration", "PT" + ago / 1000 + "S"),
                    with(onTopic, "--by-duration", "PT" + ago / 1000 + "S")));
        }
        Path plan = Files.createTempFile(directory, "plan", ".csv");
        Map<String, Long> offsets = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        commits.forEach((id, commit) -> {
            offsets.put(id.topic() + ":" + id.partition(), commit.offset());
            lines.add(id.topic() + "," + id.partition() + "," + commit.offset());
        });
        Files.write(plan, lines);
        variants.add(new Variant(Map.of("offsets", offsets), List.of("--from-file", plan.toString())));
        return variants;
    }

    private static List<String> with(List<String> options, String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private static Map<String, String> ourLag(String groupId) {
        JsonNode answer = world.call("get_consumer_lag", Map.of("groupId", groupId, "details", true));
        Map<String, String> rows = new TreeMap<>();
        for (JsonNode row : answer.path("groups").path(0).path("partitions")) {
            rows.put(
                    row.path("topic").textValue() + ":" + row.path("partition"),
                    row.path("committedOffset") + " " + row.path("endOffset") + " " + row.path("lag"));
        }
        return rows;
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(String groupId) throws Exception {
        return world.kafka
                .admin()
                .listConsumerGroupOffsets(groupId)
                .partitionsToOffsetAndMetadata()
                .get();
    }

    private static void run(List<String> options) {
        assertThat(COMMANDS.consumerGroups(options)).as("%s", options).doesNotContain("Error:");
    }
}
