package io.qicore.mcp.engine.message;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Where the engine puts what it has to say about one message. Called from any thread, one call at a time:
 * zero or more notifications, then either the reply or word that there is none.
 */
public interface ReplySink {

    /** Takes a notification that belongs to the call. Default: dropped, for clients that cannot receive any. */
    default void notification(ObjectNode message) {}

    /** Takes the reply; nothing follows it. */
    void reply(Reply reply);

    /** The call was cancelled and gets no reply; nothing follows. Default: nothing to do. */
    default void cancelled() {}
}
