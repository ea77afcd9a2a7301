package io.qicore.mcp.interop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.MCPClientBuilder;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.handler.Root;
import io.qicore.mcp.client.model.LogMessage;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.LogLevel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A way to a foreign server.
 *
 * @param name the server, the transport and the revisions that the client may use
 * @param endpoint where it is
 * @param mode the revisions that the client may use
 * @param revision the revision that they must agree on
 * @param sdk what the server is built on
 * @param connected whether the server keeps a connection to the client in this way, so that it can ask and tell
 */
record Target(String name, ServerEndpoint endpoint, ProtocolMode mode, String revision, Sdk sdk, boolean connected) {

    /** What a server is built on. */
    enum Sdk {
        JAVA,
        TYPESCRIPT
    }

    boolean isModern() {
        return revision.equals(ProtocolMode.MODERN_VERSION);
    }

    /** Returns whether the revision in use is this one or a later one. */
    boolean has(String since) {
        return revision.compareTo(since) >= 0;
    }

    /** Returns a client with a handler for each question, and the log messages that it receives. */
    Connection connect() {
        Queue<LogMessage> log = new ConcurrentLinkedQueue<>();
        return new Connection(
                asking(endpoint, mode).onLog(LogLevel.WARNING, log::add).build(), log);
    }

    /** Returns a client without handlers. */
    MCPClient plain() {
        return MCPClient.builder(endpoint)
                .protocol(mode)
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    static MCPClientBuilder asking(ServerEndpoint endpoint, ProtocolMode mode) {
        return MCPClient.builder(endpoint)
                .protocol(mode)
                .timeout(Duration.ofSeconds(10))
                .onForm(form -> form.accept(Map.of("name", "Ada")))
                .onPage(page -> page.url().getHost().equals("login.example") ? page.accept() : page.decline())
                .onSampling(Target::sample)
                .onRoots(() -> List.of(new Root(URI.create("file:///srv/project"), "project")));
    }

    private static ObjectNode sample(ObjectNode params) {
        String prompt =
                params.path("messages").path(0).path("content").path("text").asText();
        ObjectNode answer =
                Json.object().put("role", "assistant").put("model", "echo-1").put("stopReason", "endTurn");
        answer.putObject("content")
                .put("type", "text")
                .put("text", prompt + " within " + params.path("maxTokens").asInt());
        return answer;
    }

    /**
     * A client and the log messages that it has received.
     *
     * @param client the client
     * @param log the messages so far
     */
    record Connection(MCPClient client, Queue<LogMessage> log) implements AutoCloseable {

        @Override
        public void close() {
            client.close();
        }
    }
}
