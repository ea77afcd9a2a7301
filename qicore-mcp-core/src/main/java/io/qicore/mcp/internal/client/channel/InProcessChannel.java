package io.qicore.mcp.internal.client.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.endpoint.InProcessEndpoint;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.json.Json;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Calls the engine of a server in this JVM, with the same bytes that other transports send. */
public final class InProcessChannel implements Channel {

    private final InProcessEndpoint endpoint;
    private final ExecutorService executor = Threads.perTask("mcp-in-process");
    private final Set<CallControl> inFlight = ConcurrentHashMap.newKeySet();
    private final ClientConnection connection = MCPEngine.newConnection(new Answers(null, () -> {}));
    private volatile @Nullable Inbox inbox;

    /** Creates the channel to a server. */
    public InProcessChannel(InProcessEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void open(Inbox receiver) {
        inbox = receiver;
    }

    @Override
    public Exchange send(Outgoing message) {
        CallControl control = new CallControl();
        Runnable done = () -> inFlight.remove(control);
        Answers answers = new Answers(message.requestId(), done);
        CallMetadata caller = CallMetadata.of(control).withCaller(endpoint.caller());
        CallMetadata metadata = message.hasSession() ? caller.withConnection(connection) : caller;
        byte[] bytes = Json.bytes(message.message());
        CompletableFuture<Void> delivered = new CompletableFuture<>();
        inFlight.add(control);
        try {
            executor.execute(() -> {
                try {
                    endpoint.server().engine().handle(bytes, metadata, answers);
                } catch (RuntimeException e) {
                    answers.fail(new MCPConnectionException(endpoint + " failed: " + e.getMessage(), e));
                } finally {
                    delivered.complete(null);
                }
            });
        } catch (RejectedExecutionException e) {
            answers.fail(new MCPConnectionException("The client of " + endpoint + " is closed.", e));
            delivered.completeExceptionally(e);
        }
        return new Exchange() {
            @Override
            public CompletableFuture<?> delivered() {
                return delivered;
            }

            @Override
            public void end() {
                control.disconnected();
            }
        };
    }

    @Override
    public boolean isCancelledByEnding() {
        return true;
    }

    @Override
    public void close() {
        connection.closed();
        inFlight.forEach(CallControl::disconnected);
        executor.shutdownNow();
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }

    /** Receives what the engine answers to one message, or sends without one. */
    private final class Answers implements ReplySink {

        private final @Nullable Long request;
        private final Runnable done;

        Answers(@Nullable Long request, Runnable done) {
            this.request = request;
            this.done = done;
        }

        @Override
        public void notification(ObjectNode message) {
            receive(Json.bytes(message));
        }

        @Override
        public void reply(Reply reply) {
            done.run();
            if (reply.kind() != Reply.Kind.ACCEPTED) {
                receive(reply.toBytes());
            }
        }

        private void receive(byte[] bytes) {
            // Parsed anew, so that the client and the engine do not share trees that either can modify.
            JsonNode message = MessageJson.parse(bytes, endpoint);
            inbox().received(Arrival.of(message, request));
        }

        @Override
        public void cancelled() {
            fail(new MCPConnectionException(endpoint + " was stopped before it answered.", null));
        }

        void fail(MCPConnectionException why) {
            done.run();
            if (request != null) {
                inbox().failed(request, why);
            }
        }

        private Inbox inbox() {
            return Objects.requireNonNull(inbox, "open() has not been called");
        }
    }
}
