package io.qicore.mcp.benchmarks.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A query as an application writes it. Stateless. */
final class PlainJdbc {

    private PlainJdbc() {}

    /** The promises of {@code query} that JDBC has words for: a read-only transaction with a deadline, rolled back. */
    static List<Object> careful(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            try (Statement settings = connection.createStatement()) {
                settings.execute("SET LOCAL statement_timeout = 30000; SET LOCAL TimeZone = 'UTC'");
            }
            List<Object> values = read(connection, sql);
            connection.rollback();
            connection.setReadOnly(false);
            connection.setAutoCommit(true);
            return values;
        }
    }

    /** Nothing but the statement. */
    static List<Object> bare(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return read(connection, sql);
        }
    }

    private static List<Object> read(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            int columns = result.getMetaData().getColumnCount();
            List<Object> values = new ArrayList<>();
            while (result.next()) {
                for (int i = 1; i <= columns; i++) {
                    values.add(result.getObject(i));
                }
            }
            return values;
        }
    }
}
