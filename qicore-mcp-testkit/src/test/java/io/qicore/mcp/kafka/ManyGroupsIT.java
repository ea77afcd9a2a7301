package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the lag of 1,000 groups with 100 partitions each, within the default deadline of servers. The JVM has a heap so
 * small that it could not hold a row for each of the 100,000 pairs of group and partition.
 */
@Timeout(180)
class ManyGroupsIT {

    private static final int GROUPS = 1_000;
    private static final int PARTITIONS = 100;
    private static final int RECORDS = 10;
    private static final int AT_ONCE = 100;
    private static final String HEAP = "-Xmx48m";

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(EmbeddedKafka.start());

    @TempDir
    private Path folder;

    @BeforeAll
    static void prepare() throws Exception {
        world.kafka.createTopic("many", PARTITIONS);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            world.kafka.produce("many", partition, partition == 0 ? RECORDS : 0);
        }
        List<KafkaFuture<Void>> committing = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                long committed = partition == 0 ? group % (RECORDS + 1) : 0;
                offsets.put(new TopicPartition("many", partition), new OffsetAndMetadata(committed));
            }
            committing.add(world.kafka
                    .admin()
                    .alterConsumerGroupOffsets(name(group), offsets)
                    .all());
            if (committing.size() == AT_ONCE) {
                KafkaFuture.allOf(committing.toArray(KafkaFuture[]::new)).get();
                committing.clear();
            }
        }
    }

    @Test
    void allGroups_areMeasuredWithinTheDeadline_inASmallHeap() throws Exception {
        List<String> lines = runWithLittleMemory();

        JsonNode lag = json(lines.get(0));
        assertThat(lag.path("groupCount").intValue()).isEqualTo(GROUPS);
        assertThat(lag.path("groups")).hasSize(50);
        assertThat(lag.path("lag").intValue()).isEqualTo(RECORDS);
        assertThat(lag.path("truncated").booleanValue()).isTrue();
        assertThat(lag.has("warnings")).as(lag.path("warnings").toString()).isFalse();
        assertThat(lag.path("groups").path(0).path("groupId").textValue()).isEqualTo(name(0));

        JsonNode found = json(lines.get(1));
        assertThat(found.path("complete").booleanValue()).isTrue();
        assertThat(found.path("scanned").intValue()).isEqualTo(GROUPS);
        assertThat(found.path("groups").findValuesAsText("lag")).containsOnly("10");
        long total = 0;
        for (int group = 0; group < GROUPS; group++) {
            total += RECORDS - group % (RECORDS + 1);
        }
        assertThat(found.path("totalLag").longValue()).isEqualTo(total);
    }

    private List<String> runWithLittleMemory() throws Exception {
        Path output = folder.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyGroupsMain.class.getName(),
                        world.kafka.cluster().bootstrapServers())
                .redirectOutput(output.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(printed).isZero();
        return printed.lines().filter(line -> line.startsWith("{")).toList();
    }

    private static String name(int group) {
        return "group-%04d".formatted(group);
    }
}
