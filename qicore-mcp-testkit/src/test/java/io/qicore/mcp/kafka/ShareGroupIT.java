package io.qicore.mcp.kafka;

import static io.qicore.mcp.kafka.KafkaWorld.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** Share groups commit no offsets: they are no consumer groups and are told apart. */
class ShareGroupIT {

    @Test
    void shareGroup_isNotMeasuredAndNotMoved() throws Exception {
        try (var world = KafkaWorld.start();
                var server = new KafkaMCPServer(world.connection())) {
            server.initialize();
            world.createTopic("jobs", 1);
            Map<String, Object> properties = new HashMap<>(world.kafka.clientProperties());
            properties.put("group.id", "workers");
            try (var consumer =
                    new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
                consumer.subscribe(List.of("jobs"));
                await().until(() -> {
                    consumer.poll(Duration.ofMillis(100));
                    return world.admin.listGroups().all().get().stream()
                            .anyMatch(group -> group.groupId().equals("workers"));
                });

                assertThat(call(server, "get_consumer_lag", Map.of("topic", "jobs"))
                                .path("groups"))
                        .isEmpty();
                for (var question : List.of(
                        Map.entry("get_consumer_lag", Map.<String, Object>of("groupId", "workers", "topic", "jobs")),
                        Map.entry(
                                "reset_consumer_offset",
                                Map.<String, Object>of(
                                        "groupId", "workers", "topic", "jobs", "partition", 0, "offset", "latest")))) {
                    var error = catchThrowableOfType(
                            MCPToolError.class, () -> call(server, question.getKey(), question.getValue()));
                    assertThat(error.code()).as(question.getKey()).isEqualTo("INVALID_ARGUMENT");
                    assertThat(error).hasMessageContaining("'workers' is a share group");
                }
            }
        }
    }
}
