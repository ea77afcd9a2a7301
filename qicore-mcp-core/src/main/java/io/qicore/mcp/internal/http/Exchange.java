package io.qicore.mcp.internal.http;

import java.net.URI;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its response, which an adapter implements for each HTTP server. Headers may be read from any thread;
 * operations on the response must not be concurrent.
 */
public interface Exchange {

    /** Returns the method of the request, in upper case. */
    String method();

    /**
     * Returns a header of the request by its case-insensitive name; null if it is missing. If the header occurs several
     * times, returns all its values together, so that a single one of them cannot agree with the message.
     */
    @Nullable
    String header(String name);

    /** Returns the values of a header of the request, in the order in which they were sent; empty if it is missing. */
    List<String> headers(String name);

    /** Returns the URL that the client has addressed, without the query. */
    URI url();

    /** Returns the IP address of the sender of the connection; null if the connection has none. */
    @Nullable
    String remoteAddress();

    /** Returns the principal that the HTTP server has authenticated; null if there is none. */
    @Nullable
    Principal userPrincipal();

    /** Returns the verified certificates of the client's TLS connection, its own first; empty if it has none. */
    List<X509Certificate> clientCertificates();

    /** Returns the request of the HTTP server. */
    Object unwrap();

    /** Returns the host that the client has addressed, without the port. */
    String host();

    /** Returns whether the request came in on a loopback address, as from a browser or a proxy on this machine. */
    boolean onLoopback();

    /** Returns the length of the body, in bytes, by its header; -1 if that is missing. */
    long length();

    /**
     * Passes the parts of the request's body to {@code body} as they arrive. Does not block: parts that have not arrived
     * yet are passed later, on threads that may block.
     */
    void read(Body body);

    /** Allows any thread to write the response, also after the thread of the HTTP server has returned. May be called again. */
    void detach();

    /**
     * Runs a task on a thread of the HTTP server that may block. Must follow {@link #detach}.
     *
     * @throws RuntimeException if the HTTP server is stopping: {@code RejectedExecutionException} or
     *     {@code IllegalStateException}
     */
    void dispatch(Runnable task);

    /** Runs an action if the HTTP server notices that the client has disconnected. */
    void onDisconnect(Runnable action);

    /** Sets the status of the response. */
    void status(int status);

    /** Sets a header of the response, instead of the values that it has. */
    void header(String name, String value);

    /** Adds a header to the response, which a filter may have set already. */
    void addHeader(String name, String value);

    /**
     * Sends a part of the body, which is followed by others. Does not block.
     *
     * @param done called on any thread when the next operation may follow, with null or with the reason why the client cannot
     *     be reached
     */
    void write(byte[] part, Consumer<@Nullable Throwable> done);

    /**
     * Sends the rest of the body and ends the exchange. May block.
     *
     * @param ended runs when the exchange is over, whether or not the client has received the rest
     */
    void end(byte[] rest, Runnable ended);

    /**
     * Aborts the exchange so that the client can tell that the response is not complete, if the HTTP server supports that.
     *
     * @param ended runs when the exchange is over
     */
    void abort(Runnable ended);

    /**
     * Closes the connection of a client that does not read, which fails the operation that waits for it. Does nothing if the
     * HTTP server does not support that; its own timeout closes the connection then.
     */
    void disconnect();
}
