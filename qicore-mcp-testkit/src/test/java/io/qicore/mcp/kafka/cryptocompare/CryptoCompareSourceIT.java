package io.qicore.mcp.kafka.cryptocompare;

import static io.qicore.mcp.fixture.Tools.call;
import static io.qicore.mcp.fixture.Tools.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.producer.StreamingProducerMCPServer;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import io.qicore.mcp.testkit.CryptoCompareStandIn;
import io.qicore.mcp.testkit.CryptoCompareStandIn.Fault;
import io.qicore.mcp.tool.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Producers with the source {@code crypto-compare}, over the stand-in, into a topic. */
@Timeout(120)
class CryptoCompareSourceIT {

    private static final String KEY = "s3cret-k3y";

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared();

    private static int topics;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final String topic = "coins-" + topics++;
    private CryptoCompareStandIn service;
    private StreamingProducerMCPServer producers;

    /** A record of the topic. */
    private record Written(String key, JsonNode value) {}

    @BeforeEach
    void start() {
        ((Logger) LoggerFactory.getLogger("io.qicore")).setLevel(Level.DEBUG);
        ((Logger) LoggerFactory.getLogger("ROOT")).addAppender(logged);
        logged.start();
        service = CryptoCompareStandIn.start();
        service.requireKey(KEY);
        service.price("BTC", "USD", 95_000);
        service.price("ETH", "USD", 3_000);
        world.kafka.createTopic(topic, 2);
        producers = server(KEY);
    }

    private StreamingProducerMCPServer server(String key) {
        var server = new StreamingProducerMCPServer(
                LocalProducerRuntime.builder(world.connection())
                        .setting("CRYPTO_COMPARE_BASE_URL", service.url().toString())
                        .setting(
                                "CRYPTO_COMPARE_STREAM_URL", service.streamUrl().toString())
                        .setting("CRYPTO_COMPARE_API_KEY", key),
                KafkaOptions.defaults());
        server.initialize();
        return server;
    }

    @AfterEach
    void keyIsNowhere() {
        String status = status().toString();
        producers.close();
        service.close();
        ((Logger) LoggerFactory.getLogger("ROOT")).detachAppender(logged);
        ((Logger) LoggerFactory.getLogger("io.qicore")).setLevel(null);
        assertThat(status).doesNotContain(KEY);
        assertThat(List.copyOf(logged.list))
                .noneMatch(event -> String.valueOf(event.getFormattedMessage()).contains(KEY));
    }

    @Test
    void type_isListedWithItsSchema_whichHasNoKey() {
        JsonNode types = call(producers, "list_source_types", Map.of());

        assertThat(types.toString()).contains("\"crypto-compare\"").doesNotContainIgnoringCase("apiKey");
    }

    @Test
    void candlesOfThePast_areAllWritten_onceAndInOrder() {
        Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(2_500));

        start(Map.of("feed", "candles", "candle", "hour", "start", start.toString(), "follow", false));
        awaitState("completed");

