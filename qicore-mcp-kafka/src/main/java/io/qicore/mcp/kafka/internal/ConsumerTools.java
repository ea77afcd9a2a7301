package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** The tools for consumer groups. */
public final class ConsumerTools {

    private ConsumerTools() {}

    /** All of them, those that only read first. */
    public static List<MCPTool> all(AdminHandle handle) {
        return List.of(
                GetConsumerLag.tool(handle),
                ExplainLag.tool(handle),
                FindLaggingGroups.tool(handle),
                ListConsumerGroups.tool(handle),
                DescribeConsumerGroup.tool(handle),
                ListAbandonedOffsets.tool(handle),
                ResetConsumerOffset.tool(handle),
                DeleteConsumerOffsets.tool(handle),
                DeleteConsumerGroup.tool(handle));
    }
}
