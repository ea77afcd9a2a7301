package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.engine.call.Handshake;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.revision.LegacySession;
import io.qicore.mcp.internal.engine.revision.Revisions;
import io.qicore.mcp.internal.engine.rpc.ClientProfile;
import io.qicore.mcp.internal.engine.rpc.LogLevels;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code server/discover}, and {@code initialize}, {@code ping} and {@code logging/setLevel} of older
 * revisions.
 */
public final class LifecycleMethods {

    private final ObjectNode implementation;
    private final @Nullable String instructions;
    private final Revisions revisions;
    private final Capabilities capabilities;

    LifecycleMethods(
            ObjectNode implementation, @Nullable String instructions, Revisions revisions, Capabilities capabilities) {
        this.implementation = implementation;
        this.instructions = instructions;
        this.revisions = revisions;
        this.capabilities = capabilities;
    }

    void discover(Call call) {
        ObjectNode result = Json.object();
        Revisions.supportedVersions().forEach(result.putArray("supportedVersions")::add);
        result.set("capabilities", capabilities.modern());
        putInstructions(result);
        call.complete(result, Revision.ResultType.CACHEABLE);
    }

    void initialize(Call call) throws RpcException {
        Request request = call.request();
        String version = revisions.negotiate(request.text("protocolVersion")).version();
        Set<ClientFeature> features = new TreeSet<>(ClientProfile.features(request.object("capabilities")));
        // Tasks are an extension of the stateless revision, even if the client declares it.
        features.remove(ClientFeature.TASKS);
        Handshake handshake = new Handshake(version, features);
        ConnectionState connection = ConnectionState.of(request.metadata());
        if (connection != null) {
            connection.initialized(handshake);
        }
        ObjectNode result = Json.object().put("protocolVersion", version);
        result.set("capabilities", capabilities.legacy(request.metadata()));
        // A copy, from which an older revision removes members that it does not have.
        result.set("serverInfo", implementation.deepCopy());
        putInstructions(result);
        // Only a client that can be asked has to repeat its handshake with each request.
        boolean carried = connection == null && !features.isEmpty();
        call.complete(
                result,
                Revision.ResultType.PLAIN,
                carried ? Map.of(Reply.SESSION, LegacySession.encode(handshake, call.caller())) : Map.of());
    }

    void ping(Call call) {
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    void setLogLevel(Call call) throws RpcException {
        Request request = call.request();
        JsonNode level = request.params().path("level");
        ConnectionState connection = ConnectionState.of(request.metadata());
        if (connection == null) {
            LogLevels.parse(level);
        } else {
            connection.setLogLevel(LogLevels.parse(level));
        }
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    private void putInstructions(ObjectNode result) {
        if (instructions != null) {
            result.put("instructions", instructions);
        }
    }
}
