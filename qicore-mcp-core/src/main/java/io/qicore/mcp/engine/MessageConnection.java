package io.qicore.mcp.engine;

import io.qicore.mcp.internal.connection.Conversation;
import io.qicore.mcp.internal.connection.InFlight;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * One client on one connection, for a transport of an application's own: hands the client's messages to the engine, passes
 * on what the engine answers, and keeps what a connection needs beside that, so that a client can cancel a call by its id
 * and that its calls learn when it goes.
 *
 * <pre>{@code
 * var connection = new MessageConnection(engine, threads, socket::write);
 * for (byte[] message = socket.read(); message != null; message = socket.read()) {
 *     connection.receive(message);
 * }
 * connection.disconnected();
 * }</pre>
 *
 * <p>Messages are served beside each other. Thread-safe, but hand over messages one after the other where their order
 * matters.
 */
public final class MessageConnection {

    private final InFlight inFlight = new InFlight();
    private final Conversation conversation;

    /**
     * A connection that is open.
     *
     * @param engine serves the messages
     * @param handlers run the engine, on threads that may block
     * @param out takes JSON-RPC messages in UTF-8 for the client, from any thread and several at once
     */
    public MessageConnection(MCPEngine engine, Executor handlers, Consumer<byte[]> out) {
        this.conversation = new Conversation(engine::handle, handlers, inFlight, out);
    }

    /**
     * Hands a message to the engine; does not wait for the answer. A request that comes after {@link #drain} has begun is
     * answered that the server is stopping.
     *
     * @param message one JSON-RPC message in UTF-8
     * @throws RejectedExecutionException if the executor takes no more work; the message gets no answer then
     */
    public void receive(byte[] message) {
        if (!conversation.receive(message)) {
            conversation.refuse(message);
        }
    }

    /** The client sends no more, but may still read: its calls go on. */
    public void closed() {
        conversation.closed();
    }

    /** The client has gone. Whether that cancels its calls depends on its protocol revision. */
    public void disconnected() {
        conversation.disconnected();
    }

    /**
     * Refuses new requests, ends subscriptions with an answer, waits for the calls in flight and cancels those that are left
     * when the time is up.
     *
     * @param timeout how long calls may take to end by themselves
     */
    public void drain(Duration timeout) {
        inFlight.drain(timeout);
    }
}
