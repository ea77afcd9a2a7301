package io.qicore.mcp.client.endpoint;

import io.qicore.mcp.internal.concurrent.Timeouts;
import java.time.Duration;

/**
 * How often a failed request is made again: calls of tools that are read-only or idempotent, as their servers say, and requests that
 * only read, such as lists, resources and prompts. Only after failures that may pass: a connection that failed, a busy server, a
 * tool error that is retryable. All attempts together have the timeout of the call. Immutable.
 *
 * @param maxAttempts how often the request is made at most; 1 for no retries
 * @param backoff the longest wait before the second attempt, which doubles with each attempt; the wait is random below it, but at
 *     least as long as the server asks for with {@code Retry-After}
 */
public record RetryPolicy(int maxAttempts, Duration backoff) {

    private static final int MAX_ATTEMPTS = 10;

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if {@code maxAttempts} is not from 1 to 10, or {@code backoff} is not positive or longer
     *     than 24 hours
     */
    public RetryPolicy {
        if (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "maxAttempts must be from 1 to " + MAX_ATTEMPTS + ", not " + maxAttempts + ".");
        }
        Timeouts.checked("backoff", backoff);
    }

    /** Returns the policy without retries. */
    public static RetryPolicy none() {
        return new RetryPolicy(1, Duration.ofMillis(200));
    }

    /** Returns a policy whose first wait is at most 200 milliseconds. */
    public static RetryPolicy attempts(int maxAttempts) {
        return new RetryPolicy(maxAttempts, Duration.ofMillis(200));
    }
}
