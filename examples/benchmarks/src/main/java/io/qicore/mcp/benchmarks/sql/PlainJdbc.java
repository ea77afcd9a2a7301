package io.qicore.mcp.benchmarks.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Runs a query with plain JDBC, as an application would. Stateless. */
final class PlainJdbc {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private PlainJdbc() {}

    /** Runs a query with the guarantees of {@code query} that JDBC offers, and writes the rows as JSON. */
    static byte[] careful(DataSource source, String sql) throws SQLException, JsonProcessingException {
        return MAPPER.writeValueAsBytes(rows(source, sql));
    }

    /** Reads rows in a read-only transaction with a deadline, which is rolled back. */
    private static List<List<Object>> rows(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            try (Statement settings = connection.createStatement()) {
                settings.execute("SET LOCAL statement_timeout = 30000; SET LOCAL TimeZone = 'UTC'");
            }
            List<List<Object>> rows = read(connection, sql);
            connection.rollback();
            connection.setReadOnly(false);
            connection.setAutoCommit(true);
            return rows;
        }
    }

    /** As {@link #careful}, and writes the rows twice as an agent gets them: as JSON, and as JSON in a text. */
    static byte[] written(DataSource source, String sql) throws SQLException, JsonProcessingException {
        List<List<Object>> rows = rows(source, sql);
        return MAPPER.writeValueAsBytes(Map.of("rows", rows, "text", MAPPER.writeValueAsString(rows)));
    }

    /** Runs the statement only, without a transaction and without settings. */
    static List<List<Object>> bare(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return read(connection, sql);
        }
    }

    private static List<List<Object>> read(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            int columns = result.getMetaData().getColumnCount();
            List<List<Object>> rows = new ArrayList<>();
            while (result.next()) {
                List<Object> row = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }
}
