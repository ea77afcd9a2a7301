package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.explain.ExplainLagTool;
import io.qicore.mcp.kafka.internal.group.DeleteConsumerGroupTool;
import io.qicore.mcp.kafka.internal.group.DeleteConsumerOffsetsTool;
import io.qicore.mcp.kafka.internal.group.DescribeConsumerGroupTool;
import io.qicore.mcp.kafka.internal.group.ListConsumerGroupsTool;
import io.qicore.mcp.kafka.internal.group.ResetConsumerOffsetTool;
import io.qicore.mcp.kafka.internal.lag.FindLaggingGroupsTool;
import io.qicore.mcp.kafka.internal.lag.GetConsumerLagTool;
import io.qicore.mcp.kafka.internal.lag.LagSampleCodec;
import io.qicore.mcp.kafka.internal.lag.ListAbandonedOffsetsTool;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** Makes the tools for consumer groups. */
public final class ConsumerTools {

    private ConsumerTools() {}

    /**
     * Makes all these tools. The first ones only read.
     *
     * @param samples encodes and decodes the lag samples that clients keep between calls
     */
    public static List<MCPTool> all(AdminHandle handle, LagSampleCodec samples) {
        return List.of(
                GetConsumerLagTool.tool(handle, samples),
                ExplainLagTool.tool(handle, samples),
                FindLaggingGroupsTool.tool(handle),
                ListConsumerGroupsTool.tool(handle),
                DescribeConsumerGroupTool.tool(handle),
                ListAbandonedOffsetsTool.tool(handle),
                ResetConsumerOffsetTool.tool(handle),
                DeleteConsumerOffsetsTool.tool(handle),
                DeleteConsumerGroupTool.tool(handle));
    }
}
