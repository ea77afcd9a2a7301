package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** The tools for the cluster and its topics. */
public final class TopicTools {

    private TopicTools() {}

    /** All of them, those that only read first. */
    public static List<MCPTool> all(AdminHandle handle) {
        return List.of(
                ListTopics.tool(handle),
                GetTopicMetadata.tool(handle),
                GetMetadata.tool(handle),
                GetClusterHealth.tool(handle),
                ListAcls.tool(handle),
                FindOpenTransactions.tool(handle),
                CreateTopic.tool(handle),
                AddPartitions.tool(handle),
                AlterTopicConfig.tool(handle),
                DeleteRecords.tool(handle),
                DeleteTopic.tool(handle));
    }
}
