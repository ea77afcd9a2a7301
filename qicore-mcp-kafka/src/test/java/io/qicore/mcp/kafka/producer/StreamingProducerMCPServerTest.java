package io.qicore.mcp.kafka.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StreamingProducerMCPServerTest {

    private final TestRuntime test = new TestRuntime();
    private final StreamingProducerMCPServer server =
            new StreamingProducerMCPServer(test.builder, KafkaOptions.defaults());
    private MCPClient client;

    @BeforeEach
    void initialize() throws Exception {
        server.initialize();
        client = MCPClient.inProcess(server);
    }

    @AfterEach
    void cleanup() {
        client.close();
        server.cleanup();
        assertThat(test.clients).allMatch(MockProducer::closed);
    }

    @Test
    void startStatusStop_answerAsAgentsExpect() {
        JsonNode started =
                client.call("start_producer", Map.of("sourceId", "btc", "config", Map.of("topic", "t", "rate", 100)));

        assertThat(started.path("success").booleanValue()).isTrue();
        assertThat(started.path("sourceId").textValue()).isEqualTo("btc");
        assertThat(started.path("status").textValue()).isEqualTo("running");
        assertThat(started.path("topic").textValue()).isEqualTo("t");

        JsonNode producers = await().until(
                        () -> client.call("get_producer_status", Map.of()).path("producers"),
                        list -> list.path(0).path("metrics").path("recordsSent").asLong() > 0);
        assertThat(producers).hasSize(1);
        assertThat(producers.path(0).path("sourceId").textValue()).isEqualTo("btc");
        assertThat(producers.path(0).path("status").textValue()).isEqualTo("running");

        JsonNode stopped = client.call("stop_producer", Map.of("sourceId", "btc"));
        assertThat(stopped.path("success").booleanValue()).isTrue();
        assertThat(stopped.path("status").textValue()).isEqualTo("stopped");
        assertThat(stopped.path("metrics").path("recordsSent").asLong())
                .isEqualTo(test.clients.get(0).history().size());
    }

    @Test
    void configLeftOut_takesTheDefaults() {
        JsonNode started = client.call("start_producer", Map.of("sourceId", "btc"));

        assertThat(started.path("type").textValue()).isEqualTo("simulated");
        assertThat(started.path("topic").textValue()).isEqualTo("crypto-ohlcv");
    }

    @Test
    void errors_reachTheClientWithTheirCodes() {
        client.call("start_producer", Map.of("sourceId", "btc"));

        assertCode("PRODUCER_EXISTS", "start_producer", Map.of("sourceId", "btc"));
        assertCode("PRODUCER_NOT_FOUND", "stop_producer", Map.of("sourceId", "eth"));
        assertCode(
                "INVALID_PRODUCER_CONFIG",
                "start_producer",
                Map.of("sourceId", "x", "config", Map.of("symbols", List.of())));
        assertCode("INVALID_ARGUMENT", "start_producer", Map.of("sourceId", "not allowed"));
    }

    @Test
    void description_tellsTheSettingsOfEveryType() {
        var custom = new StreamingProducerMCPServer(
                test.builder.source(new TestRuntime.Custom(() -> null)), KafkaOptions.defaults());

        assertThat(custom.tool("start_producer").description())
                .contains("simulated", "replay", "custom", "candlesPerSymbol", "color (any)", "crypto-ohlcv");
    }

    @Test
    void tools_saySoWhenTheyChangeSomething() {
        assertThat(server.tools())
                .extracting(MCPTool::name, tool -> tool.annotations().readOnlyHint())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("start_producer", false),
                        org.assertj.core.groups.Tuple.tuple("stop_producer", false),
                        org.assertj.core.groups.Tuple.tuple("get_producer_status", true));
    }

    @Test
    void ownRuntime_endsWithTheServerAndIsNewAfterwards() throws Exception {
        client.call("start_producer", Map.of("sourceId", "btc"));

        server.cleanup();
        assertThat(test.clients).allMatch(MockProducer::closed);

        server.initialize();
        assertThat(client.call("get_producer_status", Map.of()).path("producers"))
                .isEmpty();
    }

    @Test
    void applicationsRuntime_outlivesTheServer() throws Exception {
        try (LocalProducerRuntime runtime = test.builder.build()) {
            var first = new StreamingProducerMCPServer(runtime, KafkaOptions.defaults());
            var second = new StreamingProducerMCPServer(runtime, KafkaOptions.defaults());
            first.initialize();
            second.initialize();

            MCPClient.inProcess(first).call("start_producer", Map.of("sourceId", "btc"));
            first.cleanup();

            JsonNode producers = MCPClient.inProcess(second)
                    .call("get_producer_status", Map.of())
                    .path("producers");
            assertThat(producers.path(0).path("status").textValue()).isEqualTo("running");
            second.cleanup();
        }
    }

    @Test
    void readOnly_offersTheStatusOnly() {
        var readOnly = new StreamingProducerMCPServer(
                test.builder, options(KafkaPolicy.builder().readOnly(true).build()));

        assertThat(readOnly.tools()).extracting(MCPTool::name).containsExactly("get_producer_status");
    }

    @Test
    void topicThatThePolicyDoesNotAllow_isNeitherWrittenToNorSeen() throws Exception {
        try (LocalProducerRuntime runtime = test.builder.build();
                var all = new StreamingProducerMCPServer(runtime, KafkaOptions.defaults());
                var few = new StreamingProducerMCPServer(
                        runtime, options(KafkaPolicy.builder().topics("fx-*").build()))) {
            all.initialize();
            few.initialize();
            MCPClient.inProcess(all)
                    .call("start_producer", Map.of("sourceId", "other", "config", Map.of("topic", "crypto")));
            client = MCPClient.inProcess(few);

            Map<String, ?> secret = Map.of("sourceId", "mine", "config", Map.of("topic", "crypto"));
            assertCode("NOT_ALLOWED", "start_producer", secret);
            assertThatThrownBy(() -> client.call("start_producer", Map.of("sourceId", "mine")))
                    .hasMessageContaining("name one as \"topic\" in config")
                    .hasMessageContaining("fx-*");
            assertCode("PRODUCER_NOT_FOUND", "stop_producer", Map.of("sourceId", "other"));
            assertThat(client.call("get_producer_status", Map.of()).path("producers"))
                    .isEmpty();

            client.call("start_producer", Map.of("sourceId", "mine", "config", Map.of("topic", "fx-eur")));
            assertThat(client.call("get_producer_status", Map.of()).path("producers"))
                    .hasSize(1);
            client.call("stop_producer", Map.of("sourceId", "mine"));
        }
    }

    @Test
    void kafkasOwnTopics_areNeverWrittenTo() {
        assertCode(
                "NOT_ALLOWED",
                "start_producer",
                Map.of("sourceId", "x", "config", Map.of("topic", "__consumer_offsets")));
    }

    private void assertCode(String code, String tool, Map<String, ?> arguments) {
        assertThatThrownBy(() -> client.call(tool, arguments))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    private static KafkaOptions options(KafkaPolicy policy) {
        return KafkaOptions.builder().policy(policy).build();
    }
}
