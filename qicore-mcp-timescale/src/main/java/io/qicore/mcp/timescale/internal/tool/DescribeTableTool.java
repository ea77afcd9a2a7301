package io.qicore.mcp.timescale.internal.tool;

import io.qicore.mcp.timescale.internal.db.Catalog;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;

/** {@code describe_table}: columns, keys and, for a hypertable, how it is partitioned and kept. */
public final class DescribeTableTool implements ToolGroup {

    private final Database database;

    record Arguments(@Schema("Name or schema.name") String table) {}

    public DescribeTableTool(Database database) {
        this.database = database;
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(MCPTool.builder("describe_table", Arguments.class, TableDescription.class)
                .description("Shows columns, keys, indexes, comments and, for a hypertable, partitioning, columnstore,"
                        + " policies and continuous aggregates.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::describe)
                .build());
    }

    private TableDescription describe(Arguments arguments, RequestContext context) {
        return database.read(context, session -> new TableDescriber(session)
                .describe(new Catalog(session).table(arguments.table())));
    }
}
