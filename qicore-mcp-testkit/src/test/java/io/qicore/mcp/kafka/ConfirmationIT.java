package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.HttpCaller;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.change.ConfirmationMode;
import io.qicore.mcp.transport.http.HttpTransport;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Destructive calls over HTTP, from clients that can ask their user and from clients that cannot. */
class ConfirmationIT {

    private static final String RESET = "reset_consumer_offset";

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.kafka.createTopic("orders", 1);
        world.kafka.produce("orders", 0, 9);
    }

    @Test
    void userWhoAccepts_seesTheConsequence_andTheChangeIsMade() throws Exception {
        world.kafka.commit("accepting", "orders", 0, 7);
        try (var server = serving(ConfirmationMode.ALWAYS)) {
            var client = HttpCaller.withForms(server.uri());
            var arguments = reset("accepting");

            JsonNode asked = client.callTool(RESET, arguments);

            assertThat(asked.path("resultType").textValue()).isEqualTo("input_required");
            JsonNode question = asked.path("inputRequests").path("confirm");
            assertThat(question.path("method").textValue()).isEqualTo("elicitation/create");
            assertThat(question.at("/params/message").textValue()).contains("accepting", "7");
            assertThat(committed("accepting")).isEqualTo(7);

            JsonNode done = client.answer(
                    asked, RESET, arguments, Map.of("action", "accept", "content", Map.of("proceed", true)));
            assertThat(done.path("isError").booleanValue()).as(done.toString()).isFalse();
            assertThat(committed("accepting")).isZero();
        }
    }

    @Test
    void changeThatTheUserDeclines_isNotMade() throws Exception {
        world.kafka.commit("declining", "orders", 0, 7);
        try (var server = serving(ConfirmationMode.ALWAYS)) {
            var client = HttpCaller.withForms(server.uri());
            var arguments = reset("declining");
            for (var answer : List.<Map<String, ?>>of(
                    Map.of("action", "decline"),
                    Map.of("action", "cancel"),
                    Map.of("action", "accept", "content", Map.of("proceed", false)))) {
                JsonNode refused = client.answer(client.callTool(RESET, arguments), RESET, arguments, answer);

                assertThat(refused.path("isError").booleanValue()).isTrue();
                assertThat(refused.at("/structuredContent/code").textValue()).isEqualTo("DECLINED");
                assertThat(committed("declining")).isEqualTo(7);
            }
        }
    }

    @Test
    void planThatHasChangedSinceTheQuestion_isNotApplied() throws Exception {
        world.kafka.commit("moving", "orders", 0, 7);
        try (var server = serving(ConfirmationMode.ALWAYS)) {
            var client = HttpCaller.withForms(server.uri());
            var arguments = reset("moving");
            JsonNode asked = client.callTool(RESET, arguments);
            world.kafka.commit("moving", "orders", 0, 8);

            JsonNode refused = client.answer(
                    asked, RESET, arguments, Map.of("action", "accept", "content", Map.of("proceed", true)));

            assertThat(refused.at("/structuredContent/code").textValue()).isEqualTo("PLAN_CHANGED");
            assertThat(committed("moving")).isEqualTo(8);
        }
    }

    @Test
    void clientThatCannotAsk_getsThePlanOfADestructiveChange_andRepeatsItWithTheHash() throws Exception {
        world.kafka.createTopic("wide", 2);
        world.kafka.produce("wide", 0, 5);
        world.kafka.produce("wide", 1, 5);
        world.kafka.commitAll("skipping", "wide", 1, 2);
        try (var server = serving(ConfirmationMode.DESTRUCTIVE)) {
            var client = HttpCaller.plain(server.uri());
            var skip = new HashMap<String, Object>(Map.of("groupId", "skipping", "topic", "wide", "offset", "latest"));

            JsonNode plan = client.callTool(RESET, skip).path("structuredContent");

            assertThat(plan.path("success").booleanValue()).as(plan.toString()).isFalse();
            assertThat(plan.path("skipped").intValue()).isEqualTo(7);
            assertThat(plan.path("next").textValue()).contains("planHash");
            assertThat(world.kafka.committed("skipping", "wide", 0)).hasValue(1L);

            skip.put("planHash", plan.path("planHash").textValue());
            assertThat(client.callTool(RESET, skip)
                            .at("/structuredContent/success")
                            .booleanValue())
                    .isTrue();
            assertThat(world.kafka.committed("skipping", "wide", 1)).hasValue(5L);
        }
    }

    @Test
    void resetOfOnePartition_actsAtOnce_unlessEveryChangeIsConfirmed() throws Exception {
        world.kafka.commit("plain", "orders", 0, 7);
        try (var server = serving(ConfirmationMode.DESTRUCTIVE)) {
            HttpCaller.plain(server.uri()).callTool(RESET, reset("plain"));
            assertThat(committed("plain")).isZero();
        }
        world.kafka.commit("plain", "orders", 0, 7);
        try (var server = serving(ConfirmationMode.ALWAYS)) {
            var client = HttpCaller.plain(server.uri());

            JsonNode plan = client.callTool(RESET, reset("plain")).path("structuredContent");

            assertThat(plan.path("applied").booleanValue()).as(plan.toString()).isFalse();
            assertThat(committed("plain")).isEqualTo(7);

            var repeated = new HashMap<String, Object>(reset("plain"));
            repeated.put("planHash", "0000");
            assertThat(client.callTool(RESET, repeated)
                            .at("/structuredContent/code")
                            .textValue())
                    .isEqualTo("PLAN_CHANGED");
            assertThat(committed("plain")).isEqualTo(7);

            repeated.put("planHash", plan.path("planHash").textValue());
            client.callTool(RESET, repeated);
            assertThat(committed("plain")).isZero();
        }
    }

    @Test
    void everyDestructiveTool_asksTheUser() throws Exception {
        world.kafka.commit("leaving", "orders", 0, 3);
        world.kafka.createTopic("doomed", 1);
        world.kafka.produce("doomed", 0, 3);
        try (var server = serving(ConfirmationMode.DESTRUCTIVE)) {
            var client = HttpCaller.withForms(server.uri());
            var calls = Map.of(
                    "delete_topic",
                    Map.of("topic", "doomed"),
                    "delete_records",
                    Map.of("topic", "doomed", "beforeOffsets", Map.of("0", 2)),
                    "delete_consumer_group",
                    Map.of("groupId", "leaving"),
                    "delete_consumer_offsets",
                    Map.of("groupId", "leaving", "topic", "orders"));
            for (var call : calls.entrySet()) {
                JsonNode asked = client.callTool(call.getKey(), call.getValue());

                assertThat(asked.path("resultType").textValue())
                        .as(call.getKey() + ": " + asked)
                        .isEqualTo("input_required");
                client.answer(asked, call.getKey(), call.getValue(), Map.of("action", "decline"));
            }
        }
        assertThat(committed("leaving")).isEqualTo(3);
        assertThat(world.kafka.admin().listTopics().names().get()).contains("doomed");
    }

    private static Map<String, Object> reset(String groupId) {
        return Map.of("groupId", groupId, "topic", "orders", "partition", 0, "offset", "earliest");
    }

    private static long committed(String groupId) throws Exception {
        return world.kafka.committed(groupId, "orders", 0).orElseThrow();
    }

    private static Served serving(ConfirmationMode mode) throws Exception {
        var transport = HttpTransport.onPort(0);
        var options = KafkaOptions.builder()
                .policy(KafkaPolicy.builder().confirmation(mode).build())
                .server(ServerSettings.builder().transport(transport).build())
                .build();
        var server = new KafkaMCPServer(world.connection(), options);
        server.start();
        return new Served(server, transport.uri());
    }

    private record Served(KafkaMCPServer server, URI uri) implements AutoCloseable {

        @Override
        public void close() {
            server.close();
        }
    }
}
