package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** Makes the tools that show the contents of records. */
public final class RecordTools {

    private RecordTools() {}

    /** Makes all these tools. They only read. */
    public static List<MCPTool> all(RecordReader reader) {
        return List.of(GetRecordsTool.tool(reader), SearchRecordsTool.tool(reader), TailTopicTool.tool(reader));
    }
}
