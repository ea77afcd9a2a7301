package io.qicore.mcp.kafka.producer.local;

import static io.qicore.mcp.kafka.producer.local.TestRuntime.TIMEOUT;
import static io.qicore.mcp.kafka.producer.local.TestRuntime.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.producer.runtime.ProducerMetrics;
import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class LocalProducerRuntimeTest {

    private static final String TEN = "{'symbols':['BTC','ETH'],'rate':0,'candlesPerSymbol':5}";
    private static final String ENDLESS = "{'rate':1000}";
    private static final String CUSTOM = "{'type':'custom','rate':1000}";

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
        ProducerStatus started = start("btc", TEN);

        assertThat(started.state()).isIn(ProducerState.RUNNING, ProducerState.COMPLETED);
        assertThat(started.topic()).isEqualTo("crypto-ohlcv");
        ProducerStatus status = awaitEnd("btc");
        assertThat(status.state()).isEqualTo(ProducerState.COMPLETED);
        assertThat(status.type()).isEqualTo("simulated");
        assertThat(status.position().count("candles")).isEqualTo(10);
        var sent = test.clients.get(0).history();
        assertThat(sent).hasSize(10).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo("crypto-ohlcv");
            assertThat(record.timestamp()).isNull();
            assertThat(new String(record.key()))
                    .isEqualTo(CandleJson.read(record.value()).symbol());
        });
        ProducerMetrics metrics = status.metrics();
        assertThat(metrics.recordsSent()).isEqualTo(10);
        assertThat(metrics.bufferedRecords()).isZero();
        assertThat(metrics.errors()).isZero();
        assertThat(metrics.bytesSent())
                .isEqualTo(sent.stream().mapToLong(r -> r.value().length + 3).sum());
        assertThat(metrics.recordsPerSecond()).isPositive();
        assertThat(metrics.endedAt()).isAfterOrEqualTo(metrics.startedAt());
        assertThat(metrics.lastRecordTime()).isNotNull();
        assertThat(metrics.lastError()).isNull();
    }

    @Test
    void stop_reportsFinalMetrics() throws Exception {
        start("btc", "{'topic':'t','rate':1000}");
        awaitSent("btc", 5);

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
        start("slow", "{'rate':0.001}");

        assertThat(runtime.stop("slow", TIMEOUT).state()).isEqualTo(ProducerState.STOPPED);
    }

    @Test
    void unknownOne_isNamedWithTheKnownOnes_byEveryCommand() throws Exception {
        start("a", ENDLESS);
        start("b", TEN);
        awaitEnd("b");

        for (ThrowingCallable command : List.<ThrowingCallable>of(
                () -> runtime.stop("c", TIMEOUT),
                () -> runtime.pause("c", TIMEOUT),
                () -> runtime.resume("c", TIMEOUT),
                () -> runtime.setRate("c", 1, TIMEOUT))) {
            assertCode("PRODUCER_NOT_FOUND", command);
            assertThatThrownBy(command).hasMessageStartingWith("There is no producer 'c'. Known: a, b.");
        }
    }

    @Test
    void sameConfigAgain_changesNothing_howeverItIsWritten() throws Exception {
        start("a", "{'rate':1000,'symbols':['BTC']}");

        assertThat(start("a", "{'symbols':['BTC'],'rate':1000.0,'type':'simulated','interval':'1m','seed':null}")
                        .state())
                .isEqualTo(ProducerState.RUNNING);
        assertThat(test.clients).hasSizeLessThanOrEqualTo(1);
        assertThat(runtime.status(TIMEOUT)).hasSize(1);
    }

    @Test
    void otherConfig_isRefusedWithTheDifferenceAndTheWayOut() throws Exception {
        start("a", ENDLESS);

        assertCode("PRODUCER_EXISTS", () -> start("a", "{'rate':5,'topic':'t'}"));
        assertThatThrownBy(() -> start("a", "{'rate':5,'topic':'t'}"))
                .hasMessageContaining("another config (different: rate, topic)")
                .hasMessageContaining("stop_producer")
                .hasMessageContaining("set_producer_rate");

        runtime.stop("a", TIMEOUT);
        assertThat(start("a", "{'rate':5}").state()).isEqualTo(ProducerState.RUNNING);
        assertThat(runtime.status(TIMEOUT)).hasSize(1);
    }

    @Test
    void concurrentStartsOfOneId_runOneProducer() throws Exception {
        int callers = 8;
        var together = new CountDownLatch(1);
        var pool = Executors.newFixedThreadPool(callers);
        try {
            var calls = IntStream.range(0, callers)
                    .<Future<ProducerStatus>>mapToObj(i -> pool.submit(() -> {
                        together.await();
                        return start("a", ENDLESS);
                    }))
                    .toList();
            together.countDown();

            for (Future<ProducerStatus> call : calls) {
                assertThat(call.get().state()).isEqualTo(ProducerState.RUNNING);
            }
            awaitSent("a", 1);
            assertThat(test.clients).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void tooMany_areRefusedWithTheNamesOfThoseThatRun() throws Exception {
        replaceRuntime(test.builder.maxRunning(1));
        start("a", ENDLESS);

        assertThatThrownBy(() -> start("b", ENDLESS))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("TOO_MANY_PRODUCERS"))
                .hasMessageContaining("Stop one of: a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'type':'simulate'}       | Unknown source type 'simulate'. Known: simulated, replay, kafka-topic, crypto-compare. Did you mean 'simulated'?
            {'symbol':['BTC']}        | Unknown setting of type 'simulated' 'symbol'. Known: type, topic, rate, position, symbols,
            {'rate':-1}               | 'rate'
            {'topic':''}              | 'topic'
            {'type':'replay','path':'a.csv'} | PRODUCER_REPLAY_DIRECTORY
            {'position':{'candles':-1}}      | 'position.candles' must be a whole number that is not negative
            {'position':{'line':1}}          | 'position.candles' is missing
            {'startTime':'+999999999-12-31T00:00:00Z'} | 'startTime' must be in a year from 1 to 9999
            {'position':{'candles':1.5}}     | 'position.candles' must be a text, a whole number or a boolean
            """)
    void wrongConfig_startsNothing(String config, String message) throws Exception {
        assertThatThrownBy(() -> start("a", config))
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

        assertThatThrownBy(() -> start("a", "{'topic':'none'}")).isSameAs(missing);

        assertThat(test.clients).isEmpty();
        assertThat(start("a", ENDLESS).state()).isEqualTo(ProducerState.RUNNING);
    }

    @Test
    void wrongData_failsTheProducerWithItsReason() throws Exception {
        custom(number -> {
            throw new SourceException("Line 7: 'close' is missing.");
        });

        start("a", "{'type':'custom','color':'red'}");

        ProducerStatus status = awaitEnd("a");
        assertThat(status.state()).isEqualTo(ProducerState.FAILED);
        assertThat(status.metrics().lastError()).isEqualTo("The source failed: Line 7: 'close' is missing.");
        assertThat(status.metrics().errors()).isEqualTo(1);
    }

    @Test
    void unexpectedFailure_doesNotTellItsText() throws Exception {
        custom(number -> {
            throw new IllegalStateException("password=hunter2");
        });

        start("a", CUSTOM);

        assertThat(awaitEnd("a").metrics().lastError())
                .isEqualTo("IllegalStateException (the server's log has the details)");
    }

    @Test
    void sourceThatFailsForAWhile_isOpenedAgainWhereItWas() throws Exception {
        var failures = new AtomicInteger();
        var source = custom(number -> {
            if (number == 5 && failures.incrementAndGet() <= 3) {
                throw new IOException("connection to 10.0.0.1 reset");
            }
            return number > 10 ? null : number;
        });

        start("a", CUSTOM);

        ProducerStatus status = awaitEnd("a");
        assertThat(status.state()).isEqualTo(ProducerState.COMPLETED);
        assertThat(status.metrics().errors()).isEqualTo(3);
        assertThat(status.metrics().lastError())
                .isEqualTo("The source failed: IOException (the server's log has the details)");
        assertThat(sentNumbers()).isEqualTo(numbers(1, 10));
        assertThat(source.openedAt).containsExactly(SourcePosition.START, position(4), position(4), position(4));
        assertThat(source.closed).hasValue(4);
    }

    @Test
    void retry_isShown_andComesAtOnceWhenResumed() throws Exception {
        replaceRuntime(test.builder.firstRetry(Duration.ofMinutes(5)));
        var broken = new AtomicInteger(1);
        custom(number -> {
            if (broken.get() == 1) {
                throw new IOException("down");
            }
            return number;
        });
        start("a", CUSTOM);

        ProducerStatus retrying = await().until(() -> status("a"), s -> s.state() == ProducerState.RETRYING);
        assertThat(retrying.metrics().retryAt()).isAfter(Instant.now().plusSeconds(60));
        assertThat(runtime.pause("a", TIMEOUT).state()).isEqualTo(ProducerState.PAUSED);

        broken.set(0);
        runtime.resume("a", TIMEOUT);
        awaitSent("a", 5);
        assertThat(status("a").state()).isEqualTo(ProducerState.RUNNING);
        assertThat(status("a").metrics().retryAt()).isNull();
    }

    @Test
    void stopWhileRetrying_endsAtOnce() throws Exception {
        replaceRuntime(test.builder.firstRetry(Duration.ofMinutes(5)));
        custom(number -> {
            throw new IOException("down");
        });
        start("a", CUSTOM);
        await().until(() -> status("a").state() == ProducerState.RETRYING);

        assertThat(runtime.stop("a", TIMEOUT).state()).isEqualTo(ProducerState.STOPPED);
    }

    @Test
    void paused_sendsNothing_andGoesOnWithoutALossWhenResumedOrStartedAgain() throws Exception {
        custom(number -> number);
        start("a", CUSTOM);
        awaitSent("a", 5);

        assertThat(runtime.pause("a", TIMEOUT).state()).isEqualTo(ProducerState.PAUSED);
        assertThat(runtime.pause("a", TIMEOUT).state()).isEqualTo(ProducerState.PAUSED);
        Thread.sleep(50);
        long sent = status("a").metrics().recordsSent();
        Thread.sleep(200);
        assertThat(status("a").metrics().recordsSent()).isEqualTo(sent);

        assertThat(runtime.resume("a", TIMEOUT).state()).isEqualTo(ProducerState.RUNNING);
        awaitSent("a", sent + 5);
        runtime.pause("a", TIMEOUT);
        assertThat(start("a", CUSTOM).state()).isEqualTo(ProducerState.RUNNING);
        runtime.stop("a", TIMEOUT);
        assertThat(sentNumbers()).isEqualTo(numbers(1, sentNumbers().size()));
    }

    @Test
    void pausedOne_canBeStopped() throws Exception {
        start("a", ENDLESS);
        runtime.pause("a", TIMEOUT);

        assertThat(runtime.stop("a", TIMEOUT).state()).isEqualTo(ProducerState.STOPPED);
    }

    @Test
    void stoppedAndFailedOnes_goOnWhereTheyWereWhenResumed() throws Exception {
        var broken = new AtomicInteger();
        var source = custom(number -> {
            if (broken.get() == 1) {
                throw new SourceException("wrong");
            }
            return number;
        });
        start("a", CUSTOM);
        awaitSent("a", 5);
        runtime.setRate("a", 500, TIMEOUT);
        long stoppedAt = runtime.stop("a", TIMEOUT).position().count("number");

        assertThat(runtime.resume("a", TIMEOUT).state()).isEqualTo(ProducerState.RUNNING);
        assertThat(status("a").metrics().rate()).isEqualTo(500);
        awaitSent("a", 5);
        broken.set(1);
        assertThat(awaitEnd("a").state()).isEqualTo(ProducerState.FAILED);
        broken.set(0);
        runtime.resume("a", TIMEOUT);
        awaitSent("a", 5);
        runtime.stop("a", TIMEOUT);

        assertThat(source.openedAt.get(1)).isEqualTo(position(stoppedAt));
        assertThat(sentNumbers()).isEqualTo(numbers(1, sentNumbers().size()));
    }

    @Test
    void startAfterAStop_beginsAnew_orAtThePositionOfItsConfig() throws Exception {
        var source = custom(number -> number);
        start("a", CUSTOM);
        awaitSent("a", 5);
        runtime.stop("a", TIMEOUT);

        start("a", CUSTOM);
        runtime.stop("a", TIMEOUT);
        start("a", "{'type':'custom','rate':1000,'position':{'number':40}}");
        awaitSent("a", 1);

        assertThat(source.openedAt).containsExactly(SourcePosition.START, SourcePosition.START, position(40));
        assertThat(status("a").position().count("number")).isGreaterThan(40);
    }

    @Test
    void endedOnes_cannotBePausedOrChanged_andCompletedOnesNotResumed() throws Exception {
        start("a", TEN);
        awaitEnd("a");

        assertCode("PRODUCER_ENDED", () -> runtime.pause("a", TIMEOUT));
        assertCode("PRODUCER_ENDED", () -> runtime.setRate("a", 5, TIMEOUT));
        assertCode("PRODUCER_ENDED", () -> runtime.resume("a", TIMEOUT));
        assertThatThrownBy(() -> runtime.resume("a", TIMEOUT)).hasMessageContaining("start_producer");
    }

    @Test
    void rate_changesWhileItRuns_butNotToWhatTheSourceForbids() throws Exception {
        start("a", "{'rate':0.001}");

        assertThat(runtime.setRate("a", 1000, TIMEOUT).metrics().rate()).isEqualTo(1000);
        awaitSent("a", 5);
        assertThatThrownBy(() -> runtime.setRate("a", 0, TIMEOUT))
                .hasMessageContaining("'candlesPerSymbol' is required");
        assertThat(status("a").metrics().rate()).isEqualTo(1000);
    }

    @Test
    void sourceThatWaits_isInterrupted() throws Exception {
        var reached = new CountDownLatch(1);
        custom(number -> {
            reached.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        start("a", CUSTOM);
        reached.await();

        assertThat(runtime.stop("a", TIMEOUT).state()).isEqualTo(ProducerState.STOPPED);
    }

    @Test
    void sourceThatIgnoresInterrupts_isReportedInTime() throws Exception {
        var release = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        custom(number -> {
            reached.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return null;
        });
        start("a", CUSTOM);
        reached.await();

        assertCode("DEADLINE_EXCEEDED", () -> runtime.stop("a", Duration.ofMillis(50)));

        release.countDown();
        assertThat(runtime.stop("a", TIMEOUT).state()).isNotEqualTo(ProducerState.RUNNING);
    }

    @Test
    void commandsToOneThatIsStopping_waitForItsEnd_orSaySo() throws Exception {
        var reached = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var source = custom(number -> {
            reached.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return number;
        });
        start("a", CUSTOM);
        reached.await();
        assertCode("DEADLINE_EXCEEDED", () -> runtime.stop("a", Duration.ofMillis(1)));

        try {
            assertCode("PRODUCER_ENDED", () -> runtime.pause("a", TIMEOUT));
            assertCode("PRODUCER_ENDED", () -> runtime.setRate("a", 1, TIMEOUT));
            assertCode("DEADLINE_EXCEEDED", () -> runtime.resume("a", Duration.ofMillis(1)));
            assertCode(
                    "DEADLINE_EXCEEDED", () -> runtime.start("a", runtime.read(config(CUSTOM)), Duration.ofMillis(1)));
        } finally {
            CompletableFuture.runAsync(
                    release::countDown, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
        }
        assertThat(runtime.resume("a", TIMEOUT).state()).isEqualTo(ProducerState.RUNNING);
        awaitSent("a", 3);
        assertThat(status("a").state()).isEqualTo(ProducerState.RUNNING);
        assertThat(source.openedAt).hasSize(2);
    }

    @Test
    void sourceThatCannotTellItsPosition_failsAndIsClosed() throws Exception {
        var source =
                new TestRuntime.Custom(number -> {
                    if (number == 3) {
                        throw new IOException("gone");
                    }
                    return number;
                }) {
                    @Override
                    protected SourcePosition position(long number) {
                        if (number == 2) {
                            throw new IllegalStateException("gone");
                        }
                        return super.position(number);
                    }
                };
        replaceRuntime(test.builder.source(source));
        start("a", CUSTOM);

        assertThat(awaitEnd("a").state()).isEqualTo(ProducerState.FAILED);
        assertThat(source.closed.get()).isEqualTo(source.openedAt.size());
    }

    @Test
    void sourceThatCannotTellItsPositionAfterAFailure_isClosed() throws Exception {
        var failed = new AtomicBoolean();
        var source =
                new TestRuntime.Custom(number -> {
                    if (number == 3) {
                        failed.set(true);
                        throw new IOException("gone");
                    }
                    return number;
                }) {
                    @Override
                    protected SourcePosition position(long number) {
                        if (failed.getAndSet(false)) {
                            throw new IllegalStateException("gone");
                        }
                        return super.position(number);
                    }
                };
        replaceRuntime(test.builder.source(source));
        start("a", CUSTOM);

        await().until(() -> source.openedAt.size() >= 3);
        runtime.stop("a", TIMEOUT);
        assertThat(source.closed.get()).isEqualTo(source.openedAt.size());
    }

    @Test
    void sourceThatOpensAfterTheCallWasAnswered_isClosed() {
        var source = new TestRuntime.Custom(number -> number) {
            @Override
            public RecordSource open(Config config, SourcePosition from, SourceContext context) {
                long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
                while (System.nanoTime() < end) {
                    // Ignores the interrupt below.
                    Thread.onSpinWait();
                }
                return super.open(config, from, context);
            }
        };
        replaceRuntime(test.builder.source(source));

        assertThatThrownBy(() -> runtime.start("a", runtime.read(TestRuntime.config(CUSTOM)), Duration.ofMillis(100)))
                .hasMessageContaining("took too long to open its source");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> start("a", CUSTOM)).isInstanceOf(InterruptedException.class);

        assertThat(source.closed.get()).isEqualTo(2);
        assertThat(runtime.status(TIMEOUT)).isEmpty();
    }

    @Test
    void sourceWithoutAPosition_isNotStarted() {
        var source = new TestRuntime.Custom(number -> number) {
            @Override
            protected SourcePosition position(long number) {
                return null;
            }
        };
        replaceRuntime(test.builder.source(source));

        assertThatThrownBy(() -> start("a", CUSTOM)).hasMessageContaining("null as its position");
        assertThat(source.closed.get()).isEqualTo(1);
        assertThat(runtime.status(TIMEOUT)).isEmpty();
    }

    @Test
    void recordThatTheClientDoesNotAccept_countsAsNotSent() throws Exception {
        replaceRuntime(test.builder.producerFactory(id -> {
            var client = test.client(true);
            client.sendException = new IllegalStateException("no leader known yet");
            return client;
        }));
        start("a", ENDLESS);

        ProducerStatus status = awaitEnd("a");
        assertThat(status.metrics().bufferedRecords()).isZero();
        assertThat(status.position().values().get("candles")).isEqualTo(0L);
    }

    @Test
    void recordThatKafkaDoesNotTake_isSentAgainBeforeAllThatFollow() throws Exception {
        replaceRuntime(test.builder.producerFactory(id -> test.client(!test.clients.isEmpty())));
        var source = custom(number -> number > 6 ? null : number);
        start("a", CUSTOM);
        await().until(() -> source.read.get() == 6);
        var first = test.clients.get(0);
        await().until(() -> first.history().size() == 6);
        first.completeNext();
        first.completeNext();

        first.errorNext(new NetworkException("connection lost"));

        assertThat(first.closed()).isTrue();
        ProducerStatus status = awaitEnd("a");
        assertThat(status.state()).isEqualTo(ProducerState.COMPLETED);
        assertThat(source.openedAt).containsExactly(SourcePosition.START, position(2));
        assertThat(numbersOf(test.clients.get(1))).isEqualTo(numbers(3, 6));
        assertThat(status.metrics().errors()).isEqualTo(1);
        assertThat(status.metrics().lastError()).isEqualTo("NetworkException: connection lost");
        assertThat(status.metrics().recordsSent()).isEqualTo(6);
    }

    @Test
    void lastingFailure_failsTheProducer() throws Exception {
        replaceRuntime(test.builder.producerFactory(id -> test.client(false)));
        start("a", ENDLESS);

        await().until(() -> !test.clients.isEmpty()
                && test.clients.get(0).errorNext(new TopicAuthorizationException("Not authorized: [t]")));

        ProducerStatus status = awaitEnd("a");
        assertThat(status.state()).isEqualTo(ProducerState.FAILED);
        assertThat(status.metrics().errors()).isEqualTo(1);
        assertThat(status.metrics().lastError()).contains("Write on topic", "kafka-acls", "--operation Write");
    }

    @Test
    void buffer_isBounded_andTheSourceWaits() throws Exception {
        replaceRuntime(test.builder.producerFactory(id -> test.client(false)));
        var source = custom(number -> number);
        start("a", "{'type':'custom','rate':0}");

        await().until(() -> source.read.get() > InFlight.MAX_RECORDS);
        Thread.sleep(200);
        assertThat(source.read).hasValue(InFlight.MAX_RECORDS + 1);
        assertThat(status("a").metrics().bufferedRecords()).isEqualTo(InFlight.MAX_RECORDS);

        ProducerStatus stopped = runtime.stop("a", TIMEOUT);
        assertThat(stopped.state()).isEqualTo(ProducerState.STOPPED);
        assertThat(stopped.position()).isEqualTo(SourcePosition.START);
        assertThat(stopped.metrics().bufferedRecords()).isEqualTo(InFlight.MAX_RECORDS);
        assertThat(stopped.metrics().lastError()).contains("not acknowledged 10000 of the records");
    }

    @Test
    void largePosition_isTakenNowAndThen_andIsExactAtTheEnd() throws Exception {
        var asked = new AtomicInteger();
        replaceRuntime(test.builder.source(new TestRuntime.Custom(number -> number > 1_000 ? null : number) {
            @Override
            protected SourcePosition position(long number) {
                asked.incrementAndGet();
                Map<String, Object> values = new HashMap<>(Map.of("number", number));
                IntStream.range(0, 999).forEach(i -> values.put("partition-" + i, 0L));
                return new SourcePosition(values);
            }
        }));
        start("a", "{'type':'custom','rate':0}");

        ProducerStatus status = awaitEnd("a");
        assertThat(status.state()).isEqualTo(ProducerState.COMPLETED);
        assertThat(status.position().count("number")).isEqualTo(1_000);
        assertThat(asked.get()).isLessThan(20);
    }

    @Test
    void recordThatIsHeldWhenItIsStopped_isNotSkippedByThePosition() throws Exception {
        var read = new CountDownLatch(1);
        var let = new CountDownLatch(1);
        var source = custom(number -> {
            if (number == 3) {
                read.countDown();
                let.await();
            }
            return number;
        });
        start("a", CUSTOM);
        read.await();
        runtime.pause("a", TIMEOUT);
        let.countDown();
        await().until(() -> source.read.get() == 3);

        assertThat(runtime.stop("a", TIMEOUT).position()).isEqualTo(position(2));
        assertThat(sentNumbers()).isEqualTo(numbers(1, 2));
    }

    @Test
    void topicThatIsDeleted_failsAStalledProducer() throws Exception {
        var now = new AtomicInteger();
        var deleted = new CountDownLatch(1);
        replaceRuntime(test.builder
                .clock(new Clock() {
                    @Override
                    public Instant instant() {
                        return Instant.EPOCH.plusSeconds(now.get());
                    }

                    @Override
                    public ZoneOffset getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(java.time.ZoneId zone) {
                        return this;
                    }
                })
                .topicCheck(new TestRuntime.EveryTopic() {
                    @Override
                    public void requireTopic(String topic, Duration timeout) {
                        if (deleted.getCount() == 0) {
                            throw new MCPToolError(KafkaErrorCode.TOPIC_NOT_FOUND, "There is no topic 't'.");
                        }
                    }
                })
                .producerFactory(id -> test.client(false)));
        start("a", ENDLESS);
        await().until(() -> status("a").metrics().bufferedRecords() > 0);
        deleted.countDown();

        now.set(20);
        await().until(() -> status("a").state() == ProducerState.STALLED);
        assertThat(status("a").metrics().stalledSince()).isEqualTo(Instant.EPOCH);
        now.set(60);

        ProducerStatus status = awaitEnd("a");
        assertThat(status.state()).isEqualTo(ProducerState.FAILED);
        assertThat(status.metrics().lastError()).isEqualTo("There is no topic 't'.");
    }

    @Test
    void failureOfOne_doesNotTouchOthers() throws Exception {
        start("healthy", ENDLESS);
        awaitSent("healthy", 1);
        start("broken", ENDLESS);
        awaitSent("broken", 1);

        test.clients.get(1).sendException = new IllegalStateException("fatal");

        assertThat(awaitEnd("broken").state()).isEqualTo(ProducerState.FAILED);
        assertThat(status("healthy").state()).isEqualTo(ProducerState.RUNNING);
    }

    @Test
    void endedOnes_areKeptInLimitedNumber() throws Exception {
        for (int i = 0; i < 105; i++) {
            start("p" + i, "{'symbols':['BTC'],'rate':0,'candlesPerSymbol':1}");
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
        start("a", ENDLESS);
        start("b", "{'rate':0.001}");
        start("c", ENDLESS);
        runtime.pause("c", TIMEOUT);

        runtime.close();

        assertThat(runtime.status(TIMEOUT)).extracting(ProducerStatus::state).containsOnly(ProducerState.STOPPED);
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(() -> start("d", ENDLESS), () -> runtime.resume("a", TIMEOUT))) {
            assertThatThrownBy(call).isInstanceOf(MCPToolError.class).hasMessageContaining("closed");
        }
    }

    private TestRuntime.Custom custom(TestRuntime.Custom.Reading reading) {
        var source = new TestRuntime.Custom(reading);
        replaceRuntime(test.builder.source(source));
        return source;
    }

    private void replaceRuntime(LocalProducerRuntimeBuilder builder) {
        runtime.close();
        runtime = builder.build();
    }

    private ProducerStatus start(String sourceId, String config) throws InterruptedException {
        return runtime.start(sourceId, runtime.read(config(config)), TIMEOUT);
    }

    private void awaitSent(String sourceId, long records) {
        await().until(() -> status(sourceId).metrics().recordsSent() >= records);
    }

    private ProducerStatus awaitEnd(String sourceId) {
        return await().until(() -> status(sourceId), status -> status.state().hasEnded());
    }

    private ProducerStatus status(String sourceId) {
        return runtime.status(TIMEOUT).stream()
                .filter(status -> status.sourceId().equals(sourceId))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the numbers that all clients have sent, in their order. */
    private List<Long> sentNumbers() {
        return test.clients.stream()
                .flatMap(client -> numbersOf(client).stream())
                .toList();
    }

    private static List<Long> numbersOf(MockProducer<byte[], byte[]> client) {
        return client.history().stream()
                .map(record -> Long.valueOf(new String(record.value())))
                .toList();
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static SourcePosition position(long number) {
        return SourcePosition.of("number", number);
    }

    private static void assertCode(String code, ThrowingCallable call) {
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
