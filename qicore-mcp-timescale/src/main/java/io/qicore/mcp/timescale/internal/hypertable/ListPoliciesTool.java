package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.Policies;
import io.qicore.mcp.timescale.internal.catalog.Policy;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code list_policies}: the policies of one hypertable or of all. */
public final class ListPoliciesTool {

    record Arguments(
            @Schema("Only this hypertable") @Nullable String table) {}

    record Result(@Schema("The policies") List<Policy> policies) {}

    private final Database database;

    private ListPoliciesTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("list_policies", Arguments.class, Result.class)
                .title("List policies")
                .description("Lists the columnstore, retention and refresh policies. For errors of their jobs use "
                        + "list_jobs.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new ListPoliciesTool(database)::list)
                .build();
    }

    private Result list(Arguments arguments, RequestContext context) {
        return database.read(context, session -> {
            TimescaleExtension.require(session, TimescaleFeature.POLICIES);
            Table table = arguments.table() == null ? null : new Catalog(session).table(arguments.table());
            return new Result(new Policies(session).of(table));
        });
    }
}
