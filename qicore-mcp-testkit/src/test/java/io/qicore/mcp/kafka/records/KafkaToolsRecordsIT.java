package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.record;
import static io.qicore.mcp.fixture.Records.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.tools.GetOffsetShell;
import org.apache.kafka.tools.consumer.ConsoleConsumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Compares get_records with Kafka's own commands, on topics with records, tombstones and transactions of all kinds. */
class KafkaToolsRecordsIT {

    private static final int PARTITIONS = 3;

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(EmbeddedKafka.start(), RecordsMCPServer::new);

    private interface Command {
        void run(String... arguments) throws Exception;
    }

    private static void fill(String topic, long seed) throws Exception {
        world.kafka.createTopic(topic, PARTITIONS);
        Random random = new Random(seed);
        int count = 0;
        for (int round = 0; round < 20; round++) {
            int records = random.nextInt(8);
            int first = count;
            count += records;
            if (random.nextInt(3) == 0) {
                try (var producer = Records.producer(world, Map.of())) {
                    for (int i = first; i < first + records; i++) {
                        producer.send(record(
                                topic, i % PARTITIONS, topic + "-k" + i, random.nextInt(5) == 0 ? null : "v" + i));
                    }
                }
            } else {
                transaction(world, topic + round, random.nextBoolean(), producer -> {
                    for (int i = first; i < first + records; i++) {
                        producer.send(record(topic, i % PARTITIONS, topic + "-k" + i, "v" + i));
                    }
                });
            }
        }
        world.kafka.deleteRecords(topic, 0, random.nextInt(5));
    }

    @Test
    void records_areThoseOfTheConsoleConsumer() throws Exception {
        List<String> topics = List.of("console-1", "console-2");
        for (String topic : topics) {
            fill(topic, topic.hashCode());
        }
        for (boolean uncommitted : new boolean[] {false, true}) {
            TreeSet<String> forward = new TreeSet<>();
            TreeSet<String> backward = new TreeSet<>();
            for (String topic : topics) {
                forward.addAll(pages(topic, Map.of("offset", "earliest", "uncommitted", uncommitted)));
                backward.addAll(pages(topic, Map.of("uncommitted", uncommitted)));
            }

            assertThat(forward).isEqualTo(console("console-.*", uncommitted)).isNotEmpty();
            assertThat(backward).isEqualTo(forward);
        }
    }

    /** Reads all pages, and requires that no record is on two of them. */
    private static TreeSet<String> pages(String topic, Map<String, Object> more) {
        List<String> rows = new ArrayList<>();
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("topic", topic);
        arguments.put("limit", 7);
        JsonNode page;
        do {
            page = world.call("get_records", arguments);
            for (JsonNode row : page.path("records")) {
                rows.add(row.path("partition") + " " + row.path("offset") + " "
                        + row.path("key").path("text").asText("null") + " "
                        + row.path("value").path("text").asText("null"));
            }
            arguments.put("cursor", page.path("nextCursor").asText());
        } while (page.has("nextCursor"));
        assertThat(rows).doesNotHaveDuplicates();
        return new TreeSet<>(rows);
    }

    /** Reads all topics at once: the console consumer ends only when nothing has come for some time. */
    private static TreeSet<String> console(String topics, boolean uncommitted) throws Exception {
        TreeSet<String> rows = new TreeSet<>();
        String printed = output(
                ConsoleConsumer::main,
                "--bootstrap-server",
                world.kafka.cluster().bootstrapServers(),
                "--include",
                topics,
                "--from-beginning",
                "--isolation-level",
                uncommitted ? "read_uncommitted" : "read_committed",
                "--timeout-ms",
                "6000",
                "--formatter-property",
                "print.partition=true",
                "--formatter-property",
                "print.offset=true",
                "--formatter-property",
                "print.key=true");
        for (String line : printed.split("\\R")) {
            if (line.startsWith("Partition:")) {
                rows.add(line.replace("Partition:", "").replace("Offset:", "").replace('\t', ' '));
            }
        }
        return rows;
    }

    @Test
    void bounds_areThoseOfGetOffsetShell() throws Exception {
        fill("bounds", 9);

        JsonNode page = world.call("get_records", Map.of("topic", "bounds", "offset", "earliest", "limit", 500));

        Map<Integer, String> bounds = new HashMap<>();
        page.path("looked")
                .forEach(row -> bounds.put(
                        row.path("partition").intValue(),
                        row.path("start").asText() + " " + row.path("end").asText()));
        Map<Integer, String> starts = offsets("bounds", "earliest");
        Map<Integer, String> ends = offsets("bounds", "latest");
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(bounds).containsEntry(partition, starts.get(partition) + " " + ends.get(partition));
        }
    }

    private static Map<Integer, String> offsets(String topic, String time) throws Exception {
        Map<Integer, String> offsets = new HashMap<>();
        String printed = output(
                arguments -> assertThat(runs(arguments)).isZero(),
                "--bootstrap-server",
                world.kafka.cluster().bootstrapServers(),
                "--topic",
                topic,
                "--time",
                time);
        for (String line : printed.split("\\R")) {
            String[] cells = line.split(":");
            if (cells.length == 3 && cells[0].equals(topic)) {
                offsets.put(Integer.valueOf(cells[1]), cells[2]);
            }
        }
        return offsets;
    }

    private static int runs(String... arguments) throws Exception {
        var method = GetOffsetShell.class.getDeclaredMethod("mainNoExit", String[].class);
        method.setAccessible(true);
        return (int) method.invoke(null, (Object) arguments);
    }

    private static String output(Command command, String... arguments) throws Exception {
        PrintStream before = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            command.run(arguments);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
