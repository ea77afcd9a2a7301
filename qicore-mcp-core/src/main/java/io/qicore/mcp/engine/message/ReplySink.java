package io.qicore.mcp.engine.message;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Receives what the engine answers to one message: any number of notifications, then either {@link #reply} or
 * {@link #cancelled}. Its methods are called from any thread, but not concurrently.
 */
public interface ReplySink {

    /** Receives a notification that belongs to the call. Default: drops it, for clients that cannot receive notifications. */
    default void notification(ObjectNode message) {}

    /** Receives the reply, which is the last call of this sink. */
    void reply(Reply reply);

    /**
     * Receives the reply as {@link #reply(Reply)} does. A transport that sends it later overrides this method; the call counts
     * as in flight until {@code taken} runs. Default: calls {@link #reply(Reply)}, then {@code taken}.
     *
     * @param taken runs once, on any thread, when the client has taken the reply or has disconnected
     */
    default void reply(Reply reply, Runnable taken) {
        reply(reply);
        taken.run();
    }

    /**
     * Returns whether the client has read enough of what was sent before that another notification may follow. Called before
     * notifications that can wait, such as those of a changed list. Default: true.
     *
     * @param whenReady runs once, on any thread, when that is the case or the client has disconnected; only if this method
     *     returns false
     */
    default boolean isReady(Runnable whenReady) {
        return true;
    }

    /** Called instead of {@link #reply} if the call was cancelled and is not answered. Default: does nothing. */
    default void cancelled() {}
}
