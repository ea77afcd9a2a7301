package io.qicore.mcp.client.handler;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Receives every tool call of a client, for metrics and logs. Called on the calling thread, or, for calls
 * that were only started, on another one, before the application gets the result; so it should return quickly. Must be thread-safe.
 * Its exceptions are logged.
 */
@FunctionalInterface
public interface CallListener {

    /**
     * Reports that a call has ended.
     *
     * @param tool the name of the tool
     * @param took the time from sending the request to receiving the response or failing
     * @param failure the exception that the caller gets, or null if the call succeeded
     */
    void called(String tool, Duration took, @Nullable RuntimeException failure);
}
