package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka Streams groups with the protocol of KIP-1071. */
class StreamsGroupIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared();

    @TempDir
    private Path folder;

    @Test
    void streamsGroup_isDescribedMeasuredAndResetLikeAnyOther() throws Exception {
        world.kafka.createTopic("words", 2);
        world.kafka.createTopic("copies", 2);
        world.kafka.produce("words", 0, 6);
        try (var streams = copying()) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> world.kafka.committed("copier", "words", 0).equals(OptionalLong.of(6)));

            var listed = world.call("list_consumer_groups", Map.of("type", "streams"));
            assertThat(listed.path("groups").findValuesAsText("groupId")).containsExactly("copier");
            var described = world.call("describe_consumer_group", Map.of("groupId", "copier"));
            assertThat(described.path("type").textValue()).isEqualTo("streams");
            assertThat(described.path("state").textValue()).isEqualTo("Stable");
            assertThat(described.path("memberCount").intValue()).isOne();
            assertThat(described.path("members").path(0).path("partitions").toString())
                    .contains("subtopology");
            assertThat(world.call("explain_lag", Map.of("groupId", "copier"))
                            .path("findings")
                            .findValuesAsText("cause"))
                    .containsExactly("NO_LAG");
            assertThatThrownBy(() -> reset()).hasMessageContaining("1 running consumer");
            assertThat(streams.state().isRunningOrRebalancing()).isTrue();
        }
        world.kafka.produce("words", 0, 4);

        JsonNode group = world.call("get_consumer_lag", Map.of("groupId", "copier"))
                .path("groups")
                .path(0);
        assertThat(group.path("lag").intValue()).isEqualTo(4);
        assertThat(world.call("find_lagging_groups", Map.of())
                        .path("groups")
                        .path(0)
                        .path("groupId")
                        .textValue())
                .isEqualTo("copier");

        // The reset is refused until the coordinator has removed the member that left.
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> reset().path("success")
                .booleanValue());
        assertThat(world.kafka.committed("copier", "words", 0)).hasValue(0L);
        world.confirmed("delete_consumer_group", Map.of("groupId", "copier"));
        assertThat(world.call("list_consumer_groups", Map.of()).path("count").intValue())
                .isZero();
    }

    private static JsonNode reset() {
        return world.call(
                "reset_consumer_offset",
                Map.of("groupId", "copier", "topic", "words", "partition", 0, "offset", "earliest"));
    }

    private KafkaStreams copying() {
        var topology = new StreamsBuilder();
        topology.stream("words", Consumed.with(Serdes.String(), Serdes.String()))
                .to("copies", Produced.with(Serdes.String(), Serdes.String()));
        var properties = new Properties();
        properties.putAll(world.kafka.cluster().clientProperties());
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
