package io.qicore.mcp.kafka.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NamedLocksTest {

    private final NamedLocks locks = new NamedLocks();

    @Test
    void oneThreadAtATime_holdsTheLockOfAName() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        int[] counted = {0};
        List<Future<?>> runs = new ArrayList<>();
        var threads = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 8; i++) {
            runs.add(threads.submit(() -> {
                for (int round = 0; round < 1_000; round++) {
                    try (var held = locks.tryAcquire("a", Duration.ofMinutes(1))) {
                        assertThat(held).isNotNull();
                        assertThat(holders.incrementAndGet()).isEqualTo(1);
                        counted[0]++;
                        holders.decrementAndGet();
                    }
                }
                return null;
            }));
        }
        for (Future<?> run : runs) {
            run.get(1, TimeUnit.MINUTES);
        }
        threads.shutdown();
        assertThat(counted[0]).isEqualTo(8_000);
    }

    @Test
    void otherNames_areFree_alsoThoseWithTheSameHash() throws Exception {
        try (var held = locks.tryAcquire("Aa", Duration.ZERO)) {
            assertThat(held).isNotNull();
            var other = Executors.newSingleThreadExecutor();
            assertThat(other.submit(() -> locks.tryAcquire("BB", Duration.ZERO) != null)
                            .get())
                    .isTrue();
            assertThat(other.submit(() -> locks.tryAcquire("Aa", Duration.ofMillis(50)) == null)
                            .get())
                    .isTrue();
            other.shutdown();
        }
    }
}
