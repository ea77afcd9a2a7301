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
 * What the user of a server may do, asked before anything is run, so that the answer names the grant that is missing.
 * Every failure is an {@link MCPToolError} with {@link StandardErrorCode#NOT_AUTHORIZED}. Bound to one transaction.
 */
public final class Privileges {

    /** The owner, and the user if it cannot act for it. */
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

    /** That the user is, or is a member of, the owner of something. */
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

    /** That the user is, or is a member of, the owner of a table. */
    public void requireOwner(Table table) throws SQLException {
        Optional<String> owner = session.first(OWNER_OF_TABLE, row -> row.getString(1), table.oid());
        if (owner.isPresent()) {
            requireRole(owner.get(), "'" + table.fullName() + "'");
        }
    }

    /**
     * The hypertable of a name, if the user is, or is a member of, its owner.
     *
     * @throws MCPToolError as {@link Hypertables#require}, too
     */
    public Hypertable requireOwnedHypertable(String text) throws SQLException {
        Hypertable hypertable = new Hypertables(session).require(text);
        requireRole(hypertable.owner(), "'" + hypertable.table().fullName() + "'");
        return hypertable;
    }

    /** That the user may read a table, or some of its columns. */
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

    /** That the user may create things in a schema that exists. */
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
