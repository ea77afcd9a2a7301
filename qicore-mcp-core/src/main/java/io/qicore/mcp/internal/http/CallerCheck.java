package io.qicore.mcp.internal.http;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.internal.concurrent.Threads;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Ends the streams of callers whose credentials have expired or were withdrawn. Thread-safe. */
public final class CallerCheck {

    /** How often a transport begins a check. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Admission admission;
    private final McpEndpoint mcp;
    private final @Nullable LegacySse sse;
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * Creates the check of a transport.
     *
     * @param sse HTTP+SSE; null if it is not served
     */
    public CallerCheck(Admission admission, McpEndpoint mcp, @Nullable LegacySse sse) {
        this.admission = admission;
        this.mcp = mcp;
        this.sse = sse;
    }

    /** Begins a check on another thread, since an authenticator may block, unless the one before has not ended. */
    public void begin() {
        if (!admission.isAuthenticated() || !running.compareAndSet(false, true)) {
            return;
        }
        Threads.run("mcp-caller-check", () -> {
            try {
                check();
            } finally {
                running.set(false);
            }
        });
    }

    private void check() {
        Map<Caller, Boolean> known = new IdentityHashMap<>();
        Predicate<Caller> accepted = caller -> known.computeIfAbsent(caller, admission::stillAccepts);
        mcp.endStreams(accepted.negate());
        if (sse != null) {
            sse.endStreams(accepted.negate());
        }
    }
}
