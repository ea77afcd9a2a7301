package io.qicore.mcp.engine;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.internal.connection.Backlog;
import io.qicore.mcp.internal.connection.Conversation;
import io.qicore.mcp.internal.connection.InFlight;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A connection with one client, for transports of an application. Passes the messages of the client to the engine and the
 * answers of the engine to the client. Keeps the calls in flight, so that the client can cancel a call by its id and that
 * calls are told when the client disconnects.
 *
 * <pre>{@code
 * var connection = new MessageConnection(engine, threads, socket::write);
 * for (byte[] message = socket.read(); message != null; message = socket.read()) {
 *     connection.receive(message);
 * }
 * connection.disconnected();
 * }</pre>
 *
 * <p>Messages are handled concurrently. Thread-safe, but pass messages one after the other where their order matters.
 */
public final class MessageConnection {

    private final InFlight inFlight = new InFlight();
    private final Backlog backlog;
    private final Conversation conversation;

    /**
     * Creates an open connection of an anonymous caller.
     *
     * @param engine handles the messages
     * @param handlers runs the engine, on threads that may block
     * @param out receives JSON-RPC messages in UTF-8 for the client; called from any thread, also concurrently
     */
    public MessageConnection(MCPEngine engine, Executor handlers, Consumer<byte[]> out) {
        this(engine, handlers, Caller.ANONYMOUS, out);
    }

    /**
     * Creates an open connection of a caller whom the transport has authenticated.
     *
     * @param engine handles the messages
     * @param handlers runs the engine, on threads that may block
     * @param caller who has connected
     * @param out receives JSON-RPC messages in UTF-8 for the client; called from any thread, also concurrently
     */
    public MessageConnection(MCPEngine engine, Executor handlers, Caller caller, Consumer<byte[]> out) {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(handlers, "handlers");
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(out, "out");
        this.backlog = Backlog.forCalls(engine.maxConcurrentCalls());
        this.conversation = new Conversation(engine::handle, handlers, inFlight, caller, out);
    }

    /**
     * Passes a message to the engine, without waiting for the answer. Waits while too many messages of this client are being
     * handled, so that a client that does not read the answers is not read from either: 64 more than the engine's limit of
     * calls, or an eighth of the largest heap. A request that comes after {@link #drain} has begun is answered with an error
     * that the server is stopping.
     *
     * @param message one JSON-RPC message in UTF-8
     * @throws RejectedExecutionException if the executor does not accept more work, or this thread is interrupted while it
     *     waits; the message is not answered then
     */
    public void receive(byte[] message) {
        Objects.requireNonNull(message, "message");
        try {
            backlog.begin(message.length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("Interrupted while too many messages were being handled.", e);
        }
        boolean received = false;
        try {
            received = conversation.receive(message, () -> backlog.end(message.length));
        } finally {
            if (!received) {
                backlog.end(message.length);
            }
        }
        if (!received) {
            conversation.refuse(message);
        }
    }

    /** Tells the engine that the client does not send more messages but may still read answers. Its calls go on. */
    public void closed() {
        conversation.closed();
    }

    /** Tells the engine that the client has disconnected. Whether that cancels its calls depends on its protocol revision. */
    public void disconnected() {
        conversation.disconnected();
    }

    /**
     * Refuses new requests, ends subscriptions with an answer, waits for the calls in flight and cancels those that do not end
     * within the timeout.
     *
     * @param timeout how long calls may take to end by themselves
     */
    public void drain(Duration timeout) {
        inFlight.drain(timeout);
    }
}
