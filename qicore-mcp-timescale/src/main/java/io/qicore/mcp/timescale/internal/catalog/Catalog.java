package io.qicore.mcp.timescale.internal.catalog;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.ArrayLiteral;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.sql.Identifiers;
import io.qicore.mcp.timescale.internal.sql.Identifiers.QualifiedName;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks up names in the catalogue, so that SQL is built from existing names and not from the text of an agent.
 * Ignores system schemas and TimescaleDB's internal schemas. Bound to one transaction.
 */
public final class Catalog {

    /** SQL condition for schemas with tables of users; {@code n} is {@code pg_namespace}. */
    public static final String USER_SCHEMAS = "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'"
            + " AND n.nspname NOT LIKE '\\_timescaledb\\_%'"
            + " AND n.nspname NOT IN ('timescaledb_information', 'timescaledb_experimental')";

    private static final String TABLES =
            "SELECT c.oid::bigint, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname),"
                    + " c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND " + USER_SCHEMAS;

    private static final String FIND = TABLES + " AND c.relname IN (?, ?)"
            + " AND n.nspname = ANY (CAST(? AS text[]))"
            // The name exactly as written comes before the name as SQL would fold it.
            + " ORDER BY (c.relname = ?) DESC, (n.nspname = ?) DESC, array_position(CAST(? AS text[]), n.nspname::text) LIMIT 1";

    private static final String NAMES =
            "SELECT CASE WHEN n.nspname = (SELECT m.nspname FROM pg_class o JOIN pg_namespace m ON m.oid = o.relnamespace"
                    + " WHERE o.relname = c.relname AND m.nspname = ANY (path)"
                    + " ORDER BY array_position(path, m.nspname::text) LIMIT 1)"
                    + " THEN c.relname ELSE n.nspname || '.' || c.relname END"
                    + " FROM (SELECT CAST(? AS text[]) AS path) s, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND " + USER_SCHEMAS;

    private static final String NAMES_ORDER = " ORDER BY c.relname = ? DESC, 1 LIMIT 1000";

    private static final String COLUMNS = "SELECT a.attname, format('%I', a.attname),"
            + " format_type(a.atttypid, a.atttypmod), t.typcategory, NOT a.attnotnull,"
            + " CASE WHEN a.attidentity <> '' THEN 'generated as identity'"
            + " WHEN a.attgenerated <> '' THEN 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ')'"
            + " ELSE pg_get_expr(d.adbin, d.adrelid) END, col_description(a.attrelid, a.attnum)"
            + " FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
            + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
            + " WHERE a.attrelid = CAST(? AS bigint)::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

    private static final String SCHEMAS = "SELECT n.nspname FROM pg_namespace n WHERE " + USER_SCHEMAS;

    private final Session session;

    public Catalog(Session session) {
        this.session = session;
    }

    /**
     * Returns the table or view of a name.
     *
     * @param text {@code table}, looked for on the search path, or {@code schema.table}
     * @throws MCPToolError with {@link TimescaleErrorCode#TABLE_NOT_FOUND} and the nearest name
     */
    public Table table(String text) throws SQLException {
        QualifiedName name = Identifiers.qualified(text);
        Optional<Table> table = find(name);
        if (table.isPresent()) {
            return table.get();
        }
        throw notFound(text, name);
    }

    /** Returns the table or view of a name, if it exists. */
    public Optional<Table> find(QualifiedName name) throws SQLException {
        String schema = name.schema();
        // The schemas of the session are those that the caller may use.
        String schemas = schema == null
                ? session.schemas()
                : ArrayLiteral.of(Stream.of(schema, lower(schema))
                        .filter(session.limits()::allow)
                        .toList());
        return session.first(
                FIND, Catalog::readTable, name.name(), lower(name.name()), schemas, name.name(), schema, schemas);
    }

    /** Returns the columns of a table, in their order. */
    public List<TableColumn> columns(Table table) throws SQLException {
        return session.list(
                COLUMNS,
                row -> new TableColumn(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getBoolean(5),
                        row.getString(6),
                        row.getString(7)),
                table.oid());
    }

    /**
     * Returns the schema of a name, or the schema in which unqualified names are created.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#SCHEMA_NOT_FOUND} and the existing schemas
     */
    public String schema(@Nullable String name) throws SQLException {
        // Null if the search path does not name an existing schema.
        String wanted = name != null ? name : session.currentSchema().orElse(null);
        List<String> schemas =
                session.list(SCHEMAS + session.limits().and("n.nspname") + " ORDER BY 1", row -> row.getString(1));
        if (wanted != null && schemas.contains(wanted)) {
            return wanted;
        }
        String hint = wanted == null
                ? ""
                : ClosestName.to(wanted, schemas)
                        .map(near -> " Did you mean '" + near + "'?")
                        .orElse(" Call list_schemas for those there are.");
        throw new MCPToolError(
                TimescaleErrorCode.SCHEMA_NOT_FOUND,
                "No schema '" + (wanted == null ? "on the search path" : wanted) + "'." + hint,
                wanted == null ? Map.of() : Map.of("schema", wanted));
    }

    /**
     * Blocks other replicas from creating or changing a table of this name until the end of the transaction, so that
     * later look-ups in the transaction stay valid.
     */
    public void lock(String schema, String name) throws SQLException {
        session.list("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", row -> true, schema + "." + name);
    }

    /**
     * Returns the column of a name.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#COLUMN_NOT_FOUND} and the existing columns
     */
    public static TableColumn column(Table table, List<TableColumn> columns, String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> columnNotFound(table, name, columns));
    }

    /** Returns the error for a column that a table does not have. Its message names the existing columns. */
    public static MCPToolError columnNotFound(Table table, String missing, List<TableColumn> columns) {
        List<String> names = columns.stream().map(TableColumn::name).toList();
        String hint = ClosestName.to(missing, names)
                .map(near -> " Did you mean '" + near + "'?")
                .orElse("");
        return new MCPToolError(
                TimescaleErrorCode.COLUMN_NOT_FOUND,
                "Table '" + table.fullName() + "' has no column '" + missing + "'; it has " + String.join(", ", names)
                        + "." + hint,
                Map.of("table", table.fullName(), "missing", List.of(missing), "columns", names));
    }

    private MCPToolError notFound(String text, QualifiedName name) throws SQLException {
        return new MCPToolError(
                TimescaleErrorCode.TABLE_NOT_FOUND,
                "No table or view '" + text + "'." + wayOut(name),
                Map.of("table", text));
    }

    /** Returns the end of a message about an unknown name: the nearest name, or the tool that lists the names. */
    public String wayOut(QualifiedName missing) throws SQLException {
        // Compared without the schema. A name that needs no schema comes first.
        Map<String, String> known = new LinkedHashMap<>();
        String names = NAMES + session.limits().and("n.nspname") + NAMES_ORDER;
        for (String shown : session.list(names, row -> row.getString(1), session.schemas(), lower(missing.name()))) {
            known.merge(shown.substring(shown.lastIndexOf('.') + 1), shown, (a, b) -> a.length() <= b.length() ? a : b);
        }
        String full = missing.schema() == null ? missing.name() : missing.schema() + "." + missing.name();
        // The right name in another schema is nearer than any similar one.
        return known.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(missing.name()))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(() -> ClosestName.to(full, known.values()))
                .or(() -> ClosestName.to(missing.name(), known.keySet()).map(known::get))
                .map(near -> " Did you mean '" + near + "'?")
                .orElse(" Call list_tables for the tables there are.");
    }

    private static Table readTable(ResultSet row) throws SQLException {
        return new Table(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5).charAt(0));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
