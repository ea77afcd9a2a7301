package io.qicore.mcp.internal.client.channel;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Carries messages between a client and one server. It knows neither methods nor revisions. Its methods do not wait for the
 * server, except for {@link #close}. Thread-safe.
 */
public interface Channel extends AutoCloseable {

    /** Sets what receives the messages of the server. Called once, before the first message is sent. */
    void open(Inbox inbox);

    /** Sends a message. What happens to a request is told to the inbox. */
    Exchange send(Outgoing message);

    /** Returns whether {@link Exchange#end} tells a server of revision 2026-07-28 that the request is cancelled. */
    boolean isCancelledByEnding();

    /**
     * Returns whether a server that is silent or ends may be one of an older revision, which does not answer what it does not
     * know.
     */
    default boolean isSilentAboutUnknownMethods() {
        return false;
    }

    /** Returns whether the headers of messages reach the server. */
    default boolean hasHeaders() {
        return false;
    }

    /** Returns whether only revisions with a handshake are defined on this channel. */
    default boolean needsHandshake() {
        return false;
    }

    /**
     * Receives messages that do not belong to a request, from now on, if the server has to be asked for them.
     *
     * @param headers the headers of the request for them
     * @return completes when the server has been asked and has accepted or does not have such messages
     */
    default CompletableFuture<?> listen(Map<String, String> headers) {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Tells the server that the session is over, if it has to be told.
     *
     * @param headers the headers of the session
     */
    default void endSession(Map<String, String> headers) {}

    /** Returns another channel to the same server, of an older transport; empty if there is none. */
    default Optional<Channel> older() {
        return Optional.empty();
    }

    /** Closes the channel, within a bounded time. Requests in flight are told to the inbox as failed. */
    @Override
    void close();
}
