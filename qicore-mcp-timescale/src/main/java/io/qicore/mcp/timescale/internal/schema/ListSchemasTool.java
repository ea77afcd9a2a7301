package io.qicore.mcp.timescale.internal.schema;

import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code list_schemas}: lists the schemas with tables of users. */
public final class ListSchemasTool {

    private static final int MAX_SCHEMAS = 200;

    private static final String SCHEMAS = "SELECT n.nspname, pg_get_userbyid(n.nspowner),"
            + " obj_description(n.oid, 'pg_namespace'), n.nspname = CAST(? AS text),"
            + " count(c.oid) FILTER (WHERE c.relkind IN ('r', 'p', 'f')),"
            + " count(c.oid) FILTER (WHERE c.relkind IN ('v', 'm'))"
            + " FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid"
            + " AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition"
            + " WHERE " + Catalog.USER_SCHEMAS + " AND has_schema_privilege(n.oid, 'USAGE')";

    private static final String ORDER = " GROUP BY n.oid, n.nspname, n.nspowner ORDER BY 1 LIMIT " + (MAX_SCHEMAS + 1);

    record Arguments() {}

    record Entry(
            @Schema("Schema name") String schema,
            @Schema("Role that owns the schema") String owner,

            @Schema("Comment on the schema, if there is one") @Nullable
            String comment,

            @Schema("Whether new tables without a schema name are created here")
            boolean current,

            @Schema("Number of tables") long tables,

            @Schema("Number of views, including materialized views and continuous aggregates")
            long views) {}

    record Result(
            @Schema("The schemas that the database user may use")
            List<Entry> schemas,

            @Schema("Whether there are more than these") boolean truncated) {}

    private final Database database;

    private ListSchemasTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        ListSchemasTool tool = new ListSchemasTool(database);
        return MCPTool.builder("list_schemas", Arguments.class, Result.class)
                .title("List schemas")
                .description("Lists the schemas with their number of tables and views. For tables use list_tables.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) -> tool.list(context))
                .build();
    }

    private Result list(RequestContext context) {
        return database.read(context, session -> {
            List<Entry> schemas = session.list(
                    SCHEMAS + session.limits().and("n.nspname") + ORDER,
                    row -> new Entry(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getBoolean(4),
                            row.getLong(5),
                            row.getLong(6)),
                    session.currentSchema().orElse(null));
            boolean truncated = schemas.size() > MAX_SCHEMAS;
            return new Result(truncated ? schemas.subList(0, MAX_SCHEMAS) : schemas, truncated);
        });
    }
}
