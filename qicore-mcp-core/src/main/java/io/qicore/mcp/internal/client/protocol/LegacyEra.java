package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.model.ServerDescription;
import io.qicore.mcp.internal.client.channel.Outgoing;
import io.qicore.mcp.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The revisions before 2026-07-28: a handshake, and perhaps a session, that later messages refer to. */
public final class LegacyEra implements Era {

    private final Declaration declaration;
    private final ServerDescription server;
    private final @Nullable String session;

    LegacyEra(Declaration declaration, ServerDescription server, @Nullable String session) {
        this.declaration = declaration;
        this.server = server;
        this.session = session;
    }

    /** Returns the era before the handshake. */
    static LegacyEra unknown(Declaration declaration) {
        return new LegacyEra(declaration, new ServerDescription("", "", "", List.of(), Json.object(), null), null);
    }

    /** Returns the parameters of {@code initialize}. */
    static ObjectNode handshake(String version, Declaration declaration) {
        ObjectNode params = Json.object().put("protocolVersion", version);
        params.set("capabilities", declaration.capabilities());
        params.set("clientInfo", declaration.info());
        return params;
    }

    /** Reads the result of {@code initialize}. */
    static ServerDescription describe(JsonNode result) {
        JsonNode info = result.path("serverInfo");
        String version = result.path("protocolVersion").asText();
        return new ServerDescription(
                info.path("name").asText(),
                info.path("version").asText(),
                version,
                List.of(version),
                result.path("capabilities") instanceof ObjectNode capabilities ? capabilities : Json.object(),
                result.path("instructions").textValue());
    }

    @Override
    public ServerDescription server() {
        return server;
    }

    /** Returns whether the server keeps a session, which can expire. */
    boolean hasSession() {
        return session != null;
    }

    @Override
    public Outgoing request(long id, String method, ObjectNode params, RequestOptions options) {
        ObjectNode all = Json.object();
        all.setAll(params);
        ObjectNode meta = Json.object();
        if (options.progress()) {
            meta.put("progressToken", id);
        }
        declaration.addTrace(meta);
        if (!meta.isEmpty()) {
            all.set("_meta", meta);
        }
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
        if (!all.isEmpty()) {
            message.set("params", all);
        }
        return new Outgoing(message, headers(), true);
    }

    @Override
    public Outgoing notification(String method, ObjectNode params) {
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("method", method);
        if (!params.isEmpty()) {
            message.set("params", params);
        }
        return new Outgoing(message, headers(), true);
    }

    /** Returns the response to a request of the server as it is sent. */
    Outgoing response(ObjectNode response) {
        return new Outgoing(response, headers(), true);
    }

    /** Returns the headers of a message in the session. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        // Servers of the older two revisions do not know the header.
        if (server.protocolVersion().compareTo("2025-06-18") >= 0) {
            headers.put("MCP-Protocol-Version", server.protocolVersion());
        }
        if (session != null) {
            headers.put("Mcp-Session-Id", session);
        }
        return headers;
    }
}
