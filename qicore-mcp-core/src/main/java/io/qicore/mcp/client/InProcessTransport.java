package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.server.StatelessMCPServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls the engine of a server in this JVM, with the same bytes that other transports send. */
final class InProcessTransport implements ClientTransport {

    private final StatelessMCPServer server;
    private final Caller caller;
    private final ExecutorService executor = Threads.perTask("mcp-in-process");

    InProcessTransport(StatelessMCPServer server, Caller caller) {
        this.server = server;
        this.caller = caller;
    }

    @Override
    public ServerAnswer exchange(ObjectNode request, Duration timeout) throws InterruptedException {
        CompletableFuture<JsonNode> response = new CompletableFuture<>();
        CallControl control = new CallControl();
        byte[] message = Messages.toBytes(request);
        execute(() -> {
            try {
                server.engine().handle(message, CallMetadata.of(control).withCaller(caller), new ReplySink() {
                    @Override
                    public void reply(Reply reply) {
                        response.complete(Messages.parse(reply.toBytes(), InProcessTransport.this));
                    }

                    @Override
                    public void cancelled() {
                        response.completeExceptionally(new MCPConnectionException(
                                server.info().name() + " was stopped before it answered.", null));
                    }
                });
            } catch (RuntimeException e) {
                response.completeExceptionally(e);
            }
        });
        try {
            return new ServerAnswer(response.get(timeout.toMillis(), TimeUnit.MILLISECONDS), null);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MCPClientException known
                    ? known
                    : new MCPConnectionException(
                            this + " failed: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new MCPConnectionException(this + " did not answer within " + timeout + ".", e);
        } finally {
            if (!response.isDone()) {
                control.disconnected();
            }
        }
    }

    private void execute(Runnable call) {
        try {
            executor.execute(call);
        } catch (RejectedExecutionException e) {
            throw new MCPConnectionException("The client of " + this + " is closed.", e);
        }
    }

    @Override
    public String toString() {
        return server.info().name();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
