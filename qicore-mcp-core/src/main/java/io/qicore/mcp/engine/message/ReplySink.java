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

    /** Called instead of {@link #reply} if the call was cancelled and is not answered. Default: does nothing. */
    default void cancelled() {}
}
