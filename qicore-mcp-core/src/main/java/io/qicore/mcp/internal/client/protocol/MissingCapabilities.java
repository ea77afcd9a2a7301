package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what to set on the builder if a server refuses a request for want of a capability of the client. */
final class MissingCapabilities {

    /** The capabilities of clients as JSON pointers, with the method of the builder that declares them. */
    private static final Map<String, String> SETTERS = new LinkedHashMap<>();

    static {
        SETTERS.put("/elicitation/form", "onForm");
        SETTERS.put("/elicitation/url", "onPage");
        SETTERS.put("/sampling", "onSampling");
        SETTERS.put("/roots", "onRoots");
        SETTERS.put("/extensions/" + Declaration.TASKS.replace("/", "~1"), "tasks");
    }

    private MissingCapabilities() {}

    /** Returns the failure of a request, which becomes an {@link MCPInputException} if capabilities are missing. */
    static Throwable explained(Object server, Declaration declaration, Throwable failure) {
        if (!(failure instanceof MCPProtocolException error)
                || error.code() != RpcError.MISSING_CLIENT_CAPABILITY
                || error.data() == null) {
            return failure;
        }
        JsonNode required = error.data().path("requiredCapabilities");
        JsonNode declared = declaration.modernCapabilities();
        List<String> missing = new ArrayList<>();
        List<String> setters = new ArrayList<>();
        SETTERS.forEach((pointer, setter) -> {
            // Elicitation without a mode means forms.
            boolean isForm = setter.equals("onForm")
                    && required.path("elicitation").isObject()
                    && required.path("elicitation").isEmpty();
            if ((isForm || !required.at(pointer).isMissingNode())
                    && declared.at(pointer).isMissingNode()) {
                missing.add(pointer.substring(1).replace("/", ".").replace("~1", "/"));
                setters.add(setter);
            }
        });
        return setters.isEmpty()
                ? failure
                : new MCPInputException(
                        server + " needs " + String.join(" and ", missing) + ", which this client does not have: set "
                                + String.join(" and ", setters) + " of its builder.",
                        failure);
    }
}
