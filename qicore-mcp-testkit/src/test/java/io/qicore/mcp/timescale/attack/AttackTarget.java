package io.qicore.mcp.timescale.attack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database under attack, and the means to observe what an attack changes. */
interface AttackTarget extends AutoCloseable {

    /** The database role that the server logs in as. */
    enum Role {
        SUPERUSER,
        READER
    }

    /** Runs a query on a connection. */
    static List<List<@Nullable String>> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<List<@Nullable String>> rows = new ArrayList<>();
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** Returns the name of this target for the report. */
    String name();

    /** Returns the data source for a server. It opens at most one session. */
    DataSource source(Role role);

    /** Runs statements as superuser, without the server. */
    void execute(List<String> statements) throws SQLException;

    /** Runs a query as superuser, without the server. Returns its rows, with NULL for SQL NULL. */
    List<List<@Nullable String>> rows(String sql) throws SQLException;

    /** Returns the state of the data source's session that an attack could change, as text. */
    String session(Role role) throws Exception;

    /** Returns all other state that an attack could change, as text. */
    String world() throws Exception;

    /** Returns a folder on the machine of the database to which the database may write. */
    Path writableFolder();

    /** Returns whether a deadline can end a running statement. */
    boolean endsStatements();

    /** Returns whether the database has TimescaleDB. */
    boolean hasTimescale();

    @Override
    void close() throws IOException, SQLException;
}
