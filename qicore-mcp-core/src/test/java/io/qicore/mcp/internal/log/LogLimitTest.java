package io.qicore.mcp.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogLimitTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void eventsOfTenSeconds_areAllowedUpToTheLimit() {
        AtomicLong time = new AtomicLong(Long.MAX_VALUE - SECOND);
        LogLimit limit = new LogLimit(2, time::get);

        assertThat(limit.allows()).isTrue();
        time.addAndGet(9 * SECOND);
        assertThat(limit.allows()).isTrue();
        assertThat(limit.allows()).isFalse();
        time.addAndGet(SECOND);
        assertThat(limit.allows()).isTrue();
        assertThat(limit.allows()).isTrue();
        assertThat(limit.allows()).isFalse();
    }
}
