package io.qicore.mcp.internal.engine.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of one call to its client: notifications and requests while the call is served, then a reply or
 * nothing. Sends one message at a time, and none after the end. Thread-safe.
 */
public final class CallOutput {

    private final ReplySink sink;
    private final Progress progress;
    private boolean ended;

    CallOutput(ReplySink sink, Progress progress) {
        this.sink = sink;
        this.progress = progress;
    }

    /** Sends a notification or a request to the client. Drops it after the end. */
    public synchronized void send(ObjectNode message) {
        if (!ended) {
            sink.notification(message);
        }
    }

    /** Sends the progress of the call. Progress notifications are sent in increasing order. */
    synchronized void progress(double done, @Nullable Double total, @Nullable String message) {
        progress.notification(done, total, message).ifPresent(this::send);
    }

    /** Returns whether the client can take another notification; otherwise runs the action when it can. */
    boolean isReady(Runnable whenReady) {
        return sink.isReady(whenReady);
    }

    /**
     * Ends with a reply.
     *
     * @param taken runs when the client has taken it
     */
    synchronized void reply(Reply reply, Runnable taken) {
        ended = true;
        sink.reply(reply, taken);
    }

    /** Ends without a reply. */
    synchronized void cancelled() {
        ended = true;
        sink.cancelled();
    }
}
