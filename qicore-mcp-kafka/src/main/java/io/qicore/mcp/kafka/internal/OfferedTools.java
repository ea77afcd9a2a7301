package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** Selects the tools that a policy allows. */
public final class OfferedTools {

    private OfferedTools() {}

    /**
     * Returns the tools that the policy allows. A server does not have the others, so they cannot be called either.
     *
     * @throws IllegalStateException if the policy allows none of them
     */
    public static List<MCPTool> under(KafkaPolicy policy, List<MCPTool> tools) {
        List<MCPTool> offered = tools.stream()
                .filter(tool -> policy.allowsTool(tool.name()))
                .filter(tool -> !policy.readOnly() || tool.annotations().readOnlyHint())
                .toList();
        if (offered.isEmpty()) {
            throw new IllegalStateException("The policy allows no tool of this server: " + policy + ".");
        }
        return offered;
    }
}
