package io.qicore.mcp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import java.util.Map;
import java.util.Set;

/**
 * The part of a tool that agents rely on. Paths are written like {@code columns[].name}. Immutable.
 *
 * @param name name of the tool
 * @param arguments paths of the arguments that agents pass
 * @param results paths of the result fields that agents read
 */
record ToolContract(String name, Set<String> arguments, Set<String> results) {

    /**
     * Calls the tool.
     *
     * @throws IllegalArgumentException if {@code values} has arguments that are not in the contract, which would be incomplete
     */
    JsonNode call(MCPClient client, Map<String, Object> values) {
        if (!arguments.containsAll(values.keySet())) {
            throw new IllegalArgumentException(
                    "The contract of " + name + " has the arguments " + arguments + ", not " + values.keySet() + ".");
        }
        return client.call(name, values);
    }
}
