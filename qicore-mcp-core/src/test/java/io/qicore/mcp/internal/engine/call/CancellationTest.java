package io.qicore.mcp.internal.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CancellationTest {

    private final Cancellation cancellation = new Cancellation("a test");

    @Test
    void cancel_interruptsTheHandlerOnce() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(1);
        AtomicBoolean interruptedAgain = new AtomicBoolean();
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread handler = new Thread(() -> {
            cancellation.enter();
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            try {
                again.await();
            } catch (InterruptedException e) {
                interruptedAgain.set(true);
            }
            cancellation.leave(false);
        });
        handler.start();
        entered.await();
        cancellation.cancel();
        assertThat(interrupted.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        cancellation.cancel();
        again.countDown();
        handler.join(Gate.PATIENCE.toMillis());
        assertThat(interruptedAgain).isFalse();
        assertThat(cancellation.isCancelled()).isTrue();
    }

    @Test
    void threadThatCancelsItself_isNotInterrupted() {
        cancellation.enter();
        cancellation.cancel();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        cancellation.leave(false);
    }

    @Test
    void interruptThatTheHandlerDidNotNotice_doesNotReachWhatItsThreadDoesNext() throws Exception {
        AtomicBoolean left = new AtomicBoolean(true);
        Thread handler = new Thread(() -> {
            cancellation.enter();
            Thread other = new Thread(cancellation::cancel);
            other.start();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            cancellation.leave(false);
            left.set(Thread.currentThread().isInterrupted());
        });
        handler.start();
        handler.join(Gate.PATIENCE.toMillis());
        assertThat(left).isFalse();
    }

    @Test
    void interruptOfTheCaller_outlivesTheHandler() {
        Thread.currentThread().interrupt();
        boolean interrupted = cancellation.enter();
        cancellation.clearInterrupt();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        cancellation.leave(interrupted);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void actions_runInOrderWhateverOneOfThemDoes() throws Exception {
        List<String> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        cancellation.onCancel(() -> ran.add("first"));
        cancellation.onCancel(() -> {
            throw new IllegalStateException("broken");
        });
        cancellation.onCancel(() -> {
            ran.add("third");
            done.countDown();
        });
        cancellation.cancel();
        assertThat(done.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        cancellation.onCancel(() -> ran.add("late"));
        assertThat(ran).containsExactly("first", "third", "late");
    }
}
