package io.qicore.mcp.tool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a handler knows about the call that it serves. Valid during that call only; thread-safe.
 *
 * <p>A handler that waits must not wait longer than {@link #remaining()}. Past the deadline the client has been answered
 * with {@link StandardErrorCode#DEADLINE_EXCEEDED}, the handler's thread is interrupted and what it returns is dropped.
 */
public interface ToolContext {

    /** Time left until the deadline of this call; {@link Duration#ZERO} when it has passed. */
    Duration remaining();

    /** Whether the client has gone away, cancelled the call, or the deadline has passed. */
    boolean isCancelled();

    /**
     * Registers what to do when the call is cancelled, for work that an interrupt does not reach. Runs at once if that
     * has happened already, at most once, and on any thread; it should be quick.
     */
    void onCancel(Runnable action);

    /** Who calls, as the transport authenticated it; null without authentication. */
    @Nullable
    String principal();
}
