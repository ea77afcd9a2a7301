package io.qicore.mcp.timescale.internal.schema;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.timescale.internal.sql.ColumnTypes;
import io.qicore.mcp.timescale.internal.sql.Identifiers;
import io.qicore.mcp.timescale.internal.sql.Identifiers.QualifiedName;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code create_table}: creates an empty table. */
public final class CreateTableTool {

    record Column(
            @Schema("Column name") String name,

            @Schema("SQL type, such as timestamptz, numeric(20,8) or text[]")
            String type,

            @Schema(value = "Whether it may be NULL", defaultValue = "true")
            boolean nullable) {}

    record Arguments(
            @Schema("New name, or schema.name") String table,

            @Schema(value = "In their order", minLength = 1, maxLength = 250)
            List<Column> columns,

            @Schema("Primary key; that of a hypertable must include its time column") @Nullable
            List<String> primaryKey,

            @Schema(value = "Accept an existing table", defaultValue = "false")
            boolean ifNotExists) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Schema of the table") String schema,
            @Schema("Name of the table") String table,

            @Schema("Whether this call created the table; false if it existed")
            boolean created) {}

    private final Database database;

    private CreateTableTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("create_table", Arguments.class, Result.class)
                .title("Create table")
                .description("Creates an empty table. For time series call create_hypertable afterwards.")
                .annotations(ToolAnnotations.additive())
                .handler(new CreateTableTool(database)::create)
                .build();
    }

    private Result create(Arguments arguments, RequestContext context) {
        QualifiedName wanted = Identifiers.qualified(arguments.table());
        String name = Identifiers.forNew(wanted.name(), "table");
        Map<String, String> columns = columns(arguments.columns());
        Set<String> key = primaryKey(arguments.primaryKey(), columns.keySet());
        return database.write(context, session -> {
            Catalog catalog = new Catalog(session);
            String schema = catalog.schema(wanted.schema());
            catalog.lock(schema, name);
            if (catalog.find(new QualifiedName(schema, name)).isPresent()) {
                if (arguments.ifNotExists()) {
                    return new Result(true, schema, name, false);
                }
                throw new MCPToolError(
                        TimescaleErrorCode.TABLE_EXISTS,
                        "'" + schema + "." + name
                                + "' already exists. Call describe_table to see whether it fits, or pass"
                                + " ifNotExists.",
                        Map.of("schema", schema, "table", name));
            }
            new Privileges(session).requireCreate(schema);
            // For the types of the columns, which an agent may name without their schema.
            session.useSearchPathOfUser();
            session.execute(sql(session, schema, name, columns, key));
            return new Result(true, schema, name, true);
        });
    }

    private static String sql(
            Session session, String schema, String name, Map<String, String> columns, Set<String> primaryKey)
            throws SQLException {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, String> column : columns.entrySet()) {
            parts.add(session.quoted(column.getKey()) + " " + column.getValue());
        }
        if (!primaryKey.isEmpty()) {
            List<String> quoted = new ArrayList<>();
            for (String column : primaryKey) {
                quoted.add(session.quoted(column));
            }
            parts.add("PRIMARY KEY (" + String.join(", ", quoted) + ")");
        }
        return "CREATE TABLE " + session.quoted(schema) + "." + session.quoted(name) + " (" + String.join(", ", parts)
                + ")";
    }

    /** The SQL of type and constraint, by column name. */
    private static Map<String, String> columns(List<Column> columns) {
        Map<String, String> sql = new LinkedHashMap<>();
        for (Column column : columns) {
            String name = Identifiers.forNew(column.name(), "column");
            String type = ColumnTypes.toSql(column.type()) + (column.nullable() ? "" : " NOT NULL");
            if (sql.put(name, type) != null) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "Column '" + name + "' is given twice.",
                        Map.of("column", name));
            }
        }
        return sql;
    }

    private static Set<String> primaryKey(@Nullable List<String> names, Set<String> columns) {
        Set<String> key = new LinkedHashSet<>();
        for (String given : names == null ? List.<String>of() : names) {
            String name = Identifiers.forNew(given, "key column");
            if (!columns.contains(name) || !key.add(name)) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "Primary key column '" + name + "' is given twice or is not one of the columns "
                                + String.join(", ", columns) + ".",
                        Map.of("column", name));
            }
        }
        return key;
    }
}
