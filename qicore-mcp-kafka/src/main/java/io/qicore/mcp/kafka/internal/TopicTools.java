package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.topic.AddPartitionsTool;
import io.qicore.mcp.kafka.internal.topic.AlterTopicConfigTool;
import io.qicore.mcp.kafka.internal.topic.CreateTopicTool;
import io.qicore.mcp.kafka.internal.topic.DeleteRecordsTool;
import io.qicore.mcp.kafka.internal.topic.DeleteTopicTool;
import io.qicore.mcp.kafka.internal.topic.FindOpenTransactionsTool;
import io.qicore.mcp.kafka.internal.topic.GetMetadataTool;
import io.qicore.mcp.kafka.internal.topic.GetTopicMetadataTool;
import io.qicore.mcp.kafka.internal.topic.ListAclsTool;
import io.qicore.mcp.kafka.internal.topic.ListTopicsTool;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;
import java.util.OptionalInt;

/** Makes the tools for topics, ACLs and transactions. */
public final class TopicTools {

    private TopicTools() {}

    /**
     * Makes all these tools. The first ones only read.
     *
     * @param replicas the replicas of new topics if a call does not say; empty for the default of the brokers
     */
    public static List<MCPTool> all(AdminHandle handle, OptionalInt replicas) {
        return List.of(
                ListTopicsTool.tool(handle),
                GetTopicMetadataTool.tool(handle),
                GetMetadataTool.tool(handle),
                ListAclsTool.tool(handle),
                FindOpenTransactionsTool.tool(handle),
                CreateTopicTool.tool(handle, replicas),
                AddPartitionsTool.tool(handle),
                AlterTopicConfigTool.tool(handle),
                DeleteRecordsTool.tool(handle),
                DeleteTopicTool.tool(handle));
    }
}
