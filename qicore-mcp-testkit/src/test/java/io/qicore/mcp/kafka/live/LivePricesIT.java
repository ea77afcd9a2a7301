package io.qicore.mcp.kafka.live;

import static io.qicore.mcp.kafka.live.LiveWorld.bytes;
import static io.qicore.mcp.kafka.live.LiveWorld.candle;
import static io.qicore.mcp.kafka.live.LiveWorld.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.live.LiveWorld.Listening;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code get_live_prices} answers, on a real broker. */
@Timeout(120)
class LivePricesIT {

    @AutoClose
    private static final LiveWorld world = LiveWorld.on(EmbeddedKafka.start());

    private static int topics;

    private static String topic(int partitions) {
        String name = "live-" + topics++;
        world.kafka.kafka.createTopic(name, partitions);
        return name;
    }

    @Test
    void everySymbolSeen_returnsAtOnceInTheOrderOfTheQuestion_withTheNewestPrices() throws Exception {
        String topic = topic(3);
        Listening call = world.listening(topic, List.of("BTC", "ETH", "BTC"), 50_000);
        world.write(topic, 1, candle("ETH", 10));
        world.write(topic, 1, candle("ETH", 11));
        world.write(topic, 2, candle("XRP", 1));
        await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        world.write(topic, 2, candle("BTC", 20));

        JsonNode result = call.get(5);

        assertThat(result.path("status").textValue()).isEqualTo("complete");
        assertThat(result.path("complete").booleanValue()).isTrue();
        assertThat(result.path("missing")).isEmpty();
        assertThat(result.path("prices").path(0).path("symbol").textValue()).isEqualTo("BTC");
        assertThat(result.path("prices").path(0).path("time").textValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(result.path("prices").path(1).path("symbol").textValue()).isEqualTo("ETH");
        assertThat(close(result, "ETH")).isEqualTo(11);
        assertThat(result.has("otherSymbols")).isFalse();
        assertThat(result.has("explanation")).isFalse();
    }

    @Test
    void recordsFromBeforeTheCall_doNotCount_howeverBusyTheReaderIs() throws Exception {
        String topic = topic(1);
        Listening other = world.listening(topic, List.of("NEVER"), 8_000);
        for (int i = 1; i <= 50; i++) {
            world.write(topic, "OLD", i);

            JsonNode result = world.call(topic, List.of("OLD"), 1);

            assertThat(result.path("prices")).as("call %d", i).isEmpty();
        }
        other.get(30);
    }

    @Test
    void recordsAfterTheCallBegan_areNotMissed_howeverBusyTheReaderIs() throws Exception {
        String topic = topic(1);
        Listening other = world.listening(topic, List.of("NEVER"), 8_000);
        for (int i = 1; i <= 30; i++) {
            Listening call = world.listening(topic, List.of(), 5_000);
            assertThat(call.get(10).path("complete").booleanValue())
                    .as("call %d", i)
                    .isTrue();
        }
        other.get(30);
    }

    @Test
    void callsThatLeaveWhileRecordsArrive_doNotEndTheReader() throws Exception {
        String topic = topic(1);
        var running = new AtomicBoolean(true);
        var writer = new Thread(() -> {
            try {
                while (running.get()) {
                    world.write(topic, "BTC", 1);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writer.start();
        var arguments = Json.MAPPER.valueToTree(world.arguments(topic, List.of("BTC"), 10_000));
        try {
            for (int i = 0; i < 1_000; i++) {
                assertThatCode(() -> world.kafka
                                .server
                                .tool("get_live_prices")
                                .call(
                                        (ObjectNode) arguments.deepCopy(),
                                        RequestContext.ofTimeout(Duration.ofSeconds(20))))
                        .as("call %d", i)
                        .doesNotThrowAnyException();
            }
        } finally {
            running.set(false);
            writer.join();
        }
    }

    @Test
    void timeout_returnsWhatWasSeen_andNamesTheRest() throws Exception {
        String topic = topic(1);
        Listening call = world.listening(topic, List.of("BTC", "btc"), 1_000);
        world.write(topic, "BTC", 20);
        world.write(topic, "ETH", 1);

        JsonNode result = call.get(10);

        assertThat(close(result, "BTC")).isEqualTo(20);
        assertThat(result.path("missing").toString()).isEqualTo("[\"btc\"]");
        assertThat(result.path("status").textValue()).isEqualTo("partial");
        assertThat(result.path("otherSymbols").toString()).isEqualTo("[\"ETH\"]");
    }

    @Test
    void topicsWithoutTheSymbols_areToldApart() throws Exception {
        String empty = topic(2);
        JsonNode nothing = world.call(empty, List.of("BTC"), 50);
        assertThat(nothing.path("status").textValue()).isEqualTo("empty");
        assertThat(nothing.path("explanation").textValue()).contains("has no records");

        String stopped = topic(2);
        Instant before = Instant.now().minusMillis(1);
        world.write(stopped, "BTC", 1);
        JsonNode silent = world.call(stopped, List.of("BTC"), 50);
        assertThat(silent.path("status").textValue()).isEqualTo("stopped");
        assertThat(Instant.parse(silent.path("newestRecord").textValue())).isBetween(before, Instant.now());

        String deleted = topic(1);
        world.write(deleted, "BTC", 1);
        world.kafka.kafka.deleteRecords(deleted, 0, 1);
        assertThat(world.call(deleted, List.of("BTC"), 50).path("status").textValue())
                .isEqualTo("empty");

        String orders = topic(1);
        Future<JsonNode> wrong = world.calling(orders, List.of("BTC"), 2_000);
        while (!wrong.isDone()) {
            world.write(orders, 0, bytes("{\"order\":1}"));
            Thread.sleep(50);
        }
        assertThat(wrong.get().path("status").textValue()).isEqualTo("not_prices");
        assertThat(wrong.get().path("explanation").textValue()).contains("'symbol'", "'close'", "REALTIME_FIELDS");
        assertThat(wrong.get().path("skippedRecords").longValue()).isPositive();

        String others = topic(1);
        Future<JsonNode> mistyped = world.calling(others, List.of("BTCC"), 2_000);
        while (!mistyped.isDone()) {
            world.write(others, "BTC", 1);
            Thread.sleep(50);
        }
        assertThat(mistyped.get().path("status").textValue()).isEqualTo("other_symbols");
        assertThat(mistyped.get().path("otherSymbols").toString()).isEqualTo("[\"BTC\"]");

        assertThat(world.kafka
                        .failure("get_live_prices", world.arguments("live-x", List.of("BTC"), 50))
                        .code())
                .isEqualTo("TOPIC_NOT_FOUND");
    }

    @Test
    void valuesThatAreNotPrices_areSkipped_andOddOnesAreRead() throws Exception {
        String topic = topic(1);
        Listening call = world.listening(topic, List.of("A B", "💱", "7", "END"), 20_000);
        byte[][] bad = {
            null,
            {},
            bytes("{"),
            bytes("[]"),
            bytes("\"BTC\""),
            bytes("{\"symbol\":null,\"close\":1}"),
            bytes("{\"symbol\":\" \",\"close\":1}"),
            bytes("{\"symbol\":{\"a\":1},\"close\":1}"),
            bytes("{\"symbol\":\"END\",\"close\":\"NaN\"}"),
            bytes("{\"symbol\":\"END\",\"close\":1e999}"),
            bytes("{\"symbol\":\"END\",\"close\":[1]}"),
            bytes("{\"symbol\":\"END\",\"close\":1,\"open\":\"x\"}"),
            bytes("{\"symbol\":\"END\",\"close\":1,\"time\":\"yesterday\"}"),
            bytes("{\"symbol\":\"END\",\"close\":1,\"time\":\"99999999999999999999\"}"),
            bytes("[".repeat(5_000)),
            bytes("{\"symbol\":\"END\",\"close\":" + "9".repeat(5_000) + "}"),
            new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1},
            bytes("{\"symbol\":\"END\",\"close\":1,\"x\":\"" + "y".repeat(1_000_000) + "\"}"),
        };
        for (byte[] value : bad) {
            world.write(topic, 0, value);
        }
        world.write(topic, 0, bytes("{\"symbol\":\"A B\",\"close\":\"1.5\"}"));
        world.write(topic, 0, bytes("{\"symbol\":\"💱\",\"close\":-2,\"time\":1767225600}"));
        world.write(topic, 0, bytes("{\"symbol\":7,\"close\":3e2,\"volume\":0,\"extra\":[1]}"));
        world.write(topic, 0, bytes("{\"symbol\":\"END\",\"close\":4}"));

        JsonNode result = call.get(30);

        assertThat(result.path("complete").booleanValue()).isTrue();
        assertThat(result.path("skippedRecords").intValue()).isEqualTo(bad.length);
        assertThat(close(result, "A B")).isEqualTo(1.5);
        assertThat(close(result, "💱")).isEqualTo(-2);
        assertThat(close(result, "7")).isEqualTo(300);
        assertThat(close(result, "END")).isEqualTo(4);
        assertThat(result.path("prices").path(1).path("time").textValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(result.path("prices").path(0).has("time")).isTrue();
        assertThat(result.path("prices").path(0).has("open")).isFalse();
    }

    @Test
    void fieldsOfOtherNames_areReadAsConfigured() throws Exception {
        try (var other = LiveWorld.on(
                EmbeddedKafka.start(), PriceFields.of(Map.of("symbol", "s", "close", "/trade/p", "time", "T")))) {
            other.kafka.kafka.createTopic("ticks", 1);
            Future<JsonNode> call = other.calling("ticks", List.of("BTC"), 20_000);
            while (!call.isDone()) {
                other.write("ticks", 0, bytes("{\"s\":\"BTC\",\"trade\":{\"p\":\"7.5\"},\"T\":1767225600000}"));
                Thread.sleep(20);
            }

            assertThat(close(call.get(), "BTC")).isEqualTo(7.5);
            assertThat(call.get().path("prices").path(0).path("time").textValue())
                    .isEqualTo("2026-01-01T00:00:00Z");
        }
    }

    @Test
    void progress_isReportedForEachSymbol() throws Exception {
        String topic = topic(1);
        Listening call = world.listening(topic, List.of("BTC", "ETH"), 20_000);
        world.write(topic, "BTC", 1.5);
        await().until(() -> call.context().progress.size() == 2);
        world.write(topic, "BTC", 1.6);
        world.write(topic, "ETH", 2.5);

        assertThat(close(call.get(5), "BTC")).isEqualTo(1.6);
        assertThat(call.context().progress).hasSize(3).endsWith("2.0/3.0 BTC 1.5", "3.0/3.0 ETH 2.5");
    }

    @Test
    void manyCallers_areAllAnswered_byOneConsumer() throws Exception {
        String first = topic(4);
        String second = topic(1);
        List<Future<JsonNode>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(world.calling(i % 10 == 9 ? second : first, List.of("same", "only-" + i, "same"), 40_000));
        }
        long consumersBefore = consumerThreads();
        var random = new Random(1);
        List<Integer> order = new ArrayList<>(IntStream.range(0, 100).boxed().toList());
        long giveUp = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        long most = 0;
        while (calls.stream().anyMatch(call -> !call.isDone()) && System.nanoTime() < giveUp) {
            Collections.shuffle(order, random);
            for (int i : order) {
                world.write(first, i % 4, candle("only-" + i, i));
                world.write(second, "only-" + i, i);
            }
            world.write(first, 0, candle("same", 1));
            world.write(second, "same", 1);
            most = Math.max(most, consumerThreads());
        }

        for (int i = 0; i < 100; i++) {
            JsonNode result = calls.get(i).get();
            assertThat(result.path("complete").booleanValue())
                    .as("call %d: %s", i, result)
                    .isTrue();
            assertThat(close(result, "only-" + i)).isEqualTo(i);
        }
        assertThat(Math.max(most, consumersBefore)).isEqualTo(1);
    }

    static long consumerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("qicore-mcp-live-reader"))
                .count();
    }

    @Test
    void cancelledCall_endsAtOnce_andTheOthersGoOn() throws Exception {
        String topic = topic(1);
        Listening other = world.listening(topic, List.of("BTC"), 20_000);
        for (int i = 0; i < 20; i++) {
            Listening cancelled = world.listening(topic, List.of("BTC"), 50_000);
            cancelled.context().cancel();
            assertThatThrownBy(() -> cancelled.get(1)).hasMessageContaining("cancelled");
        }

        world.write(topic, "BTC", 5);

        assertThat(close(other.get(2), "BTC")).isEqualTo(5);
    }

    @Test
    void abortedTransactions_areNotSeen_andOpenOnesAreNamed() throws Exception {
        String topic = topic(1);
        try (KafkaProducer<byte[], byte[]> transactional = world.producer(Map.of("transactional.id", "live-tx"))) {
            transactional.initTransactions();
            Listening call = world.listening(topic, List.of("BTC"), 20_000);
            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>(topic, 0, null, candle("BTC", 666)));
            transactional.flush();
            transactional.abortTransaction();
            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>(topic, 0, null, candle("BTC", 42)));
            transactional.commitTransaction();
            assertThat(close(call.get(5), "BTC")).isEqualTo(42);

            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>(topic, 0, null, candle("BTC", 1)));
            transactional.flush();
            JsonNode hidden = world.call(topic, List.of("BTC"), 100);
            assertThat(hidden.path("prices")).isEmpty();
            assertThat(hidden.path("warnings").toString()).contains("Open transactions hide");
            transactional.abortTransaction();
        }
    }

    @Test
    void topicDeletedWhileCallsWait_isSaid() throws Exception {
        String topic = topic(2);
        Listening call = world.listening(topic, List.of("BTC"), 40_000);
        world.kafka.kafka.admin().deleteTopics(List.of(topic)).all().get();

        assertThatThrownBy(() -> call.get(15)).cause().isInstanceOfSatisfying(MCPToolError.class, error -> assertThat(
                        error.code())
                .isEqualTo("TOPIC_NOT_FOUND"));
    }

    @Test
    void topicCreatedAgainWhileCallsWait_isReadFromItsStart() throws Exception {
        String topic = topic(1);
        for (int i = 0; i < 20; i++) {
            world.write(topic, "OLD", i);
        }
        Listening call = world.listening(topic, List.of("BTC"), 40_000);
        world.kafka.kafka.admin().deleteTopics(List.of(topic)).all().get();
        await().ignoreExceptions().until(() -> {
            world.kafka.kafka.createTopic(topic, 1);
            return true;
        });
        world.write(topic, "BTC", 3);

        assertThat(close(call.get(20), "BTC")).isEqualTo(3);
    }

    @Test
    void partitionsAddedWhileCallsWait_areRead() throws Exception {
        String topic = topic(1);
        Listening call = world.listening(topic, List.of("BTC"), 40_000);
        world.kafka
                .kafka
                .admin()
                .createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                .all()
                .get();
        await().ignoreExceptions().until(() -> {
            world.write(topic, 2, candle("BTC", 3));
            return true;
        });

        assertThat(close(call.get(20), "BTC")).isEqualTo(3);
    }

    @Test
    void brokerRestartedWhileCallsWait_losesNothing() throws Exception {
        try (var own = LiveWorld.on(EmbeddedKafka.start())) {
            own.kafka.kafka.createTopic("prices", 1);
            Listening call = own.listening("prices", List.of("BTC"), 50_000);
            own.kafka.kafka.cluster().stopBroker();
            Thread.sleep(3_000);
            own.kafka.kafka.cluster().startBroker();
            own.write("prices", "BTC", 9);

            assertThat(close(call.get(30), "BTC")).isEqualTo(9);

            Listening silent = own.listening("prices", List.of("ETH"), 4_000);
            own.kafka.kafka.cluster().stopBroker();
            JsonNode result = silent.get(12);
            assertThat(result.path("missing").toString()).isEqualTo("[\"ETH\"]");
            assertThat(result.path("warnings").toString()).contains("did not answer in time");
        }
    }

    @Test
    void closedServer_endsCallsThatWait_andCanBeUsedAgain() throws Exception {
        String topic = topic(1);
        Listening call = world.listening(topic, List.of("BTC"), 50_000);

        world.kafka.server.cleanup();

        assertThatThrownBy(() -> call.get(1)).hasMessageContaining("cancelled");
        assertThat(consumerThreads()).isZero();
        world.kafka.server.initialize();
        assertThat(world.listening(topic, List.of(), 5_000)
                        .get(10)
                        .path("complete")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void wrongArguments_areRefused() {
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of("symbols", List.of()),
                Map.of("symbols", List.of(" ")),
                Map.of("symbols", IntStream.range(0, 101).mapToObj(i -> "S" + i).toList()),
                Map.of("symbols", List.of("BTC"), "timeout", 0),
                Map.of("symbols", List.of("BTC"), "timeout", -1),
                Map.of("symbols", List.of("BTC"), "timeout", Long.MAX_VALUE),
                Map.of("symbols", List.of("BTC"), "topic", ""),
                Map.of("symbols", List.of("BTC"), "topic", "no such/name"))) {
            assertThat(world.kafka.failure("get_live_prices", wrong).code())
                    .as(wrong.toString())
                    .isEqualTo("INVALID_ARGUMENT");
        }
    }
}
