package io.qicore.mcp.timescale.internal.schema;

import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.sql.Identifiers.QualifiedName;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.RequestContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The resources {@code timescale://tables/{schema}.{table}}: descriptions of tables, with completion of their names.
 */
public final class TableResources {

    private static final String SCHEMAS = "SELECT n.nspname FROM pg_namespace n WHERE " + Catalog.USER_SCHEMAS
            + " AND has_schema_privilege(n.oid, 'USAGE') AND starts_with(n.nspname, ?)";

    private static final String TABLES = "SELECT DISTINCT c.relname FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
            + " AND NOT c.relispartition AND " + Catalog.USER_SCHEMAS + " AND has_schema_privilege(n.oid, 'USAGE')"
            + " AND starts_with(c.relname, ?) AND (CAST(? AS text) IS NULL OR n.nspname = ?)";

    private static final String ORDER = " ORDER BY 1 LIMIT 100";

    private final Database database;

    /** Creates the resources of a database. */
    public TableResources(Database database) {
        this.database = database;
    }

    /** Returns the resource template. */
    public List<MCPResource> resources() {
        return List.of(MCPResource.template("timescale://tables/{schema}.{table}", "table")
                .title("Table")
                .description(
                        "Columns, keys, indexes and, for a hypertable, partitioning and policies of a table or view")
                .mimeType("application/json")
                .completer("schema", (typed, others, context) -> names(context, SCHEMAS, typed))
                .completer("table", (typed, others, context) -> {
                    String schema = others.get("schema");
                    return names(context, TABLES, typed, schema, schema);
                })
                .reader((uri, variables, context) -> read(variables, context))
                .build());
    }

    private ResourceResult read(Map<String, String> variables, RequestContext context) throws Exception {
        QualifiedName name = new QualifiedName(variables.get("schema"), Objects.requireNonNull(variables.get("table")));
        Optional<TableDescription> description = database.read(context, session -> {
            Optional<Table> table = new Catalog(session).find(name);
            return table.isEmpty() ? Optional.empty() : Optional.of(new TableDescriber(session).describe(table.get()));
        });
        return description.isEmpty()
                ? ResourceResult.notFound()
                : ResourceResult.text(Json.MAPPER.writeValueAsString(description.get()));
    }

    private List<String> names(RequestContext context, String sql, @Nullable Object... arguments) {
        return database.read(
                context,
                session -> session.list(
                        sql + session.limits().and("n.nspname") + ORDER, row -> row.getString(1), arguments));
    }
}
