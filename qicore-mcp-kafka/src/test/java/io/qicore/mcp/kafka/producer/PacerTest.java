package io.qicore.mcp.kafka.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PacerTest {

    private final CountDownLatch stop = new CountDownLatch(1);

    @Test
    void withoutLimit_neverWaits() throws Exception {
        var pacer = new Pacer(0, stop);

        for (int i = 0; i < 1_000_000; i++) {
            assertThat(pacer.awaitTurn()).isTrue();
        }
    }

    @Test
    void turns_keepTheRate() throws Exception {
        var pacer = new Pacer(1000, stop);
        long start = System.nanoTime();

        for (int i = 0; i <= 100; i++) {
            pacer.awaitTurn();
        }

        assertThat((System.nanoTime() - start) / 1e9).isGreaterThanOrEqualTo(0.1);
    }

    @Test
    void stopped_doesNotWaitForTheTurn() throws Exception {
        var slow = new Pacer(1e-6, stop);
        var fast = new Pacer(0, stop);
        assertThat(slow.awaitTurn()).isTrue();

        stop.countDown();

        assertThat(slow.awaitTurn()).isFalse();
        assertThat(fast.awaitTurn()).isFalse();
    }
}
