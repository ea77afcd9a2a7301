package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerInfo;

/** How a client learns what a server is: {@code server/discover}, and {@code initialize} and {@code ping} before it. */
final class LifecycleMethods {

    private final ServerInfo info;
    private final Revisions revisions;
    private final ObjectNode capabilities;

    LifecycleMethods(ServerInfo info, Revisions revisions, ObjectNode capabilities) {
        this.info = info;
        this.revisions = revisions;
        this.capabilities = capabilities;
    }

    void discover(Request request, Call call) {
        ObjectNode result = Json.object();
        revisions.supported().forEach(result.putArray("supportedVersions")::add);
        result.set("capabilities", capabilities);
        putInstructions(result);
        call.complete(result, Revision.ResultType.CACHEABLE, false);
    }

    void initialize(Request request, Call call) throws RpcException {
        String version = revisions.negotiate(request.text("protocolVersion")).version();
        ClientConnection connection = request.metadata().connection();
        if (connection != null) {
            connection.negotiated(version);
        }
        ObjectNode result = Json.object().put("protocolVersion", version);
        result.set("capabilities", capabilities);
        ObjectNode implementation =
                result.putObject("serverInfo").put("name", info.name()).put("version", info.version());
        if (info.title() != null) {
            implementation.put("title", info.title());
        }
        putInstructions(result);
        call.complete(result, Revision.ResultType.PLAIN, false);
    }

    void ping(Request request, Call call) {
        call.complete(Json.object(), Revision.ResultType.PLAIN, false);
    }

    private void putInstructions(ObjectNode result) {
        if (info.instructions() != null) {
            result.put("instructions", info.instructions());
        }
    }
}
