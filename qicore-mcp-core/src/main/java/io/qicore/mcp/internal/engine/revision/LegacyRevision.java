package io.qicore.mcp.internal.engine.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.engine.call.Handshake;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.call.ServerRequests;
import io.qicore.mcp.internal.engine.rpc.ClientProfile;
import io.qicore.mcp.internal.engine.rpc.Incoming;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.header.Accept;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;
import io.qicore.mcp.tool.LogLevel;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A revision with an {@code initialize} handshake, served without a session on the server. An HTTP client carries the
 * result of the handshake as its session id; on other transports the connection keeps it.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP 2025-11-25, Lifecycle</a>
 */
public final class LegacyRevision implements Revision {

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
    public void check(Incoming message, CallMetadata metadata) throws RpcException {
        // The revision requires only the version header, by which it was selected. A client that initializes begins
        // anew.
        if (!message.method().equals(MethodNames.INITIALIZE)
                && LegacySession.isOfAnother(metadata.header(Reply.SESSION), metadata.caller())) {
            throw RpcException.sessionNotFound();
        }
    }

    @Override
    public ClientProfile client(Incoming message, CallMetadata metadata) {
        ConnectionState connection = ConnectionState.of(metadata);
        if (connection != null) {
            Set<ClientFeature> features =
                    connection.handshake().map(Handshake::features).orElse(Set.of());
            return new ClientProfile(features, connection.logLevel());
        }
        // Without a stream, a question would not reach the client.
        Set<ClientFeature> features = takesStreams(metadata)
                ? handshake(metadata).map(Handshake::features).orElse(Set.of())
                : Set.of();
        // The level of logging/setLevel is not kept, and without a level the server chooses.
        return new ClientProfile(features, LogLevel.INFO);
    }

    private static boolean takesStreams(CallMetadata metadata) {
        return Accept.of(metadata.header("Accept")).events();
    }

    /** Returns the handshake that an HTTP client carries as its session id. */
    static Optional<Handshake> handshake(CallMetadata metadata) {
        return LegacySession.parse(metadata.header(Reply.SESSION));
    }

    @Override
    public Reply.Kind unknownMethod() {
        // For these clients, 404 means that their session does not exist any more.
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

    /** Sends the questions as requests on the stream of the call, and continues when all answers have arrived. */
    @Override
    public void ask(Call call, InputRequests requests, Resumption again) throws RpcException {
        Request request = call.request();
        Set<ClientFeature> missing = EnumSet.noneOf(ClientFeature.class);
        requests.items().values().forEach(item -> {
            if (!call.clientSupports(item.needs())) {
                missing.add(item.needs());
            }
        });
        if (!missing.isEmpty()) {
            // These clients read the error only if the status is 200.
            throw RpcException.missingCapability(Reply.Kind.ERROR, request.method(), missing);
        }
        call.awaitClient();
        Map<String, CompletableFuture<JsonNode>> answers = new LinkedHashMap<>();
        requests.items()
                .forEach((key, item) ->
                        answers.put(key, serverRequests.send(call, item.method(), shape.question(item))));
        JsonNode state = requests.state() == null ? null : Json.MAPPER.valueToTree(requests.state());
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new));
        // In these revisions a disconnect does not cancel, but here nobody is left to answer the question.
        request.metadata().control().onDisconnect(() -> {
            if (!all.isDone()) {
                call.cancel();
            }
        });
        all.whenComplete((nothing, refused) -> call.resume(self -> {
            if (refused != null) {
                throw RpcException.internal(request.method() + " needs an answer: "
                        + (refused.getCause() == null ? refused : refused.getCause()).getMessage());
            }
            ObjectNode responses = Json.object();
            answers.forEach((key, answer) -> responses.set(key, answer.join()));
            again.resume(new InputResponses(responses, state));
        }));
    }
}
