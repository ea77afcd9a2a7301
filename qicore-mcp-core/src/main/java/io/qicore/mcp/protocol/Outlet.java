package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What the client of one call is told: messages while it is served, then a reply or nothing. Two of them do not mix, and
 * nothing follows the end. Thread-safe.
 */
final class Outlet {

    private final ReplySink sink;
    private final Progress progress;
    private boolean ended;

    Outlet(ReplySink sink, Progress progress) {
        this.sink = sink;
        this.progress = progress;
    }

    /** Sends a notification, or a request to the client; after the end it is dropped. */
    synchronized void send(ObjectNode message) {
        if (!ended) {
            sink.notification(message);
        }
    }

    /** Tells how far the call is. One that is further is not overtaken on its way out. */
    synchronized void progress(double done, @Nullable Double total, @Nullable String message) {
        progress.notification(done, total, message).ifPresent(this::send);
    }

    /** Ends with a reply. */
    synchronized void reply(Reply reply) {
        ended = true;
        sink.reply(reply);
    }

    /** Ends without a reply. */
    synchronized void cancelled() {
        ended = true;
        sink.cancelled();
    }
}
