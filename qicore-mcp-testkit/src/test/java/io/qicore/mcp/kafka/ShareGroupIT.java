package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Share groups, which do not commit offsets: the brokers report their start offsets. */
class ShareGroupIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared();

    @Test
    void shareGroup_isMeasuredResetAndDeletedLikeAnyOther() throws Exception {
        world.kafka.createTopic("jobs", 1);
        world.kafka
                .admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, "workers"),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        world.kafka.produce("jobs", 0, 10);
        Map<String, Object> properties = new HashMap<>(world.kafka.cluster().clientProperties());
        properties.put("group.id", "workers");
        try (var consumer = new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("jobs"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
            consumer.commitSync();

            var described = world.call("describe_consumer_group", Map.of("groupId", "workers"));
            assertThat(described.path("type").textValue()).isEqualTo("share");
            assertThat(described.path("memberCount").intValue()).isOne();
            assertThatThrownBy(() -> reset(Map.of("offset", "earliest"))).hasMessageContaining("1 running consumer");
            assertThatThrownBy(() -> reset(Map.of("offset", "earliest", "dryRun", true)))
                    .hasMessageContaining("1 running consumer");
        }
        world.kafka.produce("jobs", 0, 5);

        var lag = world.call("get_consumer_lag", Map.of("topic", "jobs"));
        assertThat(lag.path("lag").intValue()).isEqualTo(5);
        assertThat(lag.path("groups").path(0).path("type").textValue()).isEqualTo("share");
        assertThat(world.call("get_consumer_lag", Map.of("groupId", "workers"))
                        .path("lag")
                        .intValue())
                .isEqualTo(5);

        var result = reset(Map.of("offset", "3"));
        assertThat(result.path("changes").path(0).path("to").intValue()).isEqualTo(3);
        // The start offset that the brokers last persisted, which may be behind the acknowledged records.
        assertThat(result.path("undo").path("offsets").path("jobs:0").intValue())
                .isBetween(0, 10);
        assertThat(world.call("get_consumer_lag", Map.of("groupId", "workers"))
                        .path("lag")
                        .intValue())
                .isEqualTo(12);

        assertThat(world.confirmed("delete_consumer_offsets", Map.of("groupId", "workers", "topic", "jobs"))
                        .path("applied")
                        .booleanValue())
                .isTrue();
        assertThat(world.confirmed("delete_consumer_group", Map.of("groupId", "workers"))
                        .path("applied")
                        .booleanValue())
                .isTrue();
        assertThat(world.call("list_consumer_groups", Map.of()).path("groups")).isEmpty();
    }

    private static JsonNode reset(Map<String, Object> to) throws Exception {
        Map<String, Object> arguments = new HashMap<>(to);
        arguments.put("groupId", "workers");
        arguments.put("topic", "jobs");
        return world.call("reset_consumer_offset", arguments);
    }
}
