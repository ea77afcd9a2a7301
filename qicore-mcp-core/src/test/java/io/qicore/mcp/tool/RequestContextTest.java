package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.Caller;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RequestContextTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void ofTimeout_hasNoClientAndEndsWithItsTime() {
        RequestContext context = RequestContext.ofTimeout(MINUTE);
        assertThat(context.remaining()).isPositive().isLessThanOrEqualTo(MINUTE);
        assertThat(context.isCancelled()).isFalse();
        assertThat(context.caller()).isEqualTo(Caller.ANONYMOUS);
        assertThat(RequestContext.ofTimeout(Duration.ZERO).remaining()).isZero();
        assertThat(RequestContext.ofTimeout(Duration.ZERO).isCancelled()).isTrue();
    }

    @Test
    void ofTimeout_takesTheLongestDuration() {
        assertThat(RequestContext.ofTimeout(Duration.ofSeconds(Long.MAX_VALUE)).remaining())
                .isGreaterThan(Duration.ofDays(36_500));
    }

    @Test
    void withTimeout_hasTheSmallerOfBothTimes() {
        RequestContext request = RequestContext.ofTimeout(MINUTE);
        assertThat(request.withTimeout(Duration.ofSeconds(1)).remaining()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(request.withTimeout(Duration.ofHours(1)).remaining()).isLessThanOrEqualTo(MINUTE);
        assertThat(request.withTimeout(Duration.ZERO).isCancelled()).isTrue();
        assertThat(request.isCancelled()).isFalse();
    }

    @Test
    void withTimeout_isCancelledWithTheRequest() {
        AtomicBoolean cancelled = new AtomicBoolean();
        RequestContext view = new RequestContext() {
            @Override
            public Duration remaining() {
                return MINUTE;
            }

            @Override
            public boolean isCancelled() {
                return cancelled.get();
            }

            @Override
            public void onCancel(Runnable action) {
                action.run();
            }

            @Override
            public Caller caller() {
                return Caller.of("alice");
            }
        }.withTimeout(MINUTE);
        assertThat(view.isCancelled()).isFalse();
        assertThat(view.caller()).isEqualTo(Caller.of("alice"));
        view.onCancel(() -> cancelled.set(true));
        assertThat(view.isCancelled()).isTrue();
    }
}
