package io.qicore.mcp.kafka.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPToolError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RealTimeDataMCPServerTest {

    private static final TopicPartition PARTITION = new TopicPartition("crypto-ohlcv", 0);

    private final List<MockConsumer<byte[], byte[]>> opened = new CopyOnWriteArrayList<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("latest");
    private RealTimeDataMCPServer server = server(ServerSettings.defaults());
    private MCPClient client;
    private long offset = 100;

    @BeforeEach
    void initialize() throws Exception {
        consumer.updatePartitions("crypto-ohlcv", List.of(new PartitionInfo("crypto-ohlcv", 0, null, null, null)));
        consumer.updateEndOffsets(Map.of(PARTITION, offset));
        server.initialize();
        client = MCPClient.inProcess(server);
    }

    @AfterEach
    void everyConsumerIsClosed() {
        client.close();
        server.cleanup();
        await().untilAsserted(() -> assertThat(opened).allMatch(MockConsumer::closed));
    }

    @Test
    void everySymbolSeen_returnsAtOnceInTheOrderOfTheQuestion() {
        arrives(candle("ETH", 10), candle("XRP", 1), candle("BTC", 20), candle("ETH", 11));

        JsonNode result = ask(List.of("BTC", "ETH", "BTC"), 20_000);

        assertThat(result.path("complete").booleanValue()).isTrue();
        assertThat(result.path("missing")).isEmpty();
        assertThat(result.path("prices")).hasSize(2);
        assertThat(result.path("prices").path(0).path("symbol").textValue()).isEqualTo("BTC");
        assertThat(result.path("prices").path(0).path("close").doubleValue()).isEqualTo(20);
        assertThat(result.path("prices").path(0).path("time").textValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(result.path("prices").path(1).path("symbol").textValue()).isEqualTo("ETH");
        assertThat(result.path("elapsedMs").longValue()).isLessThan(20_000);
    }

    @Test
    void timeout_returnsWhatWasSeenAndNamesTheRest() {
        arrives(candle("BTC", 20));

        JsonNode result = ask(List.of("BTC", "btc"), 50);

        assertThat(result.path("complete").booleanValue()).isFalse();
        assertThat(result.path("prices")).hasSize(1);
        assertThat(result.path("missing").path(0).textValue()).isEqualTo("btc");
    }

    @Test
    void deadlineOfTheCall_endsListeningEarlier() throws Exception {
        client.close();
        server.cleanup();
        server = server(
                ServerSettings.builder().callTimeout(Duration.ofSeconds(1)).build());
        server.initialize();
        client = MCPClient.inProcess(server);

        JsonNode result = ask(List.of("BTC"), 60_000);

        assertThat(result.path("complete").booleanValue()).isFalse();
    }

    @Test
    void whatIsNoCandle_isSkippedAndCounted() {
        arrives("{".getBytes(StandardCharsets.UTF_8), null, new byte[65 * 1024], candle("BTC", 20));

        JsonNode result = ask(List.of("BTC"), 20_000);

        assertThat(result.path("complete").booleanValue()).isTrue();
        assertThat(result.path("skippedRecords").longValue()).isEqualTo(3);
    }

    @Test
    void missingTopic_isNamed() {
        assertError("TOPIC_NOT_FOUND", "'nowhere'", Map.of("symbols", List.of("BTC"), "topic", "nowhere"));
    }

    @Test
    void topicThatThePolicyDoesNotAllow_isNotRead() {
        assertError("NOT_ALLOWED", "'secret'", Map.of("symbols", List.of("BTC"), "topic", "secret"));
    }

    @Test
    void silentBroker_isAnErrorBeforeTheDeadline() {
        consumer.setOffsetsException(new TimeoutException("no answer"));

        assertError("BROKER_UNAVAILABLE", "localhost:1", Map.of("symbols", List.of("BTC")));
    }

    @Test
    void refusedTopic_isAnErrorThatSaysSo() {
        consumer.setPollException(new TopicAuthorizationException("crypto-ohlcv"));

        assertError("NOT_AUTHORIZED", "crypto-ohlcv", Map.of("symbols", List.of("BTC")));
    }

    @Test
    void wrongArguments_areRefused() {
        assertError("INVALID_ARGUMENT", "symbols", Map.of("symbols", List.of()));
        assertError("INVALID_ARGUMENT", "timeout", Map.of("symbols", List.of("BTC"), "timeout", 0));
    }

    @Test
    void cancelledCall_wakesTheConsumerUp() throws Exception {
        var handler = new Thread(() -> {
            assertThatThrownBy(() -> ask(List.of("BTC"), 5000)).isNotNull();
        });
        handler.start();
        await().until(() -> !opened.isEmpty() && !consumer.assignment().isEmpty());

        consumer.wakeup();

        handler.join(5000);
        assertThat(handler.isAlive()).isFalse();
    }

    private Consumer<byte[], byte[]> open() {
        opened.add(consumer);
        return consumer;
    }

    /** Records that come with the first poll. */
    private void arrives(byte[]... values) {
        consumer.schedulePollTask(() -> {
            for (byte[] value : values) {
                consumer.addRecord(new ConsumerRecord<>("crypto-ohlcv", 0, offset++, null, value));
            }
        });
    }

    private JsonNode ask(List<String> symbols, long timeout) {
        return client.call("get_live_prices", Map.of("symbols", symbols, "timeout", timeout));
    }

    private void assertError(String code, String message, Map<String, ?> arguments) {
        assertThatThrownBy(() -> client.call("get_live_prices", arguments))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static byte[] candle(String symbol, double close) {
        return CandleJson.write(
                new Candle(symbol, Instant.parse("2026-01-01T00:00:00Z"), close, close, close, close, 1));
    }

    private RealTimeDataMCPServer server(ServerSettings settings) {
        var policy = KafkaPolicy.builder().topics("crypto-ohlcv", "nowhere").build();
        return new RealTimeDataMCPServer(
                KafkaConnection.to("localhost:1"),
                "crypto-ohlcv",
                KafkaOptions.builder().policy(policy).server(settings).build(),
                this::open);
    }
}
