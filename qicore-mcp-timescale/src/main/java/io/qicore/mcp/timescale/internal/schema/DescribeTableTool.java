package io.qicore.mcp.timescale.internal.schema;

import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;

/** {@code describe_table}: describes columns, keys and, for a hypertable, its partitioning and policies. */
public final class DescribeTableTool {

    private final Database database;

    record Arguments(
            @Schema("Table or view, as name or schema.name") String table) {}

    private DescribeTableTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("describe_table", Arguments.class, TableDescription.class)
                .title("Describe table")
                .description("Describes a table or view: columns, keys, indexes, comments, partitioning and policies. "
                        + "For sizes and compression use describe_hypertable.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new DescribeTableTool(database)::describe)
                .build();
    }

    private TableDescription describe(Arguments arguments, RequestContext context) {
        return database.read(context, session -> new TableDescriber(session)
                .describe(new Catalog(session).table(arguments.table())));
    }
}
