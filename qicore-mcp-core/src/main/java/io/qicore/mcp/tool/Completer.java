package io.qicore.mcp.tool;

import java.util.List;
import java.util.Map;

/** Offers values for an argument of a prompt or a variable of a resource template while a user types. */
@FunctionalInterface
public interface Completer {

    /**
     * Finds fitting values.
     *
     * @param typed what the user has typed so far, maybe nothing
     * @param others the arguments that have values already
     * @return fitting values, best first; the first 100 are sent
     * @throws Exception for anything unexpected; the client gets a correlation id, the log gets the rest
     */
    List<String> complete(String typed, Map<String, String> others, RequestContext context) throws Exception;
}
