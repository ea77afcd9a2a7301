package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.topic.AddPartitionsTool;
import io.qicore.mcp.kafka.internal.topic.AlterTopicConfigTool;
import io.qicore.mcp.kafka.internal.topic.CreateTopicTool;
import io.qicore.mcp.kafka.internal.topic.DeleteRecordsTool;
import io.qicore.mcp.kafka.internal.topic.DeleteTopicTool;
import io.qicore.mcp.kafka.internal.topic.FindOpenTransactionsTool;
import io.qicore.mcp.kafka.internal.topic.GetClusterHealthTool;
import io.qicore.mcp.kafka.internal.topic.GetMetadataTool;
import io.qicore.mcp.kafka.internal.topic.GetTopicMetadataTool;
import io.qicore.mcp.kafka.internal.topic.ListAclsTool;
import io.qicore.mcp.kafka.internal.topic.ListTopicsTool;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** Makes the tools for the cluster and its topics. */
public final class TopicTools {

    private TopicTools() {}

    /** Makes all these tools. The first ones only read. */
    public static List<MCPTool> all(AdminHandle handle) {
        return List.of(
                ListTopicsTool.tool(handle),
                GetTopicMetadataTool.tool(handle),
                GetMetadataTool.tool(handle),
                GetClusterHealthTool.tool(handle),
                ListAclsTool.tool(handle),
                FindOpenTransactionsTool.tool(handle),
                CreateTopicTool.tool(handle),
                AddPartitionsTool.tool(handle),
                AlterTopicConfigTool.tool(handle),
                DeleteRecordsTool.tool(handle),
                DeleteTopicTool.tool(handle));
    }
}
