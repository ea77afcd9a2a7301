package io.qicore.mcp.kafka.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
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
    private Supplier<List<PartitionInfo>> answers = () -> List.of(partition(0, true));
    private CountDownLatch closing = new CountDownLatch(0);
    private final MockConsumer<byte[], byte[]> consumer = mockConsumer();
    private RealTimeDataMCPServer server = server(ServerSettings.defaults());
    private MCPClient client;
    private long offset = 100;

    @BeforeEach
    void initialize() throws Exception {
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
        restart(ServerSettings.builder().callTimeout(Duration.ofSeconds(1)).build());

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
        assertError(
                "TOPIC_NOT_FOUND",
                "Did you mean 'nowhere-else'",
                Map.of("symbols", List.of("BTC"), "topic", "nowhere"));
    }

    @Test
    void topicThatThePolicyDoesNotAllow_isNotRead() {
        assertError("NOT_ALLOWED", "'secret'", Map.of("symbols", List.of("BTC"), "topic", "secret"));
    }

    @Test
    void silentBroker_isAnErrorBeforeTheDeadline() {
        answers = () -> {
            throw new TimeoutException("no answer");
        };

        assertError("BROKER_UNAVAILABLE", "localhost:1", Map.of("symbols", List.of("BTC")));
    }

    @Test
    void topicWithoutAnyLeader_isAnError() {
        answers = () -> List.of(partition(0, false), partition(1, false));

        assertError("BROKER_UNAVAILABLE", "localhost:1", Map.of("symbols", List.of("BTC"), "timeout", 50));
    }

    @Test
    void partitionWithoutLeader_isSaid_andTheOthersAreRead() {
        answers = () -> List.of(partition(0, true), partition(1, false));
        arrives(candle("BTC", 20), candle("ETH", 1));

        JsonNode result = ask(List.of("BTC", "SOL"), 50);

        assertThat(result.path("prices")).hasSize(1);
        assertThat(result.path("warnings").path(0).textValue()).contains("'crypto-ohlcv'", "could not be read", ": 1.");
        assertThat(result.path("otherSymbols").path(0).textValue()).isEqualTo("ETH");
    }

    @Test
    void answer_doesNotWaitUntilTheConsumerIsClosed() throws Exception {
        var close = new CountDownLatch(1);
        closing = close;
        arrives(candle("BTC", 20));

        assertThat(ask(List.of("BTC"), 20_000).path("complete").booleanValue()).isTrue();

        assertThat(consumer.closed()).isFalse();
        close.countDown();
        await().until(consumer::closed);
    }

    @Test
    void callThatHasWaitedForItsTurn_doesNotBlameTheBroker() throws Exception {
        restart(ServerSettings.builder().callTimeout(Duration.ofSeconds(2)).build());
        var release = new CountDownLatch(1);
        answers = () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of(partition(0, true));
        };
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < RealTimeDataMCPServer.MAX_QUERIES; i++) {
            Thread thread = new Thread(() -> catchThrowable(() -> ask(List.of("BTC"), 60_000)));
            thread.start();
            busy.add(thread);
        }
        await().until(() -> opened.size() == RealTimeDataMCPServer.MAX_QUERIES);

        assertError("TOO_MANY_LIVE_QUERIES", "already running", Map.of("symbols", List.of("BTC")));
        release.countDown();
        for (Thread thread : busy) {
            thread.join();
        }
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

    private void restart(ServerSettings settings) throws Exception {
        client.close();
        server.cleanup();
        server = server(settings);
        server.initialize();
        client = MCPClient.inProcess(server);
    }

    private MockConsumer<byte[], byte[]> mockConsumer() {
        return new MockConsumer<>("latest") {
            @Override
            public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
                return topic.equals("crypto-ohlcv") ? answers.get() : List.of();
            }

            @Override
            public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
                return Map.of("nowhere-else", List.of(), "secret", List.of());
            }

            @Override
            public void close(CloseOptions options) {
                try {
                    closing.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.close(options);
            }
        };
    }

    private static PartitionInfo partition(int number, boolean led) {
        Node leader = led ? new Node(0, "localhost", 1) : null;
        return new PartitionInfo("crypto-ohlcv", number, leader, null, null);
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
        var policy = KafkaPolicy.builder().topics("crypto-ohlcv", "nowhere*").build();
        return new RealTimeDataMCPServer(
                KafkaConnection.to("localhost:1"),
                "crypto-ohlcv",
                KafkaOptions.builder().policy(policy).server(settings).build(),
                this::open);
    }
}
