package io.qicore.mcp.kafka.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.RequestContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker, a server for live prices, and a producer that writes to it while calls listen. */
final class LiveWorld implements AutoCloseable {

    final KafkaWorld kafka;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ExecutorService callers = Executors.newCachedThreadPool();

    private LiveWorld(KafkaWorld kafka) {
        this.kafka = kafka;
        this.producer = producer(Map.of());
    }

    static LiveWorld on(EmbeddedKafka broker) {
        return on(broker, PriceFields.DEFAULT);
    }

    static LiveWorld on(EmbeddedKafka broker, PriceFields fields) {
        return new LiveWorld(KafkaWorld.alone(
                broker,
                connection -> new RealTimeDataMCPServer(
                        connection,
                        RealTimeDataMCPServer.DEFAULT_TOPIC,
                        fields,
                        KafkaOptions.builder()
                                .server(ServerSettings.builder()
                                        .callTimeout(Duration.ofSeconds(60))
                                        .maxConcurrentCalls(200)
                                        .build())
                                .build())));
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(kafka.kafka.cluster().clientProperties());
        properties.put("linger.ms", 0);
        properties.put("max.request.size", 4_000_000);
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void write(String topic, int partition, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
    }

    void write(String topic, String symbol, double close) throws Exception {
        write(topic, 0, candle(symbol, close));
    }

    static byte[] candle(String symbol, double close) {
        return CandleJson.write(
                new Candle(symbol, Instant.parse("2026-01-01T00:00:00Z"), close, close, close, close, 1));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Map<String, Object> arguments(String topic, List<String> symbols, long timeout) {
        return Map.of("topic", topic, "symbols", symbols, "timeout", timeout);
    }

    JsonNode call(String topic, List<String> symbols, long timeout) {
        return kafka.call("get_live_prices", arguments(topic, symbols, timeout));
    }

    /** A call of the handler, which listens. */
    record Listening(Future<JsonNode> answer, CallContext context) {
        JsonNode get(long seconds) throws Exception {
            return answer.get(seconds, TimeUnit.SECONDS);
        }
    }

    /** Calls the tool and returns when it listens: a first price, of one more symbol, has reached it. */
    Listening listening(String topic, List<String> symbols, long timeout) throws Exception {
        String marker = "marker-" + System.nanoTime();
        List<String> all = new ArrayList<>(symbols);
        all.add(marker);
        var context = new CallContext(Duration.ofSeconds(60));
        Future<JsonNode> answer = callers.submit(() -> kafka.server
                .tool("get_live_prices")
                .call(Json.MAPPER.valueToTree(arguments(topic, all, timeout)), context));
        while (context.progress.isEmpty() && !answer.isDone()) {
            write(topic, marker, 1);
            Thread.sleep(10);
        }
        return new Listening(answer, context);
    }

    /** A call without a client. */
    static final class CallContext implements RequestContext {

        final List<String> progress = new CopyOnWriteArrayList<>();
        private final List<Runnable> actions = new CopyOnWriteArrayList<>();
        private final RequestContext time;

        CallContext(Duration timeout) {
            time = RequestContext.ofTimeout(timeout);
        }

        void cancel() {
            actions.forEach(Runnable::run);
        }

        @Override
        public Duration remaining() {
            return time.remaining();
        }

        @Override
        public boolean isCancelled() {
            return time.isCancelled();
        }

        @Override
        public void onCancel(Runnable action) {
            actions.add(action);
        }

        @Override
        public Caller caller() {
            return Caller.ANONYMOUS;
        }

        @Override
        public void progress(double done, @Nullable Double total, @Nullable String message) {
            progress.add(done + "/" + total + " " + message);
        }
    }

    Future<JsonNode> calling(String topic, List<String> symbols, long timeout) {
        return callers.submit(() -> call(topic, symbols, timeout));
    }

    static double close(JsonNode result, String symbol) {
        for (JsonNode price : result.path("prices")) {
            if (price.path("symbol").textValue().equals(symbol)) {
                return price.path("close").doubleValue();
            }
        }
        throw new AssertionError("No price of " + symbol + " in " + result);
    }

    @Override
    public void close() {
        callers.shutdownNow();
        producer.close(Duration.ZERO);
        kafka.close();
    }
}
