package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;

/**
 * A revision with an {@code initialize} handshake, served without a session: what the handshake settles, a client says
 * again with each request or does not need.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP 2025-11-25, Lifecycle</a>
 */
final class LegacyRevision implements Revision {

    private final String version;
    private final Revision newest;

    /**
     * @param version the date that names it
     * @param newest the newest revision, which this one's answers are derived from
     */
    LegacyRevision(String version, Revision newest) {
        this.version = version;
        this.newest = newest;
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
    public Reply.Kind unknownMethod() {
        // For these clients 404 means that their session is gone.
        return Reply.Kind.ERROR;
    }

    @Override
    public boolean disconnectCancels() {
        return false;
    }

    @Override
    public ObjectNode describe(MCPTool tool) {
        return newest.describe(tool);
    }

    @Override
    public ObjectNode shape(ObjectNode result, ResultType type, boolean toolHasOutputSchema) {
        JsonNode structured = result.get("structuredContent");
        if (structured != null && !structured.isObject()) {
            // These clients take objects only.
            ObjectNode wrapped = Json.object();
            wrapped.set("result", structured);
            result.set("structuredContent", wrapped);
        }
        if (toolHasOutputSchema && result.path("isError").booleanValue()) {
            // Their SDKs check structured content against the output schema even if it reports an error, and then hide
            // the error. The text content says the same.
            result.remove("structuredContent");
        }
        return result;
    }
}
