package io.qicore.mcp.resource;

import io.qicore.mcp.tool.RequestContext;
import java.util.List;
import java.util.Map;

/**
 * Suggests values for an argument of a prompt or a variable of a resource template while a user types. Implementations
 * must be thread-safe.
 */
@FunctionalInterface
public interface Completer {

    /**
     * Returns values that complete what the user has typed.
     *
     * @param typed the text typed so far, possibly empty
     * @param others the values of the arguments that are already filled in, by name
     * @param context the request's deadline, cancellation and caller
     * @return the suggested values, best first; only the first 100 are sent
     * @throws Exception for any failure; the client gets a correlation id, and the details are logged
     */
    List<String> complete(String typed, Map<String, String> others, RequestContext context) throws Exception;
}
