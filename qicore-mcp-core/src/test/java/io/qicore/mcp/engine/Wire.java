package io.qicore.mcp.engine;

import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Messages and metadata as clients send them. */
public final class Wire {

    static final String META = """
            "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28",\
             "io.modelcontextprotocol/clientCapabilities": {}}""";

    private Wire() {}

    public static MCPEngine.Builder engine(Gate gate) {
        return MCPEngine.builder(new ServerInfo("test", "1.0", "Test", "Be careful."))
                .tools(TestServer.tools(gate))
                .callTimeout(Duration.ofSeconds(20));
    }

    public static MCPEngine engine() {
        return engine(new Gate()).build();
    }

    public static String modern(String method) {
        return message("1", method, "{" + META + "}");
    }

    /** A request with parameters of its own, given as members, of a client with the given capabilities. */
    public static String modern(String method, String params, String capabilities) {
        String meta = META.replace("Capabilities\": {}", "Capabilities\": " + capabilities);
        return message("1", method, "{" + (params.isEmpty() ? "" : params + ", ") + meta + "}");
    }

    /** A request of a client with capabilities; parameters without the braces. */
    public static String modern(String id, String method, String params, String capabilities) {
        String meta = """
                "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28",\
                 "io.modelcontextprotocol/clientCapabilities": %s}""".formatted(capabilities);
        return message(id, method, "{" + (params.isEmpty() ? "" : params + ", ") + meta + "}");
    }

    public static String modernCall(String tool, String arguments) {
        return modernCall("1", tool, arguments);
    }

    public static String modernCall(String id, String tool, String arguments) {
        return message(id, "tools/call", """
                {"name": "%s", "arguments": %s, %s}""".formatted(tool, arguments, META));
    }

    public static String legacy(String method, String params) {
        return message("1", method, params);
    }

    public static String legacyCall(String tool, String arguments) {
        return legacyCall("1", tool, arguments);
    }

    public static String legacyCall(String id, String tool, String arguments) {
        return message(id, "tools/call", """
                {"name": "%s", "arguments": %s}""".formatted(tool, arguments));
    }

    public static String message(String id, String method, String params) {
        return """
                {"jsonrpc": "2.0", "id": %s, "method": "%s", "params": %s}""".formatted(id, method, params);
    }

    public static String cancelled(String id) {
        return """
                {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": %s}}""".formatted(id);
    }

    /** Metadata with headers, given as name, value, name, value… */
    public static CallMetadata headers(String... namesAndValues) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i].toLowerCase(Locale.ROOT), namesAndValues[i + 1]);
        }
        return CallMetadata.none().withHeaders(name -> headers.get(name.toLowerCase(Locale.ROOT)));
    }

    public static CallMetadata on(ClientConnection connection) {
        return CallMetadata.none().withConnection(connection);
    }

    /** Metadata of an authenticated caller. */
    public static CallMetadata as(String principal) {
        return CallMetadata.none().withCaller(Caller.of(principal));
    }

    public static CallMetadata with(CallControl control) {
        return CallMetadata.of(control);
    }
}
