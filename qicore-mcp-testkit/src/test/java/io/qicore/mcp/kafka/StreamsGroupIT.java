package io.qicore.mcp.kafka;

import static io.qicore.mcp.kafka.KafkaWorld.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of Kafka Streams under the protocol of KIP-1071. */
class StreamsGroupIT {

    @TempDir
    private Path folder;

    @Test
    void streamsGroup_isDescribedMeasuredAndMovedLikeAnyOther() throws Exception {
        try (var world = KafkaWorld.start();
                var server = new KafkaMCPServer(world.connection())) {
            server.initialize();
            world.createTopic("words", 2);
            world.createTopic("copies", 2);
            world.produce("words", 0, 6);
            try (var streams = copying(world)) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> world.committed("copier", "words", 0).equals(Optional.of(6L)));

                var listed = call(server, "list_consumer_groups", Map.of("type", "streams"));
                assertThat(listed.path("groups").findValuesAsText("groupId")).containsExactly("copier");
                var described = call(server, "describe_consumer_group", Map.of("groupId", "copier"));
                assertThat(described.path("type").textValue()).isEqualTo("streams");
                assertThat(described.path("state").textValue()).isEqualTo("Stable");
                assertThat(described.path("memberCount").intValue()).isOne();
                assertThat(described.path("members").path(0).path("partitions").toString())
                        .contains("subtopology");
                assertThat(call(server, "explain_lag", Map.of("groupId", "copier"))
                                .path("findings")
                                .findValuesAsText("cause"))
                        .containsExactly("NO_LAG");
                assertThatThrownBy(() -> reset(server)).hasMessageContaining("1 running consumer");
                assertThat(streams.state().isRunningOrRebalancing()).isTrue();
            }
            world.produce("words", 0, 4);

            JsonNode group = call(server, "get_consumer_lag", Map.of("groupId", "copier"))
                    .path("groups")
                    .path(0);
            assertThat(group.path("lag").intValue()).isEqualTo(4);
            assertThat(call(server, "find_lagging_groups", Map.of())
                            .path("groups")
                            .path(0)
                            .path("groupId")
                            .textValue())
                    .isEqualTo("copier");

            // Until the member that has left is gone.
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> reset(server).path("success").booleanValue());
            assertThat(world.committed("copier", "words", 0)).hasValue(0L);
            call(server, "delete_consumer_group", Map.of("groupId", "copier"));
            assertThat(call(server, "list_consumer_groups", Map.of())
                            .path("count")
                            .intValue())
                    .isZero();
        }
    }

    private static JsonNode reset(KafkaMCPServer server) {
        return call(
                server,
                "reset_consumer_offset",
                Map.of("groupId", "copier", "topic", "words", "partition", 0, "offset", "earliest"));
    }

    private KafkaStreams copying(KafkaWorld world) {
        var topology = new StreamsBuilder();
        topology.stream("words", Consumed.with(Serdes.String(), Serdes.String()))
                .to("copies", Produced.with(Serdes.String(), Serdes.String()));
        var properties = new Properties();
        properties.putAll(world.kafka.clientProperties());
        properties.put("application.id", "copier");
        properties.put("group.protocol", "streams");
        properties.put("state.dir", folder.toString());
        properties.put("commit.interval.ms", 100);
        properties.put("auto.offset.reset", "earliest");
        var streams = new KafkaStreams(topology.build(), properties);
        streams.start();
        return streams;
    }
}
