package io.qicore.mcp.kafka.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import io.qicore.mcp.kafka.producer.local.TestRuntime;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

        assertCode("PRODUCER_EXISTS", "start_producer", Map.of("sourceId", "btc", "config", Map.of("rate", 7)));
        for (String tool : List.of("stop_producer", "pause_producer", "resume_producer")) {
            assertCode("PRODUCER_NOT_FOUND", tool, Map.of("sourceId", "eth"));
        }
        assertCode("PRODUCER_NOT_FOUND", "set_producer_rate", Map.of("sourceId", "eth", "rate", 1));
        assertCode(
                "INVALID_PRODUCER_CONFIG",
                "start_producer",
                Map.of("sourceId", "x", "config", Map.of("symbols", List.of())));
        assertCode("INVALID_ARGUMENT", "start_producer", Map.of("sourceId", "not allowed"));
        assertCode("INVALID_ARGUMENT", "set_producer_rate", Map.of("sourceId", "btc", "rate", -1));
        client.call("stop_producer", Map.of("sourceId", "btc"));
        assertCode("PRODUCER_ENDED", "pause_producer", Map.of("sourceId", "btc"));
    }

    @Test
    void startAgain_isIdempotent_andResumes() {
        Map<String, ?> start = Map.of("sourceId", "btc", "config", Map.of("rate", 7));
        JsonNode first = client.call("start_producer", start);
        assertThat(client.call("pause_producer", Map.of("sourceId", "btc"))
                        .path("status")
                        .textValue())
                .isEqualTo("paused");

        assertThat(client.call("start_producer", start)).isEqualTo(first);
        assertThat(producer().path("status").textValue()).isEqualTo("running");
    }

    @Test
    void pauseResumeAndRate_answerWithTheState() {
        client.call("start_producer", Map.of("sourceId", "btc"));

        JsonNode paused = client.call("pause_producer", Map.of("sourceId", "btc"));
        assertThat(paused.path("success").booleanValue()).isTrue();
        assertThat(paused.path("status").textValue()).isEqualTo("paused");
        JsonNode changed = client.call("set_producer_rate", Map.of("sourceId", "btc", "rate", 55.5));
        assertThat(changed.path("status").textValue()).isEqualTo("paused");
        assertThat(changed.path("rate").doubleValue()).isEqualTo(55.5);
        assertThat(client.call("resume_producer", Map.of("sourceId", "btc"))
                        .path("status")
                        .textValue())
                .isEqualTo("running");
        assertThat(producer().path("metrics").path("rate").doubleValue()).isEqualTo(55.5);
    }

    @Test
    void position_canBePassedToTheNextStart() {
        client.call("start_producer", Map.of("sourceId", "btc", "config", Map.of("rate", 1000)));
        await().until(() -> producer().path("metrics").path("recordsSent").asLong() > 5);
        JsonNode position =
                client.call("stop_producer", Map.of("sourceId", "btc")).path("position");

        client.call("start_producer", Map.of("sourceId", "next", "config", Map.of("rate", 1000, "position", position)));

        await().until(() -> client.call("get_producer_status", Map.of())
                        .path("producers")
                        .path(1)
                        .path("position")
                        .path("candles")
                        .asLong()
                > position.path("candles").asLong());
    }

    @Test
    void positionOfManyPartitions_isReturnedByStopOnly() throws Exception {
        var wide = new StreamingProducerMCPServer(
                test.builder.source(new TestRuntime.Custom(number -> number) {
                    @Override
                    protected SourcePosition position(long number) {
                        Map<String, Object> values = new HashMap<>(Map.of("number", number));
                        IntStream.range(0, 50).forEach(i -> values.put(String.valueOf(i), 0));
                        return new SourcePosition(values);
                    }
                }),
                KafkaOptions.defaults());
        try (wide;
                MCPClient caller = MCPClient.inProcess(wide)) {
            wide.initialize();
            caller.call("start_producer", Map.of("sourceId", "a", "config", Map.of("type", "custom")));

            assertThat(caller.call("get_producer_status", Map.of())
                            .at("/producers/0")
                            .has("position"))
                    .isFalse();
            assertThat(caller.call("stop_producer", Map.of("sourceId", "a")).path("position"))
                    .hasSize(51);
        }
    }

    @Test
    void sourceTypes_haveTheSchemaOfTheirConfig() {
        JsonNode types = client.call("list_source_types", Map.of()).path("types");

        assertThat(types.findValuesAsText("type")).contains("simulated", "replay", "kafka-topic");
        JsonNode replay =
                client.call("list_source_types", Map.of("type", "replay")).path("types");
        assertThat(replay).hasSize(1);
        JsonNode config = replay.path(0).path("config");
        assertThat(config.path("required").toString()).isEqualTo("[\"path\"]");
        assertThat(config.path("additionalProperties").booleanValue()).isFalse();
        assertThat(config.at("/properties/type/const").textValue()).isEqualTo("replay");
        assertThat(config.at("/properties/rate/minimum").intValue()).isZero();
        assertThat(config.at("/properties/speed/description").textValue()).isNotBlank();
        assertCode("INVALID_PRODUCER_CONFIG", "list_source_types", Map.of("type", "replya"));
    }

    @Test
    void everySettingOfEveryType_hasAMeaning() {
        for (JsonNode type : client.call("list_source_types", Map.of()).path("types")) {
            assertThat(type.path("description").textValue()).isNotBlank();
            type.at("/config/properties").properties().forEach(setting -> {
                if (!setting.getKey().equals("type")) {
                    assertThat(setting.getValue().path("description").asText())
                            .as(setting.getKey())
                            .isNotBlank();
                }
            });
        }
    }

    @Test
    void description_namesEveryType() {
        var custom = new StreamingProducerMCPServer(
                test.builder.source(TestRuntime.Custom.counting()), KafkaOptions.defaults());

        assertThat(custom.tool("start_producer").description())
                .contains("simulated", "replay", "kafka-topic", "custom", "list_source_types");
    }

    @Test
    void tools_saySoWhenTheyChangeSomething() {
        assertThat(server.tools())
                .extracting(MCPTool::name, tool -> tool.annotations().readOnlyHint())
                .containsExactly(
                        tuple("start_producer", false),
                        tuple("stop_producer", false),
                        tuple("get_producer_status", true),
                        tuple("pause_producer", false),
                        tuple("resume_producer", false),
                        tuple("set_producer_rate", false),
                        tuple("list_source_types", true));
    }

    private JsonNode producer() {
        return client.call("get_producer_status", Map.of()).path("producers").path(0);
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
    void readOnly_offersWhatReads() {
        var readOnly = new StreamingProducerMCPServer(
                test.builder, options(KafkaPolicy.builder().readOnly(true).build()));

        assertThat(readOnly.tools())
                .extracting(MCPTool::name)
                .containsExactly("get_producer_status", "list_source_types");
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
            for (String tool : List.of("stop_producer", "pause_producer", "resume_producer")) {
                assertCode("PRODUCER_NOT_FOUND", tool, Map.of("sourceId", "other"));
            }
            assertCode("PRODUCER_NOT_FOUND", "set_producer_rate", Map.of("sourceId", "other", "rate", 1));
            assertThatThrownBy(() -> client.call(
                            "start_producer", Map.of("sourceId", "other", "config", Map.of("topic", "fx-eur"))))
                    .hasMessage("The sourceId 'other' is taken. Choose another one.");
            assertCode(
                    "NOT_ALLOWED",
                    "start_producer",
                    Map.of(
                            "sourceId",
                            "copy",
                            "config",
                            Map.of("type", "kafka-topic", "sourceTopic", "crypto", "topic", "fx-eur")));
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
        assertThatThrownBy(() -> client.call(
                        "start_producer",
                        Map.of(
                                "sourceId",
                                "x",
                                "config",
                                Map.of("type", "kafka-topic", "sourceTopic", "__consumer_offsets"))))
                .hasMessageContaining("Producers never read internal topics");
    }

    @Test
    void copyOfATopicIntoItself_isRefused() {
        assertThatThrownBy(() -> client.call(
                        "start_producer",
                        Map.of(
                                "sourceId",
                                "x",
                                "config",
                                Map.of("type", "kafka-topic", "sourceTopic", "t", "topic", "t"))))
                .hasMessageContaining("'topic' must not be 't', which the source reads");
    }

    @Test
    void copyThatIsResumed_mustNotLeadRecordsRoundEither() throws Exception {
        var copying = new TestRuntime.Custom(number -> number) {
            @Override
            public List<String> topicsRead(Config config) {
                return List.of(String.valueOf(config.color()));
            }
        };
        try (var runtime = test.builder.source(copying).build();
                var other = new StreamingProducerMCPServer(runtime, KafkaOptions.defaults())) {
            other.initialize();
            try (var caller = MCPClient.inProcess(other)) {
                caller.call("start_producer", copy("there", "b", "a"));
                caller.call("stop_producer", Map.of("sourceId", "there"));
                caller.call("start_producer", copy("back", "a", "b"));

                assertThatThrownBy(() -> caller.call("resume_producer", Map.of("sourceId", "there")))
                        .hasMessageContaining("'topic' must not be 'b': other producers copy it to 'a'");

                caller.call("pause_producer", Map.of("sourceId", "back"));
                caller.call("resume_producer", Map.of("sourceId", "back"));
                caller.call("stop_producer", Map.of("sourceId", "back"));
                caller.call("resume_producer", Map.of("sourceId", "there"));
            }
        }
    }

    private static Map<String, Object> copy(String id, String topic, String read) {
        return Map.of("sourceId", id, "config", Map.of("type", "custom", "topic", topic, "color", read, "rate", 10));
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