        assertCandles(start, Duration.ofHours(1), 2_499);
        assertThat(service.requests()).allMatch(request -> ("Apikey " + KEY).equals(request.authorization()));
        // 1 to check the markets, 3 pages of each symbol.
        assertThat(service.requests()).hasSize(7);
    }

    @Test
    void faultsOfTheService_delayCandles_andLoseOrRepeatNone() {
        Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2_500));
        start(Map.of("candle", "day", "start", start.toString(), "follow", false, "rate", 2_000));
        for (Fault fault : List.of(Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.TRUNCATED, Fault.GZIP)) {
            service.fail(fault, 1);
        }
        awaitState("completed");

        assertCandles(start, Duration.ofDays(1), 2_500);
    }

    @Test
    void limitOfTheService_isKept_withoutAFailure() {
        Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(1_500));
        service.allow(3);
        start(Map.of("candle", "day", "start", start.toString(), "follow", false));
        await().until(() -> service.requests().size() >= 4);
        assertThat(state()).isEqualTo("running");
        service.allow(100);
        awaitState("completed");

        assertCandles(start, Duration.ofDays(1), 1_500);
    }

    @Test
    void stoppedProducer_goesOnWhereItWas() {
        Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(1_000));
        start(Map.of("candle", "hour", "start", start.toString(), "follow", false, "rate", 500));
        await().until(() -> written().size() > 100);
        call(producers, "stop_producer", Map.of("sourceId", "coins"));
        JsonNode position = producer().path("position");
        assertThat(position.path("BTC").isIntegralNumber()).isTrue();

        // Another process, to which an agent passes the position.
        producers.close();
        producers = server(KEY);
        start(Map.of(
                "candle",
                "hour",
                "start",
                start.toString(),
                "follow",
                false,
                "position",
                Json.MAPPER.convertValue(position, Map.class)));
        awaitState("completed");

        assertCandles(start, Duration.ofHours(1), 999);
    }

    @Test
    void currentPrices_areWrittenAtAnInterval() {
        start(Map.of("feed", "prices", "intervalSeconds", 1));
        await().until(() -> written().size() >= 4);
        service.price("BTC", "USD", 96_000);
        await().until(() -> written().stream().anyMatch(record -> close(record) == 96_000));

        List<Written> records = written();
        assertThat(records.get(0).value().path("currency").textValue()).isEqualTo("USD");
        for (String symbol : List.of("BTC", "ETH")) {
            List<Instant> times = records.stream()
                    .filter(record -> record.key().equals(symbol))
                    .map(record -> Instant.parse(record.value().path("time").textValue()))
                    .toList();
            assertThat(times).isSorted().doesNotHaveDuplicates();
        }
        service.fail(Fault.RATE_LIMITED, 1);
        service.fail(Fault.SERVER_ERROR, 1);
        int before = written().size();
        await().atMost(Duration.ofSeconds(20)).until(() -> written().size() > before + 3);
    }

    @Test
    void stream_isWritten_andReconnectsAfterEveryKindOfEnd() {
        start(Map.of("feed", "stream"));
        awaitPrice(95_000);
        double price = 95_000;
        List<Runnable> ends = List.of(
                service::streamCut,
                () -> service.streamClose(1001),
                () -> service.streamClose(4000),
                () -> service.streamText("junk"),
                () -> service.streamText("{\"TYPE\":\"5\",\"x\":\"" + "y".repeat(70_000) + "\"}"),
                () -> service.streamText("{\"TYPE\":\"500\",\"MESSAGE\":\"SERVER_OVERLOADED\"}"),
                () -> service.streamText("{\"TYPE\":\"429\",\"MESSAGE\":\"TOO_MANY_SOCKETS_MAX_1_PER_CLIENT\"}"),
                // A frame with reserved bits, a masked one, a binary one, half of one.
                () -> service.streamBytes(new byte[] {(byte) 0xf1, 1, 'x'}),
                () -> service.streamBytes(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'}),
                () -> service.streamBytes(new byte[] {(byte) 0x82, 1, 'x'}),
                () -> {
                    service.streamBytes(new byte[] {(byte) 0x81, 100, 'x'});
                    service.streamCut();
                });
        for (int i = 0; i < ends.size(); i++) {
            Runnable end = ends.get(i);
            // Repeated, because the service can still have an old connection that takes it, or the retry can be over
            // before
            // this thread looks. A failure is retried after 1, 2, 4 … seconds; an agent need not wait for that. An end
            // that
            // the JDK does not report is noticed within 10 seconds.
            await("end " + i).atMost(Duration.ofSeconds(30)).until(() -> {
                end.run();
                return leavesRunning();
            });
            call(producers, "resume_producer", Map.of("sourceId", "coins"));
            await("end " + i).atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(state()).as(producer().toString()).isEqualTo("running");
                assertThat(service.subscriptions()).isEqualTo(2);
            });
            price++;
            service.price("BTC", "USD", price);
            awaitPrice(price);
        }
        List<Double> prices = written().stream()
                .filter(record -> record.key().equals("BTC"))
                .map(CryptoCompareSourceIT::close)
                .toList();
        assertThat(prices).isSorted();
    }

    private boolean leavesRunning() throws InterruptedException {
        for (int look = 0; look < 100; look++) {
            if (!state().equals("running")) {
                return true;
            }
            Thread.sleep(20);
        }
        return false;
    }

    @Test
    void streamMessages_inFragmentsAndWithoutAPrice_areRead() {
        start(Map.of("feed", "stream"));
        awaitPrice(95_000);
        service.heartbeat();
        service.streamText("{}");
        service.streamText("[]");
        service.streamText("null");
        service.streamText("{\"TYPE\":\"5\",\"FROMSYMBOL\":\"BTC\",\"TOSYMBOL\":\"USD\",\"FLAGS\":4}");
        service.streamText("{\"TYPE\":\"5\",\"FROMSYMBOL\":\"BTC\",\"TOSYMBOL\":\"USD\",\"PRICE\":\"1\"}");
        service.streamText("{\"TYPE\":\"5\",\"FROMSYMBOL\":\"OTHER\",\"TOSYMBOL\":\"USD\",\"PRICE\":2}");
        service.streamText("{\"TYPE\":5,\"FROMSYMBOL\":\"ETH\",\"TOSYMBOL\":\"USD\",\"PRICE\":3001}");
        service.streamFragments(
                "{\"TYPE\":\"5\",\"FROMSYMBOL\":\"BTC\",\"PRICE\":95001.5,\"NOTE\":\"💱 in pieces\"}", 7);

        awaitPrice(95_001.5);
        awaitPrice(3_001);
        assertThat(written()).hasSize(4);
        assertThat(state()).isEqualTo("running");
        assertThat(producer().path("metrics").path("lastError").isMissingNode()).isTrue();
    }

    @Test
    void silentStream_isGivenUp() throws Exception {
        try (var source = open(Duration.ofMillis(300), StreamSource.PING)) {
            assertThatThrownBy(() -> pollUntilItFails(source))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("silent");
        }
    }

    /** The JDK loses some ends of connections that come right after a message, which ten tries show. */
    @Test
    void endOfAConnection_isNoticed_evenIfNobodyReportsIt() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (var source = open(StreamSource.LONGEST_SILENCE, Duration.ofMillis(500))) {
                while (source.poll(Duration.ofMillis(100)) == null) {
                    // The price comes.
                }
                service.streamBytes(new byte[] {(byte) 0x81, 100, 'x'});
                service.streamCut();
                assertThatThrownBy(() -> pollUntilItFails(source)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void idleConnection_thatAnswersPings_isKept() throws Exception {
        try (var source = open(StreamSource.LONGEST_SILENCE, Duration.ofSeconds(2))) {
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (System.nanoTime() < end) {
                source.poll(Duration.ofMillis(100));
            }
            service.price("BTC", "USD", 95_777);
            await().until(() -> source.poll(Duration.ofMillis(100)) != null);
        }
    }

    private StreamSource open(Duration silence, Duration ping) throws Exception {
        var config = new CryptoCompareType.Config("stream", List.of("BTC"), "USD", "minute", null, true, 10);
        return StreamSource.open(CryptoCompareClient.http(), config, service.streamUrl(), KEY, silence, ping);
    }

    private static void pollUntilItFails(StreamSource source) throws Exception {
        while (true) {
            source.poll(Duration.ofMillis(100));
        }
    }

    @Test
    void unknownMarkets_areToldAtOnce_andByTheStreamInTheStatus() {
        for (String feed : List.of("candles", "prices")) {
            var error = failure(
                    producers,
                    "start_producer",
                    Map.of("sourceId", "x", "config", config(Map.of("feed", feed, "symbols", List.of("BTC", "XXX")))));
            assertThat(error.code()).isEqualTo("INVALID_SYMBOL");
            assertThat(error).hasMessageContaining("XXX-USD");
        }
        start(Map.of("feed", "stream", "symbols", List.of("BTC", "XXX")));
        awaitState("failed");
        assertThat(producer().path("metrics").path("lastError").textValue()).contains("5~CCCAGG~XXX~USD");
    }

    @Test
    void wrongKey_isToldAtOnce_andByTheStreamInTheStatus() {
        producers.close();
        producers = server("wr0ng-k3y");
        assertThat(failure(producers, "start_producer", Map.of("sourceId", "x", "config", config(Map.of())))
                        .code())
                .isEqualTo("UNAUTHORIZED");
        start(Map.of("feed", "stream"));
        awaitState("failed");
        assertThat(producer().path("metrics").path("lastError").textValue())
                .contains("CRYPTO_COMPARE_API_KEY")
                .doesNotContain("wr0ng");
    }

    @Test
    void wrongConfigs_areRefused() {
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of("feed", "rss"),
                Map.of("symbols", List.of()),
                Map.of("symbols", List.of("BTC,ETH")),
                Map.of("symbols", List.of("A&api_key=1")),
                Map.of("symbols", List.of("💱")),
                Map.of("currency", "U S"),
                Map.of("candle", "week"),
                Map.of("intervalSeconds", 0),
                Map.of("start", "yesterday"),
                Map.of("start", "1969-12-31T23:59:59Z", "candle", "day"),
                Map.of("start", Instant.now().plusSeconds(100).toString()),
                Map.of("start", Instant.now().minus(Duration.ofDays(8)).toString()),
                Map.of("apiKey", "x"),
                Map.of("position", Map.of("BTC", "x")),
                Map.of("position", Map.of("BTC", -1)),
                Map.of("position", Map.of("BTC", Long.MAX_VALUE)),
                Map.of("feed", "prices", "position", Map.of("interval", Long.MAX_VALUE)))) {
            assertThat(failure(producers, "start_producer", Map.of("sourceId", "x", "config", config(wrong)))
                            .code())
                    .as(wrong.toString())
                    .isEqualTo("INVALID_PRODUCER_CONFIG");
        }
    }

    private Map<String, Object> config(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>();
        config.put("type", "crypto-compare");
        config.put("topic", topic);
        config.put("symbols", List.of("BTC", "ETH"));
        config.putAll(more);
        return config;
    }

    private void start(Map<String, Object> more) {
        assertThat(call(producers, "start_producer", Map.of("sourceId", "coins", "config", config(more)))
                        .path("status")
                        .textValue())
                .isEqualTo("running");
    }

    private JsonNode status() {
        return call(producers, "get_producer_status", Map.of());
    }

    private JsonNode producer() {
        return status().path("producers").path(0);
    }

    private String state() {
        return producer().path("status").asText();
    }

    private void awaitState(String state) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(state()).as(producer().toString()).isEqualTo(state));
    }

    private void awaitPrice(double price) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> written().stream().anyMatch(record -> close(record) == price));
    }

    private static double close(Written record) {
        return record.value().path("close").doubleValue();
    }

    /** Requires each candle of both symbols once, in order, up to the last interval that is over. */
    private void assertCandles(Instant start, Duration length, int atLeast) {
        Map<String, List<Written>> bySymbol = written().stream().collect(Collectors.groupingBy(Written::key));
        assertThat(bySymbol).containsOnlyKeys("BTC", "ETH");
        bySymbol.forEach((symbol, records) -> {
            assertThat(records).hasSizeBetween(atLeast, atLeast + 1);
            for (int i = 0; i < records.size(); i++) {
                Instant time = start.plus(length.multipliedBy(i));
                JsonNode value = records.get(i).value();
                assertThat(value.path("time").textValue())
                        .as("%s %d", symbol, i)
                        .isEqualTo(time.toString());
                assertThat(value.path("symbol").textValue()).isEqualTo(symbol);
                assertThat(value.path("close").doubleValue()).isEqualTo(CryptoCompareStandIn.closeAt(time));
            }
        });
    }

    private List<Written> written() {
        Map<String, Object> properties = world.kafka.cluster().clientProperties();
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Written> written = new ArrayList<>();
            while (partitions.stream().anyMatch(id -> consumer.position(id) < ends.get(id))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    try {
                        written.add(new Written(record.key(), Json.MAPPER.readTree(record.value())));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            return written;
        }
    }
}
