package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Carries an {@link RpcError} to the place that answers it. */
public final class RpcException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient RpcError error;
    private final Reply.Kind kind;
    private final transient Map<String, String> headers;

    private RpcException(Reply.Kind kind, RpcError error) {
        this(kind, error, Map.of());
    }

    private RpcException(Reply.Kind kind, RpcError error, Map<String, String> headers) {
        // The peer is at fault, so the stack trace is not useful.
        super(error.message(), null, false, false);
        this.error = error;
        this.kind = kind;
        this.headers = headers;
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

    /** @param what what there is too much of, such as "128 calls are in flight" */
    public static RpcException busy(String what) {
        return new RpcException(Reply.Kind.BUSY, new RpcError(RpcError.BUSY, what + ". Try again in a second."));
    }

    public static RpcException stopping() {
        return new RpcException(
                Reply.Kind.BUSY, new RpcError(RpcError.BUSY, "The server is stopping. Try another, or later."));
    }

    /** Creates the exception for a request that its caller may not make. */
    public static RpcException denied(Denial denial) {
        Map<String, String> headers = new HashMap<>();
        if (denial.challenge() != null) {
            headers.put(Reply.CHALLENGE, denial.challenge());
        }
        if (denial.retryAfter() != null) {
            headers.put(
                    Reply.RETRY_AFTER,
                    Long.toString(
                            denial.retryAfter().plusSeconds(1).minusNanos(1).toSeconds()));
        }
        return switch (denial.kind()) {
            case UNAUTHENTICATED ->
                new RpcException(
                        Reply.Kind.UNAUTHENTICATED, new RpcError(RpcError.UNAUTHENTICATED, denial.message()), headers);
            case FORBIDDEN ->
                new RpcException(Reply.Kind.FORBIDDEN, new RpcError(RpcError.FORBIDDEN, denial.message()), headers);
            case TOO_MANY_REQUESTS ->
                new RpcException(Reply.Kind.TOO_MANY_REQUESTS, new RpcError(RpcError.BUSY, denial.message()), headers);
            case BUSY -> new RpcException(Reply.Kind.BUSY, new RpcError(RpcError.BUSY, denial.message()), headers);
        };
    }

    /** Creates the exception for a session that does not exist, or that belongs to another caller. */
    public static RpcException sessionNotFound() {
        return new RpcException(
                Reply.Kind.NOT_FOUND,
                new RpcError(RpcError.INVALID_REQUEST, "Unknown session: send initialize again, without a session."));
    }

    public RpcError error() {
        return error;
    }

    public Reply.Kind kind() {
        return kind;
    }

    /** Returns what a transport with headers sends with the error. */
    public Map<String, String> headers() {
        return headers;
    }
}
