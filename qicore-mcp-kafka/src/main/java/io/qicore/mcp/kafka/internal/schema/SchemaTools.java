package io.qicore.mcp.kafka.internal.schema;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** Makes the tools for the schemas of records. */
public final class SchemaTools {

    private SchemaTools() {}

    /** Makes all these tools. They only read. */
    public static List<MCPTool> all(AdminHandle handle, RegistryClient registry) {
        return List.of(
                ListRecordSchemasTool.tool(handle, registry),
                GetRecordSchemaTool.tool(handle, registry),
                CheckRecordSchemaCompatibilityTool.tool(handle, registry));
    }
}
