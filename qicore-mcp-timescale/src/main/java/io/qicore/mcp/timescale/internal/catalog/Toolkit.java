package io.qicore.mcp.timescale.internal.catalog;

import io.qicore.mcp.timescale.internal.connect.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The TimescaleDB Toolkit extension.
 *
 * @param sqlSchema the schema that holds its functions, quoted where necessary
 */
public record Toolkit(String sqlSchema) {

    /** Returns the extension, if the database has it. */
    public static Optional<Toolkit> find(Session session) throws SQLException {
        return session.first(
                "SELECT format('%I', n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                        + " WHERE e.extname = 'timescaledb_toolkit'",
                row -> new Toolkit(row.getString(1)));
    }

    /** Returns the qualified name of a function of the extension. */
    public String function(String name) {
        return sqlSchema + "." + name;
    }
}
