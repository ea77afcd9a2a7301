package io.qicore.mcp.internal.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange of messages with one client on one connection. Messages are handled concurrently. Thread-safe, but messages
 * must be passed one after the other where their order matters.
 */
public final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    /** The error code with which the engine, too, answers a call when it is busy or stopping. */
    private static final int BUSY = -31000;

    private final Handler engine;
    private final Executor handlers;
    private final InFlight inFlight;
    private final Caller caller;
    private final Consumer<byte[]> out;
    private final ClientConnection connection = new ConnectionState(new ClientSink(() -> {}));
    private final Set<CallControl> open = ConcurrentHashMap.newKeySet();
    /** The requests that have not been answered, by id, including those that the engine has not received yet. */
    private final Map<JsonNode, CallControl> received = new ConcurrentHashMap<>();

    /** Handles messages, as the engine does. */
    @FunctionalInterface
    public interface Handler {

        /** Handles one message; the sink receives the answer, possibly after this method has returned. */
        void handle(byte[] message, CallMetadata metadata, ReplySink sink);
    }

    /**
     * Creates the exchange with a client that has connected.
     *
     * @param engine handles the messages
     * @param handlers runs the engine, on threads that may block
     * @param inFlight holds each message until it has been answered
     * @param caller who sends the messages, unless one is received for another caller
     * @param out receives the messages for the client; called from any thread
     */
    public Conversation(Handler engine, Executor handlers, InFlight inFlight, Caller caller, Consumer<byte[]> out) {
        this.engine = engine;
        this.handlers = handlers;
        this.inFlight = inFlight;
        this.caller = caller;
        this.out = out;
    }

    /**
     * Passes a message to the engine, without waiting for the answer. Returns false if the transport is stopping.
     *
     * @param handled runs once, on any thread, when no thread handles the message any more; not if this method returns false or
     *     throws an exception
     */
    public boolean receive(byte[] bytes, Runnable handled) {
        return receive(bytes, caller, handled);
    }

    /** Passes a message of an authenticated caller to the engine, as {@link #receive(byte[], Runnable)} does. */
    public boolean receive(byte[] bytes, Caller sender, Runnable handled) {
        JsonNode message = parse(bytes);
        if (isCancellation(message)) {
            // This is done here and not in the engine because the request may not have reached the engine yet.
            CallControl request = received.get(message.path("params").path("requestId"));
            if (request != null) {
                request.cancel("cancelled by the client");
            }
            handled.run();
            return true;
        }
        CallControl control = new CallControl();
        if (!inFlight.begin(control)) {
            return false;
        }
        open.add(control);
        JsonNode id = message.path("id");
        received.putIfAbsent(id, control);
        Runnable done = () -> {
            received.remove(id, control);
            open.remove(control);
            inFlight.end(control);
        };
        CallMetadata metadata =
                CallMetadata.of(control).withConnection(connection).withCaller(sender);
        try {
            handlers.execute(() -> {
                try {
                    handle(bytes, metadata, done);
                } finally {
                    handled.run();
                }
            });
        } catch (RuntimeException e) {
            done.run();
            throw e;
        }
        return true;
    }

    /** Answers a request for which {@link #receive} has returned false. Other messages are not answered. */
    public void refuse(byte[] bytes) {
        JsonNode message = parse(bytes);
        if (message.has("method") && message.has("id")) {
            ObjectNode answer = Json.object().put("jsonrpc", "2.0");
            answer.set("id", message.get("id"));
            answer.putObject("error").put("code", BUSY).put("message", "The server is stopping.");
            out.accept(answer.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void handle(byte[] message, CallMetadata metadata, Runnable done) {
        try {
            engine.handle(message, metadata, new ClientSink(done));
        } catch (RuntimeException | Error e) {
            log.error("A message could not be handled", LogText.of(e));
            done.run();
        }
    }

    /** Tells the engine that the client does not send more messages but may still read answers. */
    public void closed() {
        connection.closed();
    }

    /** Tells the engine that the client has disconnected. Whether that cancels its calls depends on its protocol revision. */
    public void disconnected() {
        connection.closed();
        open.forEach(CallControl::disconnected);
    }

    /** Returns the message, or a missing node if it is not JSON, which the engine answers with an error. */
    private static JsonNode parse(byte[] message) {
        try {
            return Json.read(message);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static boolean isCancellation(JsonNode message) {
        return MethodNames.CANCELLED.equals(message.path("method").textValue()) && !message.has("id");
    }

    /** Sends the client the messages of one call, or the messages that do not belong to a call. */
    private final class ClientSink implements ReplySink {

        private final Runnable onEnd;

        ClientSink(Runnable onEnd) {
            this.onEnd = onEnd;
        }

        @Override
        public void notification(ObjectNode message) {
            out.accept(Json.bytes(message));
        }

        @Override
        public void reply(Reply reply) {
            try {
                if (reply.kind() != Reply.Kind.ACCEPTED) {
                    out.accept(reply.toBytes());
                }
            } finally {
                onEnd.run();
            }
        }

        @Override
        public void cancelled() {
            onEnd.run();
        }
    }
}
