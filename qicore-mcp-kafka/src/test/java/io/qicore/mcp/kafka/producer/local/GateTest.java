package io.qicore.mcp.kafka.producer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GateTest {

    @Test
    void withoutLimit_neverWaits() throws Exception {
        var gate = new Gate(0);

        for (int i = 0; i < 1_000_000; i++) {
            assertThat(gate.awaitTurn()).isTrue();
        }
    }

    @Test
    void turns_keepTheRate() throws Exception {
        var gate = new Gate(1000);
        long start = System.nanoTime();

        for (int i = 0; i <= 100; i++) {
            gate.awaitTurn();
        }

        assertThat((System.nanoTime() - start) / 1e9).isGreaterThanOrEqualTo(0.1);
    }

    @Test
    void turnsOfAPause_areNotMadeUpFor() throws Exception {
        var gate = new Gate(100);
        gate.awaitTurn();
        gate.pause();
        Thread.sleep(500);
        gate.resume();
        long start = System.nanoTime();

        for (int i = 0; i < 20; i++) {
            gate.awaitTurn();
        }

        assertThat((System.nanoTime() - start) / 1e9).isGreaterThanOrEqualTo(0.18);
    }

    @Test
    void newRate_countsAtOnce_alsoForAWaitingThread() throws Exception {
        var gate = new Gate(1e-6);
        gate.awaitTurn();
        var turn = waiting(gate);
        Thread.sleep(50);
        assertThat(turn).isNotDone();

        gate.rate(100);

        assertThat(turn.get(5, TimeUnit.SECONDS)).isTrue();
        gate.rate(0);
        assertThat(gate.awaitTurn()).isTrue();
    }

    @Test
    void paused_waitsUntilResumed() throws Exception {
        var gate = new Gate(0);
        gate.pause();
        var turn = waiting(gate);
        Thread.sleep(50);
        assertThat(turn).isNotDone();
        assertThat(gate.isPaused()).isTrue();

        gate.resume();

        assertThat(turn.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void stopped_waitsForNothing() throws Exception {
        var slow = new Gate(1e-6);
        var fast = new Gate(0);
        var paused = new Gate(0);
        assertThat(slow.awaitTurn()).isTrue();
        paused.pause();

        for (Gate gate : new Gate[] {slow, fast, paused}) {
            gate.stop();
            assertThat(gate.awaitTurn()).isFalse();
            assertThat(gate.awaitOpen()).isFalse();
            assertThat(gate.awaitRetry(Duration.ofHours(1))).isFalse();
        }
    }

    @Test
    void retry_comesEarlierIfResumed_andNotWhilePaused() throws Exception {
        var gate = new Gate(0);
        var hurried = CompletableFuture.supplyAsync(() -> retry(gate, Duration.ofHours(1)));
        await().until(() -> {
            gate.resume();
            return hurried.isDone();
        });
        assertThat(hurried.get()).isTrue();

        gate.pause();
        var paused = CompletableFuture.supplyAsync(() -> retry(gate, Duration.ofMillis(1)));
        Thread.sleep(50);
        assertThat(paused).isNotDone();
        gate.resume();
        assertThat(paused.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void backoff_doublesUpToItsMaximum() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5));

        assertThat(backoff.next()).hasSeconds(1);
        assertThat(backoff.next()).hasSeconds(2);
        assertThat(backoff.next()).hasSeconds(4);
        assertThat(backoff.next()).hasSeconds(5);
        assertThat(backoff.next()).hasSeconds(5);
        backoff.reset();
        assertThat(backoff.next()).hasSeconds(1);
    }

    private static boolean retry(Gate gate, Duration delay) {
        try {
            return gate.awaitRetry(delay);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Boolean> waiting(Gate gate) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return gate.awaitTurn();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
