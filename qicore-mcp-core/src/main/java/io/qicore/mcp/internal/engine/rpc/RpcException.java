package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Carries an {@link RpcError} to the place that answers it. */
public final class RpcException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient RpcError error;
    private final Reply.Kind kind;

    private RpcException(Reply.Kind kind, RpcError error) {
        // The peer is at fault, so the stack trace is not useful.
        super(error.message(), null, false, false);
        this.error = error;
        this.kind = kind;
    }

    /** Creates the exception for an invalid message, invalid metadata or invalid headers. */
    public static RpcException badRequest(int code, String message) {
        return badRequest(code, message, null);
    }

    public static RpcException badRequest(int code, String message, @Nullable JsonNode data) {
        return new RpcException(Reply.Kind.BAD_REQUEST, new RpcError(code, message, data));
    }

    public static RpcException methodNotFound(Reply.Kind kind, String method) {
        return new RpcException(kind, new RpcError(RpcError.METHOD_NOT_FOUND, "Unknown method: " + method));
    }

    public static RpcException invalidParams(String message) {
        return new RpcException(Reply.Kind.ERROR, new RpcError(RpcError.INVALID_PARAMS, message));
    }

    public static RpcException missingCapability(Reply.Kind kind, String what, Set<ClientFeature> features) {
        ObjectNode data = Json.object();
        data.set("requiredCapabilities", ClientProfile.capabilities(features));
        String names = features.stream()
                .map(feature -> feature.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
        String message = what + " needs a client with " + names + ".";
        return new RpcException(kind, new RpcError(RpcError.MISSING_CLIENT_CAPABILITY, message, data));
    }

    public static RpcException resourceNotFound(int code, String uri) {
        ObjectNode data = Json.object().put("uri", uri);
        return new RpcException(Reply.Kind.ERROR, new RpcError(code, "No such resource: " + uri, data));
    }

    public static RpcException internal(String message) {
        return new RpcException(Reply.Kind.ERROR, new RpcError(RpcError.INTERNAL_ERROR, message));
    }

    public static RpcException busy(int limit) {
        return new RpcException(
                Reply.Kind.BUSY, new RpcError(RpcError.BUSY, limit + " calls are in flight. Try again in a second."));
    }

    public static RpcException stopping() {
        return new RpcException(
                Reply.Kind.BUSY, new RpcError(RpcError.BUSY, "The server is stopping. Try another, or later."));
    }

    public RpcError error() {
        return error;
    }

    public Reply.Kind kind() {
        return kind;
    }
}
