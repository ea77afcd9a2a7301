package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.fixture.KafkaWorld;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Two servers on the same cluster: each of them can answer any call. */
class StatelessKafkaServersIT {

    @AutoClose
    private final KafkaWorld world = KafkaWorld.shared();

    @Test
    void twoServers_answerInterleavedCallsAlike_andOneMayCloseAtAnyTime() throws Exception {
        var first = new KafkaMCPServer(world.connection());
        var second = new KafkaMCPServer(world.connection());
        first.initialize();
        second.initialize();
        try {
            call(first, "create_topic", Map.of("name", "orders", "partitions", 2));
            world.kafka.awaitTopic("orders");
            world.kafka.produce("orders", 0, 10);
            world.kafka.commit("billing", "orders", 0, 1);
            assertAnswerAlike(first, second, 9);

            var reset = Map.of("groupId", "billing", "topic", "orders", "partition", 0, "offset", "4");
            call(second, "reset_consumer_offset", reset);
            assertAnswerAlike(first, second, 6);

            var before = call(second, "get_topic_metadata", Map.of("topic", "orders"));
            first.close();
            assertThat(call(second, "get_topic_metadata", Map.of("topic", "orders")))
                    .isEqualTo(before);

            first.initialize();
            assertAnswerAlike(first, second, 6);
        } finally {
            first.close();
            second.close();
        }
    }

    @Test
    void applicationsAdmin_servesManyServersAndStaysOpen() throws Exception {
        world.kafka.createTopic("orders", 1);
        try (var kafka = new KafkaMCPServer(world.kafka.admin());
                var consumers = new StreamingConsumerMCPServer(world.kafka.admin())) {
            kafka.initialize();
            consumers.initialize();
            assertThat(call(kafka, "list_topics", Map.of()).path("count").intValue())
                    .isEqualTo(1);
            assertThat(call(consumers, "get_consumer_lag", Map.of("topic", "orders"))
                            .path("lag")
                            .intValue())
                    .isZero();
        }
        assertThat(world.kafka.admin().listTopics().names().get()).containsExactly("orders");
    }

    private static void assertAnswerAlike(KafkaMCPServer first, KafkaMCPServer second, int lag) throws Exception {
        var lagOfOrders = Map.of("topic", "orders", "details", true);
        assertThat(call(first, "get_consumer_lag", lagOfOrders).path("lag").intValue())
                .isEqualTo(lag);
        for (var question : List.of(
                Map.entry("list_topics", Map.<String, Object>of()),
                Map.entry("get_topic_metadata", Map.<String, Object>of("topic", "orders")),
                Map.entry("get_consumer_lag", Map.<String, Object>copyOf(lagOfOrders)))) {
            var one = (ObjectNode) call(first, question.getKey(), question.getValue());
            var other = (ObjectNode) call(second, question.getKey(), question.getValue());
            // The sample contains the time of the call.
            one.remove("sample");
            other.remove("sample");
            assertThat(one).isEqualTo(other);
        }
    }
}
