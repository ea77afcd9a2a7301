package io.qicore.mcp.engine.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request before and after it is served. Immutable, provided that the parameters are not changed.
 *
 * @param caller who calls
 * @param method the method of MCP, such as {@code tools/call}
 * @param offer what the request uses: the tool that is called, the resource that is read or subscribed to, the prompt; null
 *     for other methods, and if the server does not have it or hides it from the caller
 * @param params the parameters of the method, which must not be changed; they may contain secrets
 */
public record InterceptedCall(
        Caller caller, String method, @Nullable Offer offer, ObjectNode params) {

    /** Requires all but the offer. */
    public InterceptedCall {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(params, "params");
    }

    /** Shows the caller and the method only. */
    @Override
    public String toString() {
        return method + " by " + caller;
    }
}
