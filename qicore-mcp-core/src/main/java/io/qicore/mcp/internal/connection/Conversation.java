package io.qicore.mcp.internal.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.json.Json;
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
 * What one client says on one connection, and what it is told. Messages are served beside each other. Thread-safe, but
 * messages must be handed over one after the other where their order matters.
 */
public final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    /** The code of the engine's own answer to a call that has come at a bad time. */
    private static final int BUSY = -31000;

    private final Handler engine;
    private final Executor handlers;
    private final InFlight inFlight;
    private final Consumer<byte[]> out;
    private final ClientConnection connection = new ConnectionState(new Wire(() -> {}));
    private final Set<CallControl> open = ConcurrentHashMap.newKeySet();
    /** The requests that have been received and not answered, also those that the engine has not seen yet. */
    private final Map<JsonNode, CallControl> received = new ConcurrentHashMap<>();

    /** The engine, as far as a connection knows it. */
    @FunctionalInterface
    public interface Handler {

        /** Serves one message; the answer goes to the sink, now or later. */
        void handle(byte[] message, CallMetadata metadata, ReplySink sink);
    }

    /**
     * @param engine serves the messages
     * @param handlers run the engine, on threads that may block
     * @param inFlight takes note of each message until it has been answered
     * @param out takes messages for the client, from any thread
     */
    public Conversation(Handler engine, Executor handlers, InFlight inFlight, Consumer<byte[]> out) {
        this.engine = engine;
        this.handlers = handlers;
        this.inFlight = inFlight;
        this.out = out;
    }

    /** Hands a message to the engine; does not wait for the answer. False if the transport is stopping. */
    public boolean receive(byte[] bytes) {
        JsonNode message = parse(bytes);
        if (isCancellation(message)) {
            // Here and not in the engine: the request may not have reached it.
            CallControl named = received.get(message.path("params").path("requestId"));
            if (named != null) {
                named.cancel("cancelled by the client");
            }
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
        CallMetadata metadata = CallMetadata.of(control).withConnection(connection);
        try {
            handlers.execute(() -> handle(bytes, metadata, done));
        } catch (RuntimeException e) {
            done.run();
            throw e;
        }
        return true;
    }

    /** Answers a request that {@link #receive} did not take. Anything else gets no answer anyway. */
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
            engine.handle(message, metadata, new Wire(done));
        } catch (RuntimeException | Error e) {
            log.error("A message could not be served", e);
            done.run();
        }
    }

    /** The client sends no more, but may still read. */
    public void closed() {
        connection.closed();
    }

    /** The client has gone. Whether that cancels its calls depends on its protocol revision. */
    public void disconnected() {
        connection.closed();
        open.forEach(CallControl::disconnected);
    }

    /** The message, or a missing node if it is not JSON; the engine answers that. */
    private static JsonNode parse(byte[] message) {
        try {
            return Json.MAPPER.readTree(message);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static boolean isCancellation(JsonNode message) {
        return "notifications/cancelled".equals(message.path("method").textValue()) && !message.has("id");
    }

    /** Passes on the messages of one call, or those that belong to none. */
    private final class Wire implements ReplySink {

        private final Runnable onEnd;

        Wire(Runnable onEnd) {
            this.onEnd = onEnd;
        }

        @Override
        public void notification(ObjectNode message) {
            out.accept(message.toString().getBytes(StandardCharsets.UTF_8));
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
