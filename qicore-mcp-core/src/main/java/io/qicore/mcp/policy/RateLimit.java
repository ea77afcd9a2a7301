package io.qicore.mcp.policy;

import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.engine.access.InterceptedCall;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many requests each caller may make. A caller saves up what it does not use, up to the requests of one period, so
 * that a burst is possible (token bucket). Anonymous callers share one bucket. In memory: each replica counts for itself. Thread-safe.
 */
public final class RateLimit implements CallInterceptor {

    /** So many callers are remembered; whoever has not called for the longest time is forgotten, and begins with a full bucket. */
    private static final int MAX_CALLERS = 10_000;

    private static final String ANONYMOUS = "";

    private final int requests;
    private final double nanosPerRequest;
    private final LongSupplier clock;

    // Guarded by this.
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_CALLERS;
        }
    };

    private static final class Bucket {
        private double left;
        private long at;
    }

    private RateLimit(int requests, Duration period, LongSupplier clock) {
        this.requests = requests;
        this.nanosPerRequest = (double) period.toNanos() / requests;
        this.clock = clock;
    }

    /**
     * Returns a limit of a number of requests in a minute for each caller.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    public static RateLimit perMinute(int requests) {
        return perMinute(requests, System::nanoTime);
    }

    static RateLimit perMinute(int requests, LongSupplier clock) {
        if (requests < 1) {
            throw new IllegalArgumentException("requests must be positive, not " + requests + ".");
        }
        return new RateLimit(requests, Duration.ofMinutes(1), clock);
    }

    @Override
    public Optional<Denial> before(InterceptedCall call) {
        @Nullable String identity = call.caller().identity();
        Duration wait = take(Objects.requireNonNullElse(identity, ANONYMOUS));
        return wait == null
                ? Optional.empty()
                : Optional.of(Denial.tooManyRequests(
                        "This caller may make " + requests + " requests a minute. Try again in "
                                + wait.plusSeconds(1).minusNanos(1).toSeconds() + " s.",
                        wait));
    }

    /** Takes a request out of a bucket; returns how long to wait if there is none. */
    private synchronized @Nullable Duration take(String identity) {
        long now = clock.getAsLong();
        Bucket bucket = buckets.get(identity);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.left = requests;
            bucket.at = now;
            buckets.put(identity, bucket);
        }
        bucket.left = Math.min(requests, bucket.left + (now - bucket.at) / nanosPerRequest);
        bucket.at = now;
        if (bucket.left < 1) {
            return Duration.ofNanos((long) Math.ceil((1 - bucket.left) * nanosPerRequest));
        }
        bucket.left--;
        return null;
    }
}
