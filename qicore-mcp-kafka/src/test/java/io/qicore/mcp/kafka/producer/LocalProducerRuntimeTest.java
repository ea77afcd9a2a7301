package io.qicore.mcp.kafka.producer;

import static io.qicore.mcp.kafka.producer.TestRuntime.TIMEOUT;
import static io.qicore.mcp.kafka.producer.TestRuntime.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.marketdata.MarketDataException;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class LocalProducerRuntimeTest {

    private static final String TEN = "{'symbols':['BTC','ETH'],'rate':0,'candlesPerSymbol':5}";
    private static final String ENDLESS = "{'rate':1000}";

    private final TestRuntime test = new TestRuntime();
    private LocalProducerRuntime runtime = test.builder.build();

    @AfterEach
    void close() {
        runtime.close();
        assertThat(test.clients).allMatch(MockProducer::closed);
        // A source that ignored its interrupt ends a moment after it was let go.
        await().untilAsserted(() -> assertThat(producerThreads()).isZero());
    }

    @Test
    void finiteSource_completesWithEveryRecordSent() throws Exception {
        ProducerStatus started = runtime.start("btc", config(TEN), TIMEOUT);

        assertThat(started.state()).isIn(ProducerState.RUNNING, ProducerState.COMPLETED);
        assertThat(started.topic()).isEqualTo("crypto-ohlcv");
        ProducerStatus status = awaitEnd("btc");
        assertThat(status.state()).isEqualTo(ProducerState.COMPLETED);
        assertThat(status.type()).isEqualTo("simulated");
        var sent = test.clients.get(0).history();
        assertThat(sent).hasSize(10).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo("crypto-ohlcv");
            assertThat(record.key()).isEqualTo(CandleJson.read(record.value()).symbol());
        });
        ProducerMetrics metrics = status.metrics();
        assertThat(metrics.recordsSent()).isEqualTo(10);
        assertThat(metrics.recordsFailed()).isZero();
        assertThat(metrics.bytesSent())
                .isEqualTo(sent.stream().mapToInt(r -> r.value().length + 3).sum());
        assertThat(metrics.recordsPerSecond()).isPositive();
        assertThat(metrics.endedAt()).isAfterOrEqualTo(metrics.startedAt());
        assertThat(metrics.lastRecordTime()).isNotNull();
        assertThat(metrics.lastError()).isNull();
    }

    @Test
    void stop_reportsFinalMetrics() throws Exception {
        runtime.start("btc", config("{'topic':'t','rate':1000}"), TIMEOUT);
        await().until(() -> status("btc").metrics().recordsSent() > 5);

        ProducerStatus stopped = runtime.stop("btc", TIMEOUT);

        assertThat(stopped.state()).isEqualTo(ProducerState.STOPPED);
        assertThat(stopped.metrics().recordsSent())
                .isEqualTo(test.clients.get(0).history().size());
        assertThat(stopped.metrics().endedAt()).isNotNull();
        assertThat(test.clients.get(0).closed()).isTrue();
        assertThat(runtime.stop("btc", TIMEOUT)).isEqualTo(stopped);
        assertThat(status("btc")).isEqualTo(stopped);
    }

    @Test
    void stop_doesNotWaitForTheNextTurn() throws Exception {
        runtime.start("slow", config("{'rate':0.001}"), TIMEOUT);

        assertThat(runtime.stop("slow", TIMEOUT).state()).isEqualTo(ProducerState.STOPPED);
    }

    @Test
    void stopOfAnUnknownOne_namesThoseThatRun() throws Exception {
        runtime.start("a", config(ENDLESS), TIMEOUT);
        runtime.start("b", config(ENDLESS), TIMEOUT);

        assertThatThrownBy(() -> runtime.stop("c", TIMEOUT))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("PRODUCER_NOT_FOUND"))
                .hasMessage("There is no producer 'c'. Running: a, b.");
    }

    @Test
    void runningId_isRefusedAndEndedOneTakenAgain() throws Exception {
        runtime.start("a", config(ENDLESS), TIMEOUT);

        assertCode("PRODUCER_EXISTS", () -> runtime.start("a", config(ENDLESS), TIMEOUT));

        runtime.stop("a", TIMEOUT);
        assertThat(runtime.start("a", config(ENDLESS), TIMEOUT).state()).isEqualTo(ProducerState.RUNNING);
        assertThat(runtime.status(TIMEOUT)).hasSize(1);
    }

    @Test
    void concurrentStartsOfOneId_letOneThrough() throws Exception {
        int callers = 8;
        var together = new CountDownLatch(1);
        var pool = Executors.newFixedThreadPool(callers);
        try {
            var calls = java.util.stream.IntStream.range(0, callers)
                    .<Future<?>>mapToObj(i -> pool.submit(() -> {
                        together.await();
                        return runtime.start("a", config(ENDLESS), TIMEOUT);
                    }))
                    .toList();
            together.countDown();

            int started = 0;
            for (Future<?> call : calls) {
                try {
                    call.get();
                    started++;
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e.getCause()).hasMessageContaining("is already running");
                }
            }
            assertThat(started).isEqualTo(1);
            assertThat(test.clients).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void tooMany_areRefusedWithTheNamesOfThoseThatRun() throws Exception {
        replaceRuntime(test.builder.maxRunning(1));
        runtime.start("a", config(ENDLESS), TIMEOUT);

        assertThatThrownBy(() -> runtime.start("b", config(ENDLESS), TIMEOUT))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("TOO_MANY_PRODUCERS"))
                .hasMessageContaining("Stop one of: a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'type':'simulate'}       | Unknown producer type 'simulate'. Known: simulated, replay. Did you mean 'simulated'?
            {'symbol':['BTC']}        | Unknown setting 'symbol'. Known: type, topic, rate, symbols,
            {'rate':-1}               | 'rate' must be a number from 0.0 to 1000000.0.
            {'topic':''}              | 'topic' must be text
            {'type':'replay'}         | PRODUCER_REPLAY_DIRECTORY
            """)
    void wrongConfig_startsNothing(String config, String message) {
        assertThatThrownBy(() -> runtime.start("a", config(config), TIMEOUT))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("INVALID_PRODUCER_CONFIG"))
                .hasMessageContaining(message);
        assertThat(test.clients).isEmpty();
        assertThat(runtime.status(TIMEOUT)).isEmpty();
    }

    @Test
    void missingTopic_startsNothingAndFreesTheId() throws Exception {
        var missing = new MCPToolError("TOPIC_NOT_FOUND", "no such topic");
        replaceRuntime(test.builder.topicCheck(new TestRuntime.EveryTopic() {
            @Override
            public void requireTopic(String topic, Duration timeout) {
                if (topic.equals("none")) {
                    throw missing;
                }
            }
        }));

        assertThatThrownBy(() -> runtime.start("a", config("{'topic':'none'}"), TIMEOUT))
                .isSameAs(missing);

        assertThat(test.clients).isEmpty();
        assertThat(runtime.start("a", config(ENDLESS), TIMEOUT).state()).isEqualTo(ProducerState.RUNNING);
    }

    @Test
    void sourceThatFails_failsTheProducerWithItsReason() throws Exception {
        replaceRuntime(test.builder.source(new TestRuntime.Custom(() -> {
            throw new MarketDataException("Line 7: 'close' is missing.");
        })));

        runtime.start("a", config("{'type':'custom','color':'red'}"), TIMEOUT);

        ProducerStatus status = awaitEnd("a");
        assertThat(status.state()).isEqualTo(ProducerState.FAILED);
        assertThat(status.metrics().lastError()).isEqualTo("The source failed: Line 7: 'close' is missing.");
    }

    @Test
    void unexpectedFailure_doesNotTellItsText() throws Exception {
        replaceRuntime(test.builder.source(new TestRuntime.Custom(() -> {
            throw new IllegalStateException("password=hunter2");
        })));

        runtime.start("a", config("{'type':'custom'}"), TIMEOUT);

        assertThat(awaitEnd("a").metrics().lastError())
                .isEqualTo("IllegalStateException (the server's log has the details)");
    }

    @Test
    void sourceThatWaits_isInterrupted() throws Exception {
        var reached = new CountDownLatch(1);
        replaceRuntime(test.builder.source(new TestRuntime.Custom(() -> {
            reached.countDown();
            new CountDownLatch(1).await();
            return null;
        })));
        runtime.start("a", config("{'type':'custom'}"), TIMEOUT);
        reached.await();

        assertThat(runtime.stop("a", TIMEOUT).state()).isEqualTo(ProducerState.STOPPED);
    }

    @Test
    void sourceThatIgnoresInterrupts_isReportedInTime() throws Exception {
        var release = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        replaceRuntime(test.builder.source(new TestRuntime.Custom(() -> {
            reached.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return null;
        })));
        runtime.start("a", config("{'type':'custom'}"), TIMEOUT);
        reached.await();

        assertCode("DEADLINE_EXCEEDED", () -> runtime.stop("a", Duration.ofMillis(50)));

        release.countDown();
        assertThat(runtime.stop("a", TIMEOUT).state()).isNotEqualTo(ProducerState.RUNNING);
    }

    @Test
    void passingFailure_isCountedAndTheProducerGoesOn() throws Exception {
        replaceRuntime(test.builder.producerFactory(id -> test.client(false)));
        runtime.start("a", config(ENDLESS), TIMEOUT);
        var client = client();

        await().until(() -> client.errorNext(new NetworkException("connection lost")));
        await().until(client::completeNext);

        await().untilAsserted(() -> {
            assertThat(status("a").state()).isEqualTo(ProducerState.RUNNING);
            assertThat(status("a").metrics().recordsFailed()).isEqualTo(1);
            assertThat(status("a").metrics().recordsSent()).isEqualTo(1);
            assertThat(status("a").metrics().lastError()).isEqualTo("NetworkException: connection lost");
        });
    }

    @Test
    void lastingFailure_failsTheProducer() throws Exception {
        replaceRuntime(test.builder.producerFactory(id -> test.client(false)));
        runtime.start("a", config(ENDLESS), TIMEOUT);

        await().until(() -> client().errorNext(new TopicAuthorizationException("Not authorized: [t]")));

        ProducerStatus status = awaitEnd("a");
        assertThat(status.state()).isEqualTo(ProducerState.FAILED);
        assertThat(status.metrics().recordsFailed()).isEqualTo(1);
        assertThat(status.metrics().lastError()).contains("Write on topic", "kafka-acls", "--operation Write");
    }

    @Test
    void failureOfOne_doesNotTouchOthers() throws Exception {
        runtime.start("healthy", config(ENDLESS), TIMEOUT);
        runtime.start("broken", config(ENDLESS), TIMEOUT);

        test.clients.get(1).sendException = new IllegalStateException("fatal");

        assertThat(awaitEnd("broken").state()).isEqualTo(ProducerState.FAILED);
        assertThat(status("healthy").state()).isEqualTo(ProducerState.RUNNING);
    }

    @Test
    void endedOnes_areKeptInLimitedNumber() throws Exception {
        for (int i = 0; i < 105; i++) {
            runtime.start("p" + i, config("{'symbols':['BTC'],'rate':0,'candlesPerSymbol':1}"), TIMEOUT);
            awaitEnd("p" + i);
        }

        assertThat(runtime.status(TIMEOUT).size()).isBetween(100, 101);
        assertThat(runtime.status(TIMEOUT))
                .extracting(ProducerStatus::sourceId)
                .doesNotContain("p0")
                .contains("p104");
    }

    @Test
    void close_stopsEverythingAndRefusesStarts() throws Exception {
        runtime.start("a", config(ENDLESS), TIMEOUT);
        runtime.start("b", config("{'rate':0.001}"), TIMEOUT);

        runtime.close();

        assertThat(runtime.status(TIMEOUT)).extracting(ProducerStatus::state).containsOnly(ProducerState.STOPPED);
        assertThatThrownBy(() -> runtime.start("c", config(ENDLESS), TIMEOUT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void sourceTypes_areDescribed() {
        assertThat(runtime.sourceTypes()).extracting(SourceType::type).containsExactly("simulated", "replay");
        assertThat(runtime.sourceTypes().get(0).settings()).containsKeys("symbols", "seed", "interval");
    }

    private void replaceRuntime(LocalProducerRuntimeBuilder builder) {
        runtime.close();
        runtime = builder.build();
    }

    private MockProducer<String, byte[]> client() {
        return test.clients.get(0);
    }

    private ProducerStatus awaitEnd(String sourceId) {
        return await().until(() -> status(sourceId), status -> status.state() != ProducerState.RUNNING);
    }

    private ProducerStatus status(String sourceId) {
        return runtime.status(TIMEOUT).stream()
                .filter(status -> status.sourceId().equals(sourceId))
                .findFirst()
                .orElseThrow();
    }

    private static void assertCode(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MCPToolError.class, error -> assertThat(error.code())
                .isEqualTo(code));
    }

    private static long producerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("qicore-mcp-producer-"))
                .filter(Thread::isAlive)
                .count();
    }
}
