package io.qicore.mcp.internal.http;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its response, as the HTTP server at hand offers them. Headers may be read from any thread; the
 * response takes one operation at a time.
 */
public interface Exchange {

    /** The request's method, in upper case. */
    String method();

    /**
     * A request header, by its case-insensitive name; null if it is not there. One that comes several times has all its
     * values, so that no part of it agrees with a message by itself.
     */
    @Nullable
    String header(String name);

    /** The host that the client addressed, without a port. */
    String host();

    /** Whether the request came in on a loopback address, as from a browser or a proxy on this machine. */
    boolean onLoopback();

    /** How long the body says it is, or -1. */
    long length();

    /**
     * The body, or as much of it as was asked for. Blocks until it is there.
     *
     * @throws IOException if it does not come
     */
    byte[] body(int maxBytes) throws IOException;

    /** Lets the response be written by any thread, also after the server's own has returned. */
    void detach();

    /** Runs an action when the server notices by itself that the client has gone. */
    void onDisconnect(Runnable action);

    /** Sets the status of the response. */
    void status(int status);

    /** Sets a header of the response. */
    void header(String name, String value);

    /**
     * Sends a part of a body that goes on. Does not block.
     *
     * @param done is told, on any thread, when the next operation may follow: null, or why the client cannot be reached
     */
    void write(byte[] part, Consumer<@Nullable Throwable> done);

    /**
     * Sends the rest of the body and ends the exchange. May block.
     *
     * @param ended runs when the exchange is over, whether or not the client got the rest
     */
    void end(byte[] rest, Runnable ended);

    /**
     * Ends the exchange in a way that the client can tell from a complete response, as far as the server can.
     *
     * @param ended runs when the exchange is over
     */
    void abort(Runnable ended);
}
