package io.qicore.mcp.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Is told of every tool call of a client, for metrics and logs. Called on the caller's thread; should be quick. */
@FunctionalInterface
public interface CallListener {

    /**
     * A call has ended.
     *
     * @param tool the tool
     * @param took from the request to the answer
     * @param failure what the caller gets thrown, or null
     */
    void called(String tool, Duration took, @Nullable RuntimeException failure);
}
