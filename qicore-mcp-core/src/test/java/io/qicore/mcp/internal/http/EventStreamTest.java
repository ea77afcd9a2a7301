package io.qicore.mcp.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.Gate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    private static final Transfers TRANSFERS = new Transfers(new ByteBudget(1 << 20), Duration.ofMinutes(1), 1_000);

    private final FakeExchange exchange = new FakeExchange();
    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final EventStream stream =
            new EventStream(exchange, false, TRANSFERS, gone::incrementAndGet, ended::incrementAndGet);

    @Test
    void events_goInTheirOrder_oneWriteAtATime() {
        exchange.hold();
        for (int i = 0; i < 5; i++) {
            stream.send(bytes(i + ";"));
        }
        assertThat(exchange.sent()).isEqualTo("0;");
        for (int i = 0; i < 5; i++) {
            exchange.finish(null);
        }
        assertThat(exchange.sent()).isEqualTo("0;1;2;3;4;");
        stream.end(bytes("last"));
        assertThat(exchange.sent()).isEqualTo("0;1;2;3;4;last|");
        assertThat(ended).hasValue(1);
        assertThat(exchange.headers).containsEntry("Content-Type", "text/event-stream");
    }

    @Test
    void end_waitsForWhatIsWaiting_andNothingFollows() {
        exchange.hold();
        stream.send(bytes("a"));
        stream.send(bytes("b"));
        stream.end(bytes("c"));
        stream.send(bytes("d"));
        stream.end(bytes("e"));
        stream.abort();
        assertThat(ended).hasValue(0);
        exchange.finish(null);
        exchange.finish(null);
        assertThat(exchange.sent()).isEqualTo("abc|");
        assertThat(ended).hasValue(1);
    }

    @Test
    void endWithoutALastEvent_endsAnyway() {
        stream.end(null);
        assertThat(exchange.sent()).isEqualTo("|");
    }

    @Test
    void manyEventsThatAreSentAtOnce_doNotPileUpOnTheStack() {
        exchange.hold();
        byte[] small = bytes("x");
        for (int i = 0; i < EventStream.MAX_WAITING_BYTES; i++) {
            stream.send(small);
        }
        exchange.release();
        exchange.finish(null);
        assertThat(exchange.sent()).hasSize(EventStream.MAX_WAITING_BYTES);
    }

    @Test
    void failedWrite_meansThatTheClientIsGone_butTheExchangeGoesOn() {
        exchange.hold();
        stream.send(bytes("a"));
        stream.send(bytes("b"));
        exchange.finish(new IOException("reset"));
        stream.send(bytes("c"));
        stream.keepAlive(Duration.ZERO);
        assertThat(exchange.sent()).isEqualTo("a");
        assertThat(gone).hasValue(1);
        assertThat(ended).hasValue(0);
        stream.end(bytes("answer"));
        assertThat(exchange.sent()).isEqualTo("a!");
        assertThat(ended).hasValue(1);
    }

    @Test
    void abort_waitsForTheWriteThatIsGoingOn() {
        exchange.hold();
        stream.send(bytes("a"));
        stream.send(bytes("b"));
        stream.abort();
        assertThat(exchange.sent()).isEqualTo("a");
        exchange.finish(null);
        assertThat(exchange.sent()).isEqualTo("a!");
        assertThat(ended).hasValue(1);
    }

    @Test
    void senderWaits_whenMuchIsWaiting_andGoesOnWhenThereIsRoom() {
        exchange.hold();
        stream.send(bytes("first"));
        stream.send(new byte[EventStream.MAX_WAITING_BYTES]);
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> stream.send(bytes("more")));
        assertThat(sender).isNotDone();
        exchange.finish(null);
        await().atMost(Gate.PATIENCE).until(sender::isDone);
        assertThat(gone).hasValue(0);
    }

    @Test
    void clientThatDoesNotRead_countsAsGone() {
        exchange.hold();
        stream.send(bytes("first"));
        stream.send(new byte[EventStream.MAX_WAITING_BYTES]);
        stream.send(bytes("too much"));
        assertThat(gone).hasValue(1);
        stream.send(bytes("nobody waits any more"));
        assertThat(exchange.sent()).isEqualTo("first");
    }

    @Test
    void leave_isPossibleBeforeTheFirstEventOnly() {
        assertThat(stream.leave()).isTrue();
        stream.send(bytes("a"));
        stream.keepAlive(Duration.ZERO);
        stream.end(bytes("b"));
        assertThat(exchange.sent()).isEmpty();

        EventStream begun = new EventStream(exchange, false, TRANSFERS, () -> {}, () -> {});
        begun.keepAlive(Duration.ZERO);
        assertThat(begun.leave()).isFalse();
        assertThat(exchange.sent()).isEqualTo(": keep-alive\n\n");
    }

    @Test
    void keepAlive_isForSilentStreams() {
        stream.keepAlive(Duration.ofMinutes(1));
        assertThat(exchange.sent()).isEmpty();
        exchange.hold();
        stream.keepAlive(Duration.ZERO);
        stream.keepAlive(Duration.ZERO);
        exchange.finish(null);
        assertThat(exchange.sent()).isEqualTo(": keep-alive\n\n");
    }

    @Test
    void clientThatHasMuchToRead_isReadyWhenItHasReadIt() {
        AtomicInteger ready = new AtomicInteger();
        assertThat(stream.isReady(ready::incrementAndGet)).isTrue();
        exchange.hold();
        stream.send(bytes("first"));
        stream.send(new byte[100_000]);
        assertThat(stream.isReady(ready::incrementAndGet)).isFalse();
        assertThat(stream.isReady(ready::incrementAndGet)).isFalse();
        assertThat(ready).hasValue(0);
        exchange.finish(null);
        assertThat(ready).hasValue(2);
        assertThat(stream.isReady(ready::incrementAndGet)).isTrue();
    }

    @Test
    void clientThatIsGone_isReady() {
        AtomicInteger ready = new AtomicInteger();
        exchange.hold();
        stream.send(bytes("first"));
        stream.send(new byte[100_000]);
        assertThat(stream.isReady(ready::incrementAndGet)).isFalse();
        exchange.finish(new IOException("reset"));
        assertThat(ready).hasValue(1);
    }

    @Test
    void largeEventWithoutMemory_breaksTheStream() {
        exchange.hold();
        stream.send(new byte[700_000]);
        assertThat(gone).hasValue(0);
        EventStream other = new EventStream(exchange, false, TRANSFERS, gone::incrementAndGet, ended::incrementAndGet);
        other.send(new byte[200_000]);
        assertThat(gone).hasValue(1);
        stream.end(null);
        exchange.finish(null);
        assertThat(TRANSFERS.budget().used()).isZero();
    }

    @Test
    void clientThatReadsNothingForTooLong_isDisconnected() throws Exception {
        EventStream impatient = new EventStream(
                exchange,
                false,
                new Transfers(new ByteBudget(1 << 20), Duration.ofMillis(20), 1_000_000),
                () -> {},
                () -> {});
        exchange.hold();
        impatient.send(bytes("first"));
        impatient.keepAlive(Duration.ofMinutes(1));
        Thread.sleep(40);
        impatient.keepAlive(Duration.ofMinutes(1));
        assertThat(exchange.sent()).isEqualTo("first#");
    }

    @Test
    void event_isFramed() {
        assertThat(new String(EventStream.event(null, bytes("{}")), StandardCharsets.UTF_8))
                .isEqualTo("data: {}\n\n");
        assertThat(new String(EventStream.event("endpoint", bytes("/x")), StandardCharsets.UTF_8))
                .isEqualTo("event: endpoint\ndata: /x\n\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
