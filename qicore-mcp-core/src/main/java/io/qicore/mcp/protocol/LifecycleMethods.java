package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.interaction.ClientFeature;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerInfo;
import java.util.Set;

/** How a client learns what a server is: {@code server/discover}, and what there was before it. */
final class LifecycleMethods {

    private final ServerInfo info;
    private final Revisions revisions;
    private final Capabilities capabilities;

    LifecycleMethods(ServerInfo info, Revisions revisions, Capabilities capabilities) {
        this.info = info;
        this.revisions = revisions;
        this.capabilities = capabilities;
    }

    void discover(Request request, Call call) {
        ObjectNode result = Json.object();
        Revisions.supportedVersions().forEach(result.putArray("supportedVersions")::add);
        result.set("capabilities", capabilities.modern());
        putInstructions(result);
        call.complete(result, Revision.ResultType.CACHEABLE);
    }

    void initialize(Request request, Call call) throws RpcException {
        String version = revisions.negotiate(request.text("protocolVersion")).version();
        Set<ClientFeature> features = ClientProfile.features(request.object("capabilities"));
        // An extension of the stateless revision, whatever the client says.
        features.remove(ClientFeature.TASKS);
        LegacySession session = new LegacySession(version, features);
        ClientConnection connection = request.metadata().connection();
        if (connection != null) {
            connection.initialized(session);
        }
        ObjectNode result = Json.object().put("protocolVersion", version);
        result.set("capabilities", capabilities.legacy(request.metadata()));
        ObjectNode implementation =
                result.putObject("serverInfo").put("name", info.name()).put("version", info.version());
        if (info.title() != null) {
            implementation.put("title", info.title());
        }
        putInstructions(result);
        // Only a client that can be asked something needs to tell us so again.
        boolean carried = connection == null && !features.isEmpty();
        call.complete(result, Revision.ResultType.PLAIN, carried ? session.encode() : null);
    }

    void ping(Request request, Call call) {
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    void setLogLevel(Request request, Call call) throws RpcException {
        JsonNode level = request.params().path("level");
        ClientConnection connection = request.metadata().connection();
        if (connection == null) {
            LogLevels.parse(level);
        } else {
            connection.setLogLevel(LogLevels.parse(level));
        }
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    private void putInstructions(ObjectNode result) {
        if (info.instructions() != null) {
            result.put("instructions", info.instructions());
        }
    }
}
