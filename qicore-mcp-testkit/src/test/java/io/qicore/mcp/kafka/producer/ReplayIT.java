package io.qicore.mcp.kafka.producer;

import static io.qicore.mcp.fixture.Tools.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.server.StatelessMCPServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is replayed into a topic by a server that settings describe. */
class ReplayIT {

    @TempDir
    private Path folder;

    @AutoClose
    private final KafkaWorld world = KafkaWorld.shared();

    @Test
    void rowsOfAFile_becomeRecords_atTheirSpeed_andAFaultyLineIsMended() throws Exception {
        world.kafka.createTopic("measurements", 1);
        Path file = folder.resolve("plant.csv");
        Files.writeString(
                file,
                "sensor,at,value\nA,2026-01-01T00:00:00Z,1\nB,2026-01-01T00:00:04Z,2\nA,2026-01-01T00:00:08Z,x,3\n");
        Map<String, Object> start = Map.of(
                "sourceId",
                "plant",
                "config",
                Map.of("type", "replay", "path", "plant.csv", "keyField", "sensor", "timeField", "at", "speed", 10));
        try (StatelessMCPServer producers = MCPServerFactory.createFromConfig(MCPServerFactory.configFromEnvironment(
                "producer",
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        world.kafka.cluster().bootstrapServers(),
                        "PRODUCER_TOPIC",
                        "measurements",
                        "PRODUCER_REPLAY_DIRECTORY",
                        folder.toString())))) {
            producers.initialize();
            long begin = System.nanoTime();
            call(producers, "start_producer", start);
            await().until(() -> producer(producers).path("status").asText().equals("failed"));
            assertThat((System.nanoTime() - begin) / 1e9).isGreaterThan(0.4);
            assertThat(producer(producers).path("metrics").path("lastError").asText())
                    .isEqualTo("The source failed: Line 4: 4 fields, but the header has 3.");
            assertThat(producer(producers).path("position").path("line").intValue())
                    .isEqualTo(3);

            Files.writeString(file, Files.readString(file).replace(",x,3", ",3"));
            call(producers, "resume_producer", Map.of("sourceId", "plant"));
            await().until(() -> producer(producers).path("status").asText().equals("completed"));
            assertThat(TopicContent.read(world.kafka, "measurements"))
                    .extracting(ConsumerRecord::key, ConsumerRecord::value)
                    .containsExactly(
                            tuple("A", "{\"sensor\":\"A\",\"at\":\"2026-01-01T00:00:00Z\",\"value\":1}"),
                            tuple("B", "{\"sensor\":\"B\",\"at\":\"2026-01-01T00:00:04Z\",\"value\":2}"),
                            tuple("A", "{\"sensor\":\"A\",\"at\":\"2026-01-01T00:00:08Z\",\"value\":3}"));

            Files.delete(file);
            assertThatThrownBy(() -> call(producers, "start_producer", start))
                    .hasMessageContaining("'path' must name a readable file in the replay directory")
                    .hasMessageNotContaining(folder.toString());
        }
    }

    private static JsonNode producer(StatelessMCPServer producers) {
        return call(producers, "get_producer_status", Map.of())
                .path("producers")
                .path(0);
    }
}
