package io.qicore.mcp.internal.engine.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.rpc.ClientProfile;
import io.qicore.mcp.internal.engine.rpc.Incoming;
import io.qicore.mcp.internal.engine.rpc.LogLevels;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.header.HeaderText;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MCP 2026-07-28, the stateless revision: every request carries its own metadata.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic">MCP 2026-07-28, Base protocol</a>
 */
public final class ModernRevision implements Revision {

    public static final String VERSION = "2026-07-28";

    private static final String META = "io.modelcontextprotocol/";
    private static final String META_VERSION = META + "protocolVersion";
    private static final String META_CAPABILITIES = META + "clientCapabilities";
    private static final String META_SERVER_INFO = META + "serverInfo";
    private static final String META_LOG_LEVEL = META + "logLevel";

    /** The parameter that {@code Mcp-Name} repeats. */
    private static final Map<String, String> NAMED = Map.of(
            MethodNames.CALL_TOOL, "name",
            MethodNames.GET_PROMPT, "name",
            MethodNames.READ_RESOURCE, "uri",
            MethodNames.GET_TASK, "taskId",
            MethodNames.UPDATE_TASK, "taskId",
            MethodNames.CANCEL_TASK, "taskId");

    /** How long a client may cache a list. Lists usually change only with a new release of the server. */
    private static final long TTL_MILLIS = 60_000;

    private final List<String> supportedVersions;
    private final StateSeal seal;
    private final ObjectNode serverInfo;

    /** @param implementation the server's name, version and title as MCP shows them */
    public ModernRevision(ObjectNode implementation, List<String> supportedVersions, StateSeal seal) {
        this.supportedVersions = supportedVersions;
        this.seal = seal;
        this.serverInfo = Json.object();
        serverInfo.set(META_SERVER_INFO, implementation);
    }

    /** Returns whether a message claims to be of this revision. */
    public static boolean isMeant(Incoming message) {
        return isMeant(message.params());
    }

    /** Returns whether parameters claim to be of this revision. */
    public static boolean isMeant(JsonNode params) {
        return params.path("_meta").has(META_VERSION);
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public void check(Incoming message, CallMetadata metadata) throws RpcException {
        String claimed = checkMeta(message.params().path("_meta"));
        if (metadata.hasHeaders()) {
            requireEqual("MCP-Protocol-Version", metadata.header("MCP-Protocol-Version"), claimed);
        }
        if (!claimed.equals(VERSION)) {
            throw unsupported(claimed, supportedVersions);
        }
        if (metadata.hasHeaders()) {
            requireEqual("Mcp-Method", metadata.header("Mcp-Method"), message.method());
            String parameter = NAMED.get(message.method());
            if (parameter != null) {
                checkName(metadata.header("Mcp-Name"), message.params().get(parameter));
            }
        }
    }

    private static void checkName(@Nullable String header, @Nullable JsonNode name) throws RpcException {
        if (name != null && name.isTextual()) {
            requireEqual("Mcp-Name", header == null ? null : decoded("Mcp-Name", header), name.textValue());
        } else if (header != null) {
            // A gateway has routed the message by a name that it does not have.
            throw mismatch("Mcp-Name");
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
        if (!HeaderText.trim(value).equals(wanted)) {
            throw mismatch(header);
        }
    }

    private static RpcException mismatch(String header) {
        return RpcException.badRequest(
                RpcError.HEADER_MISMATCH, "The header " + header + " does not agree with the message.");
    }

    /** Returns the text of a header that may have the Base64 form, which texts that are not plain ASCII must have. */
    static String decoded(String header, String value) throws RpcException {
        String plain = HeaderText.trim(value);
        if (!HeaderText.isPlain(plain)) {
            throw RpcException.badRequest(
                    RpcError.HEADER_MISMATCH,
                    "The header " + header + " has characters that are not visible ASCII: send it in Base64.");
        }
        String text = HeaderText.decode(plain);
        if (text == null) {
            throw RpcException.badRequest(
                    RpcError.HEADER_MISMATCH,
                    "The header " + header + " is not UTF-8 in padded base64 after =?base64?.");
        }
        return text;
    }

    @Override
    public Reply.Kind unknownMethod() {
        return Reply.Kind.NOT_FOUND;
    }

    @Override
    public boolean disconnectCancels() {
        return true;
    }

    @Override
    public int resourceNotFound() {
        return RpcError.INVALID_PARAMS;
    }

    @Override
    public boolean headersRepeatArguments() {
        return true;
    }

    @Override
    public ClientProfile client(Incoming message, CallMetadata metadata) throws RpcException {
        JsonNode meta = message.params().path("_meta");
        JsonNode level = meta.get(META_LOG_LEVEL);
        return new ClientProfile(
                ClientProfile.features(meta.path(META_CAPABILITIES)), level == null ? null : LogLevels.parse(level));
    }

    @Override
    public ObjectNode define(ObjectNode definition) {
        return definition;
    }

    @Override
    public ObjectNode shape(ObjectNode result, ResultType type) {
        result.put(
                "resultType",
                switch (type) {
                    case INPUT_REQUIRED -> "input_required";
                    case TASK -> "task";
                    default -> "complete";
                });
        if (type == ResultType.CACHEABLE) {
            // Private: what a caller sees depends on its rights, and no one else may see the list of an authenticated
            // server.
            result.put("ttlMs", TTL_MILLIS).put("cacheScope", "private");
        }
        ObjectNode meta = result.path("_meta") instanceof ObjectNode own ? own : result.putObject("_meta");
        meta.setAll(serverInfo);
        return result;
    }

    @Override
    public InputResponses inputs(Request request) throws RpcException {
        JsonNode state = request.params().get("requestState");
        JsonNode responses = request.params().get("inputResponses");
        if (state == null && responses == null) {
            return InputResponses.NONE;
        }
        if (state != null && !state.isTextual()) {
            throw RpcException.invalidParams("\"requestState\" must be a string.");
        }
        if (responses != null && !responses.isObject()) {
            throw RpcException.invalidParams("\"inputResponses\" must be an object.");
        }
        return new InputResponses(
                responses == null ? Json.object() : (ObjectNode) responses,
                state == null ? null : seal.open(request, state.textValue()));
    }

    @Override
    public void ask(Call call, InputRequests requests, Resumption again) throws RpcException {
        Request request = call.request();
        Set<ClientFeature> missing = EnumSet.noneOf(ClientFeature.class);
        ObjectNode result = Json.object();
        ObjectNode wanted = requests.items().isEmpty() ? null : result.putObject("inputRequests");
        requests.items().forEach((key, item) -> {
            if (!call.clientSupports(item.needs())) {
                missing.add(item.needs());
            }
            ObjectNode one = wanted.putObject(key).put("method", item.method());
            if (!item.params().isEmpty()) {
                one.set("params", item.params());
            }
        });
        if (!missing.isEmpty()) {
            throw RpcException.missingCapability(Reply.Kind.BAD_REQUEST, request.method(), missing);
        }
        if (requests.state() != null) {
            result.put("requestState", seal.seal(request, requests.state()));
        }
        call.complete(result, ResultType.INPUT_REQUIRED);
    }
}
