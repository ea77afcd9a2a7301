package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.model.ServerDescription;
import io.qicore.mcp.internal.client.channel.Outgoing;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.header.HeaderText;
import io.qicore.mcp.internal.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Revision 2026-07-28: each request says for itself what it needs. */
public final class ModernEra implements Era {

    private static final String PREFIX = "io.modelcontextprotocol/";

    /** The member of the parameters that a header repeats, by method. */
    private static final Map<String, String> NAMES = Map.of(
            MethodNames.CALL_TOOL, "name",
            MethodNames.GET_PROMPT, "name",
            MethodNames.READ_RESOURCE, "uri",
            MethodNames.GET_TASK, "taskId",
            MethodNames.UPDATE_TASK, "taskId",
            MethodNames.CANCEL_TASK, "taskId");

    private final String version;
    private final Declaration declaration;
    private final ServerDescription server;
    private final ObjectNode capabilities;

    /**
     * @param version the revision
     * @param server the server, as {@link #describe} reads it
     */
    ModernEra(String version, Declaration declaration, ServerDescription server) {
        this.version = version;
        this.declaration = declaration;
        this.server = server;
        this.capabilities = declaration.modernCapabilities();
    }

    /** Returns the era before the server has described itself. */
    static ModernEra unknown(String version, Declaration declaration) {
        return new ModernEra(
                version, declaration, new ServerDescription("", "", version, List.of(), Json.object(), null));
    }

    /** Reads the result of {@code server/discover}. */
    static ServerDescription describe(String version, JsonNode result) {
        JsonNode info = result.path("_meta").path(PREFIX + "serverInfo");
        List<String> versions = new ArrayList<>();
        result.path("supportedVersions").forEach(supported -> versions.add(supported.asText()));
        return new ServerDescription(
                info.path("name").asText(),
                info.path("version").asText(),
                version,
                versions,
                result.path("capabilities") instanceof ObjectNode capabilities ? capabilities : Json.object(),
                result.path("instructions").textValue());
    }

    /** Returns the revision. */
    String version() {
        return version;
    }

    @Override
    public ServerDescription server() {
        return server;
    }

    @Override
    public Outgoing request(long id, String method, ObjectNode params, RequestOptions options) {
        ObjectNode meta = Json.object().put(PREFIX + "protocolVersion", version);
        meta.set(PREFIX + "clientInfo", declaration.info());
        meta.set(PREFIX + "clientCapabilities", capabilities);
        String level = declaration.level();
        if (level != null) {
            meta.put(PREFIX + "logLevel", level);
        }
        if (options.progress()) {
            meta.put("progressToken", id);
        }
        declaration.addTrace(meta);
        ObjectNode all = Json.object();
        all.setAll(params);
        all.set("_meta", meta);
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", all);
        Map<String, String> headers = headers(method);
        String name = params.path(NAMES.getOrDefault(method, "")).textValue();
        if (name != null) {
            headers.put("Mcp-Name", HeaderText.encode(name));
        }
        headers.putAll(options.headers());
        return new Outgoing(message, headers, false);
    }

    @Override
    public Outgoing notification(String method, ObjectNode params) {
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        return new Outgoing(message, headers(method), false);
    }

    private Map<String, String> headers(String method) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("MCP-Protocol-Version", version);
        headers.put("Mcp-Method", method);
        return headers;
    }
}
