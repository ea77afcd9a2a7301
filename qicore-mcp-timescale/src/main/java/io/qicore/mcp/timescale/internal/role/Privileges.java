package io.qicore.mcp.timescale.internal.role;

import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.Hypertables;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the privileges of the database user before a change, so that the error names the missing grant. Every
 * failure is an {@link MCPToolError} with {@link StandardErrorCode#NOT_AUTHORIZED}. Bound to one transaction.
 */
public final class Privileges {

    /** SQL for the owner, and for the user if it cannot act for the owner. */
    private static final String OWNER = "SELECT r.rolname, current_user::text FROM pg_roles r"
            + " WHERE r.rolname = CAST(? AS name) AND NOT pg_has_role(r.oid, 'USAGE')";

    private static final String OWNER_OF_TABLE =
            "SELECT r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
                    + " WHERE c.oid = CAST(CAST(? AS bigint) AS oid)";

    private static final String READABLE = "SELECT current_user::text, quote_ident(n.nspname),"
            + " has_schema_privilege(n.oid, 'USAGE') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.oid = CAST(CAST(? AS bigint) AS oid) AND NOT (has_any_column_privilege(c.oid, 'SELECT')"
            + " AND has_schema_privilege(n.oid, 'USAGE'))";

    private static final String CREATE = "SELECT current_user::text, quote_ident(nspname) FROM pg_namespace"
            + " WHERE nspname = ? AND NOT (has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE'))";

    private final Session session;

    public Privileges(Session session) {
        this.session = session;
    }

    /** Requires that the user is the owner of an object, or a member of it. */
    public void requireRole(String owner, String what) throws SQLException {
        Optional<String> lacking = session.first(OWNER, row -> row.getString(2), owner);
        if (lacking.isPresent()) {
            String user = lacking.get();
            throw new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    what + " belongs to '" + owner + "', and this server's database user '" + user
                            + "' may not act for it. An administrator allows it with: GRANT " + session.quoted(owner)
                            + " TO " + session.quoted(user) + "; Nothing was run.",
                    Map.of("owner", owner, "user", user));
        }
    }

    /** Requires that the user is the owner of a table, or a member of it. */
    public void requireOwner(Table table) throws SQLException {
        Optional<String> owner = session.first(OWNER_OF_TABLE, row -> row.getString(1), table.oid());
        if (owner.isPresent()) {
            requireRole(owner.get(), "'" + table.fullName() + "'");
        }
    }

    /**
     * Returns the hypertable of a name. Requires that the user is its owner, or a member of it.
     *
     * @throws MCPToolError as {@link Hypertables#require}, too
     */
    public Hypertable requireOwnedHypertable(String text) throws SQLException {
        Hypertable hypertable = new Hypertables(session).require(text);
        requireRole(hypertable.owner(), "'" + hypertable.table().fullName() + "'");
        return hypertable;
    }

    /** Requires that the user may read a table, or some of its columns. */
    public void requireReadable(Table table) throws SQLException {
        Optional<String[]> lacking = session.first(
                READABLE,
                row -> new String[] {row.getString(1), row.getBoolean(3) ? "" : row.getString(2)},
                table.oid());
        if (lacking.isPresent()) {
            String user = lacking.get()[0];
            String schema = lacking.get()[1];
            throw new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "This server's database user '" + user + "' may not read '" + table.fullName()
                            + "'. An administrator allows it with:"
                            + (schema.isEmpty()
                                    ? ""
                                    : " GRANT USAGE ON SCHEMA " + schema + " TO " + session.quoted(user) + ";")
                            + " GRANT SELECT ON " + table.sqlName() + " TO " + session.quoted(user)
                            + "; Nothing was run.",
                    Map.of("table", table.fullName(), "user", user));
        }
    }

    /** Requires that the user may create objects in an existing schema. */
    public void requireCreate(String schema) throws SQLException {
        Optional<String[]> lacking =
                session.first(CREATE, row -> new String[] {row.getString(1), row.getString(2)}, schema);
        if (lacking.isPresent()) {
            String user = lacking.get()[0];
            throw new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "This server's database user '" + user + "' may create nothing in schema '" + schema
                            + "'. An administrator allows it with: GRANT USAGE, CREATE ON SCHEMA " + lacking.get()[1]
                            + " TO " + session.quoted(user) + "; Nothing was run.",
                    Map.of("schema", schema, "user", user));
        }
    }
}
