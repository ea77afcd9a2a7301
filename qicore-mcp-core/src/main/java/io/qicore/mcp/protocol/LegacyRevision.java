package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.interaction.ClientFeature;
import io.qicore.mcp.interaction.InputRequests;
import io.qicore.mcp.interaction.InputResponses;
import io.qicore.mcp.interaction.LogLevel;
import io.qicore.mcp.internal.json.Json;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A revision with an {@code initialize} handshake, served without a session: what the handshake settles, a client says
 * again with each request or carries as its session id.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP 2025-11-25, Lifecycle</a>
 */
final class LegacyRevision implements Revision {

    private final String version;
    private final LegacyShape shape;
    private final ServerRequests serverRequests;

    LegacyRevision(String version, ServerRequests serverRequests) {
        this.version = version;
        this.shape = new LegacyShape(version);
        this.serverRequests = serverRequests;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public void check(Incoming message, CallMetadata metadata) {
        // Nothing is demanded beside the version header, which chose this revision.
    }

    @Override
    public ClientProfile client(Incoming message, CallMetadata metadata) {
        ClientConnection connection = metadata.connection();
        if (connection != null) {
            Set<ClientFeature> features =
                    connection.session().map(LegacySession::features).orElse(Set.of());
            return new ClientProfile(features, connection.logLevel());
        }
        Set<ClientFeature> features =
                session(metadata).map(LegacySession::features).orElse(Set.of());
        // A level that was set is forgotten; without one the choice is the server's.
        return new ClientProfile(features, LogLevel.INFO);
    }

    /** The session that an HTTP client carries. */
    static Optional<LegacySession> session(CallMetadata metadata) {
        return LegacySession.parse(metadata.header("Mcp-Session-Id"));
    }

    @Override
    public Reply.Kind unknownMethod() {
        // For these clients 404 means that their session is gone.
        return Reply.Kind.ERROR;
    }

    @Override
    public int resourceNotFound() {
        return RpcError.LEGACY_RESOURCE_NOT_FOUND;
    }

    @Override
    public boolean disconnectCancels() {
        return false;
    }

    @Override
    public boolean headersRepeatArguments() {
        return false;
    }

    @Override
    public ObjectNode define(ObjectNode definition) {
        return shape.define(definition);
    }

    @Override
    public ObjectNode shape(ObjectNode result, ResultType type) {
        return shape.result(result, type);
    }

    @Override
    public InputResponses inputs(Request request) {
        return InputResponses.NONE;
    }

    /** Asks by requests of our own on the stream of the call, and goes on when every answer is there. */
    @Override
    public void ask(Request request, Call call, InputRequests requests, Resumption again) throws RpcException {
        Set<ClientFeature> missing = EnumSet.noneOf(ClientFeature.class);
        requests.items().values().forEach(item -> {
            if (!call.clientSupports(item.needs())) {
                missing.add(item.needs());
            }
        });
        if (!missing.isEmpty()) {
            throw RpcException.missingCapability(request.method(), missing);
        }
        call.awaitClient();
        Map<String, CompletableFuture<JsonNode>> answers = new LinkedHashMap<>();
        requests.items()
                .forEach((key, item) -> answers.put(key, serverRequests.send(call, item.method(), item.params())));
        JsonNode state = requests.state() == null ? null : Json.MAPPER.valueToTree(requests.state());
        CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .thenRun(() -> {
                    ObjectNode responses = Json.object();
                    answers.forEach((key, answer) -> responses.set(key, answer.join()));
                    call.resume(() -> again.resume(new InputResponses(responses, state)));
                });
    }
}
