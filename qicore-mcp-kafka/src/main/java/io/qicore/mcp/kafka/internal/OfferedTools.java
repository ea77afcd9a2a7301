package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** The tools that a policy leaves of those that there are. */
public final class OfferedTools {

    private OfferedTools() {}

    /**
     * Leaves out what the policy does not allow, so that it cannot be called either.
     *
     * @throws IllegalStateException if nothing is left
     */
    public static List<MCPTool> under(KafkaPolicy policy, List<MCPTool> tools) {
        List<MCPTool> offered = tools.stream()
                .filter(tool -> policy.allowsTool(tool.name()))
                .filter(tool -> !policy.readOnly() || tool.annotations().readOnlyHint())
                .toList();
        if (offered.isEmpty()) {
            throw new IllegalStateException("The policy leaves no tool to offer: " + policy + ".");
        }
        return offered;
    }
}
