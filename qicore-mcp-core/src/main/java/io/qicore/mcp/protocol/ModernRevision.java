package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerInfo;
import io.qicore.mcp.tool.MCPTool;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * MCP 2026-07-28, the stateless revision: every request carries its own metadata.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic">MCP 2026-07-28, Base protocol</a>
 */
final class ModernRevision implements Revision {

    static final String VERSION = "2026-07-28";

    private static final String META = "io.modelcontextprotocol/";
    private static final String META_VERSION = META + "protocolVersion";
    private static final String META_CAPABILITIES = META + "clientCapabilities";
    private static final String META_SERVER_INFO = META + "serverInfo";

    /** The parameter that {@code Mcp-Name} repeats. */
    private static final Map<String, String> NAMED =
            Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

    private static final String BASE64_PREFIX = "=?base64?";
    private static final String BASE64_SUFFIX = "?=";

    /** How long a client may keep what it was told; lists change only with a new release of the server. */
    private static final long TTL_MILLIS = 60_000;

    private final List<String> supportedVersions;
    private final ObjectNode serverInfo;

    ModernRevision(ServerInfo info, List<String> supportedVersions) {
        this.supportedVersions = supportedVersions;
        this.serverInfo = Json.object();
        ObjectNode implementation = serverInfo.putObject(META_SERVER_INFO);
        implementation.put("name", info.name()).put("version", info.version());
        if (info.title() != null) {
            implementation.put("title", info.title());
        }
    }

    /** Whether a message claims to be of this kind of revision. */
    static boolean isMeant(Incoming message) {
        return message.params().path("_meta").has(META_VERSION);
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public void check(Incoming message, CallMetadata metadata) throws RpcException {
        String claimed = checkMeta(message.params().path("_meta"));
        if (metadata.headers() != null) {
            requireEqual("MCP-Protocol-Version", metadata.header("MCP-Protocol-Version"), claimed);
        }
        if (!claimed.equals(VERSION)) {
            throw unsupported(claimed, supportedVersions);
        }
        if (metadata.headers() != null) {
            requireEqual("Mcp-Method", metadata.header("Mcp-Method"), message.method());
            String parameter = NAMED.get(message.method());
            if (parameter != null && message.params().path(parameter).isTextual()) {
                requireEqual(
                        "Mcp-Name",
                        decoded("Mcp-Name", metadata.header("Mcp-Name")),
                        message.params().get(parameter).textValue());
            }
        }
    }

    static RpcException unsupported(String requested, List<String> supported) {
        ObjectNode data = Json.object();
        supported.forEach(data.putArray("supported")::add);
        data.put("requested", requested);
        return RpcException.badRequest(
                RpcError.UNSUPPORTED_PROTOCOL_VERSION, "Protocol version " + requested + " is not served here.", data);
    }

    private static String checkMeta(JsonNode meta) throws RpcException {
        JsonNode version = meta.path(META_VERSION);
        if (!version.isTextual()) {
            throw RpcException.badRequest(RpcError.INVALID_PARAMS, "_meta needs " + META_VERSION + ", a string.");
        }
        if (!meta.path(META_CAPABILITIES).isObject()) {
            throw RpcException.badRequest(RpcError.INVALID_PARAMS, "_meta needs " + META_CAPABILITIES + ", an object.");
        }
        return version.textValue();
    }

    private static void requireEqual(String header, @Nullable String value, String wanted) throws RpcException {
        if (value == null) {
            throw RpcException.badRequest(RpcError.HEADER_MISMATCH, "The header " + header + " is missing.");
        }
        if (!value.strip().equals(wanted)) {
            throw RpcException.badRequest(
                    RpcError.HEADER_MISMATCH, "The header " + header + " does not agree with the message.");
        }
    }

    private static @Nullable String decoded(String header, @Nullable String value) throws RpcException {
        if (value == null
                || value.length() < BASE64_PREFIX.length() + BASE64_SUFFIX.length()
                || !value.startsWith(BASE64_PREFIX)
                || !value.endsWith(BASE64_SUFFIX)) {
            return value;
        }
        String encoded = value.substring(BASE64_PREFIX.length(), value.length() - BASE64_SUFFIX.length());
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RpcException.badRequest(
                    RpcError.HEADER_MISMATCH, "The header " + header + " is not valid base64 after " + BASE64_PREFIX);
        }
    }

    @Override
    public Reply.Kind unknownMethod() {
        return Reply.Kind.METHOD_NOT_FOUND;
    }

    @Override
    public boolean disconnectCancels() {
        return true;
    }

    @Override
    public ObjectNode describe(MCPTool tool) {
        ObjectNode described = Json.object().put("name", tool.name());
        if (tool.title() != null) {
            described.put("title", tool.title());
        }
        described.put("description", tool.description());
        described.set("inputSchema", tool.inputSchema());
        ObjectNode outputSchema = tool.outputSchema();
        if (outputSchema != null) {
            described.set("outputSchema", outputSchema);
        }
        described.set("annotations", Json.MAPPER.valueToTree(tool.annotations()));
        return described;
    }

    @Override
    public ObjectNode shape(ObjectNode result, ResultType type, boolean toolHasOutputSchema) {
        result.put("resultType", "complete");
        if (type == ResultType.CACHEABLE) {
            // Private: once there is authorisation, a list may depend on the caller.
            result.put("ttlMs", TTL_MILLIS).put("cacheScope", "private");
        }
        result.set("_meta", serverInfo);
        return result;
    }
}
