package io.qicore.mcp.kafka.internal.produce;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the tools that write records and end transactions. */
public final class ProduceTools {

    private ProduceTools() {}

    /** Makes all these tools. */
    public static List<MCPTool> all(AdminHandle handle, RecordProducers producers, @Nullable RegistryClient registry) {
        return List.of(ProduceRecordsTool.tool(handle, producers, registry), AbortTransactionTool.tool(handle));
    }
}
