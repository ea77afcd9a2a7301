package io.qicore.mcp.agent;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Calls the tools of a database server that agents use. Thread-safe. */
final class DatabaseTools {

    static final ToolContract CREATE_TABLE = new ToolContract(
            "create_table",
            Set.of("table", "columns", "columns[].name", "columns[].type", "primaryKey", "ifNotExists"),
            Set.of());
    static final ToolContract CREATE_HYPERTABLE =
            new ToolContract("create_hypertable", Set.of("table", "timeColumn", "ifNotExists"), Set.of());

    static final List<ToolContract> TOOLS = List.of(CREATE_TABLE, CREATE_HYPERTABLE);

    static final String TIMESCALE_NOT_INSTALLED = "TIMESCALE_NOT_INSTALLED";
    static final Set<String> ERROR_CODES = Set.of(TIMESCALE_NOT_INSTALLED);

    private final MCPClient client;

    DatabaseTools(MCPClient client) {
        this.client = Objects.requireNonNull(client, "client");
    }

    /** Creates a table if it does not exist. */
    void createTable(TableDefinition table) {
        List<Map<String, String>> columns = table.columns().stream()
                .map(column -> Map.of("name", column.name(), "type", column.type()))
                .toList();
        CREATE_TABLE.call(
                client,
                Map.of(
                        "table",
                        table.name(),
                        "columns",
                        columns,
                        "primaryKey",
                        table.primaryKey(),
                        "ifNotExists",
                        true));
    }

    /** Partitions a table by time if it is not partitioned yet; returns false if the database does not support that. */
    boolean partitionByTime(String table, String timeColumn) {
        try {
            CREATE_HYPERTABLE.call(client, Map.of("table", table, "timeColumn", timeColumn, "ifNotExists", true));
            return true;
        } catch (MCPToolError e) {
            if (!e.code().equals(TIMESCALE_NOT_INSTALLED)) {
                throw e;
            }
            return false;
        }
    }
}
