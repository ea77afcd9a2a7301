package io.qicore.mcp.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.internal.json.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
    private final RateLimit limit = RateLimit.perMinute(60, time::get);

    private Optional<Denial> call(Caller caller) {
        return limit.before(new InterceptedCall(caller, "tools/call", null, Json.object()));
    }

    @Test
    void caller_getsABurstAndThenItsRate() {
        Caller alice = Caller.of("alice");
        for (int i = 0; i < 60; i++) {
            assertThat(call(alice)).isEmpty();
        }
        assertThat(call(alice)).get().satisfies(denial -> {
            assertThat(denial.kind()).isEqualTo(Denial.Kind.TOO_MANY_REQUESTS);
            assertThat(denial.retryAfter()).isBetween(Duration.ofMillis(999), Duration.ofMillis(1001));
        });
        assertThat(call(Caller.of("bob"))).isEmpty();
        assertThat(call(Caller.of("alice").withIssuer("other"))).isEmpty();
        time.addAndGet(Duration.ofMillis(1500).toNanos());
        assertThat(call(alice)).isEmpty();
        assertThat(call(alice)).isPresent();
        time.addAndGet(Duration.ofHours(1).toNanos());
        for (int i = 0; i < 60; i++) {
            assertThat(call(alice)).isEmpty();
        }
        assertThat(call(alice)).isPresent();
    }

    @Test
    void anonymousCallers_shareOne() {
        for (int i = 0; i < 60; i++) {
            assertThat(call(Caller.ANONYMOUS)).isEmpty();
        }
        assertThat(call(Caller.ANONYMOUS)).isPresent();
    }
}
