package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.content.ContentDecoder;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** Makes the tools that show the contents of records. */
public final class RecordTools {

    private RecordTools() {}

    /** Makes all these tools. They only read. */
    public static List<MCPTool> all(AdminHandle handle, RecordConsumers consumers, ContentDecoder decoder) {
        RecordReader reader = new RecordReader(handle, consumers, decoder);
        return List.of(GetRecordsTool.tool(reader), SearchRecordsTool.tool(reader), TailTopicTool.tool(reader));
    }
}
