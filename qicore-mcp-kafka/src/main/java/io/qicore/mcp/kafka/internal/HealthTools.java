package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.cluster.GetBrokerConfigTool;
import io.qicore.mcp.kafka.internal.cluster.GetClusterHealthTool;
import io.qicore.mcp.kafka.internal.cluster.ListQuotasTool;
import io.qicore.mcp.kafka.internal.cluster.ListReassignmentsTool;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** Makes the tools for the health of the cluster. They only read. */
public final class HealthTools {

    private HealthTools() {}

    /** Makes all these tools. */
    public static List<MCPTool> all(AdminHandle handle) {
        return List.of(
                GetClusterHealthTool.tool(handle),
                GetBrokerConfigTool.tool(handle),
                ListReassignmentsTool.tool(handle),
                ListQuotasTool.tool(handle));
    }
}
