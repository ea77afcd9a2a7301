package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.connect.SqlErrors;
import io.qicore.mcp.timescale.internal.sql.NamedParameters;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link ReadStatement} of an agent in a read-only {@link Session}. Parses the statement as a subquery to find
 * its columns, and then selects them; columns that can be long are cut to a bounded length. {@code LIMIT} bounds the
 * number of rows in the server, because a limit on the fetch would prevent parallel plans. Bound to one transaction.
 */
public final class QueryRunner {

    /** The largest size, in characters, of rows that have been fetched and not been read yet. */
    private static final long MAX_FETCH_CHARACTERS = 32L * 1024 * 1024;

    static final String DESCRIBE_PREFIX = "SELECT * FROM (\n";

    /**
     * The statement that selects the described columns.
     *
     * @param prefix what comes before the agent's statement
     * @param fetchSize how many rows are fetched at a time; 0 for all at once
     */
    record Selection(String prefix, String sql, int fetchSize) {

        static Selection of(NamedParameters parameters, List<ResultColumn> columns, int maxRows) {
            String prefix = "SELECT " + projection(columns, List.of()) + " FROM (\n";
            return new Selection(
                    prefix,
                    prefix + parameters.jdbcText() + from(columns) + " LIMIT " + (maxRows + 1),
                    QueryRunner.fetchSize(columns, maxRows));
        }
    }

    /** A column of a result. */
    public record Column(String name, String type) {}

    /**
     * A result.
     *
     * @param truncated whether there are more rows than these
     * @param lastKey the key of the last row if the result is paged and truncated, else null
     */
    public record Rows(
            List<Column> columns,
            List<List<JsonNode>> rows,
            boolean truncated,
            @Nullable List<String> lastKey) {}

    private final Session session;
    private final NamedParameters parameters;
    private final List<@Nullable String> values;

    /**
     * Creates the runner of one statement.
     *
     * @param values a value for each parameter
     */
    public QueryRunner(Session session, ReadStatement statement, ObjectNode values) {
        this.session = session;
        this.parameters = statement.parameters();
        this.values = texts(parameters, values);
    }

    /** Returns the text for each placeholder. */
    static List<@Nullable String> texts(NamedParameters parameters, ObjectNode values) {
        List<@Nullable String> texts = new ArrayList<>();
        for (String name : parameters.placeholders()) {
            texts.add(ParameterValues.text(values.get(name)));
        }
        return texts;
    }

    /**
     * Runs the statement.
     *
     * @param maxRows most rows of the result
     * @throws MCPToolError for every failure that the statement can cause
     */
    public Rows run(int maxRows) {
        return run(maxRows, PageKeys.NONE, false);
    }

    /**
     * Runs the statement as the last one of its transaction, which ends in the same round trip if possible.
     *
     * @param maxRows most rows of the result
     * @throws MCPToolError for every failure that the statement can cause
     */
    public Rows finish(int maxRows, PageKeys page) {
        return run(maxRows, page, true);
    }

    private Rows run(int maxRows, PageKeys page, boolean end) {
        List<ResultColumn> columns = describe();
        List<Integer> keys = page.indexes(columns);
        String from = from(columns);
        String prefix = "SELECT " + projection(columns, keys) + " FROM (\n";
        String sql = prefix + parameters.jdbcText() + from + page.tail(keys) + " LIMIT " + (maxRows + 1);
        int fetchSize = fetchSize(columns, maxRows);
        // Fetching rows in parts and the check for NULLs need the transaction.
        boolean last = end && fetchSize == 0 && !page.isPaged();
        return use("run", prefix, sql, page.after(), last, prepared -> {
            prepared.setFetchSize(fetchSize);
            prepared.execute();
            ResultRows rows;
            try (ResultSet result = prepared.getResultSet()) {
                rows = ResultRows.read(result, columns, keys.size(), maxRows);
            }
            boolean continued = page.isPaged() && rows.more();
            if (continued && page.after().isEmpty()) {
                refuseNulls(from, keys);
            }
            return rows(columns, rows, continued ? rows.lastKey() : null);
        });
    }

    static Rows rows(List<ResultColumn> columns, ResultRows rows, @Nullable List<String> lastKey) {
        return new Rows(
                columns.stream().map(c -> new Column(c.name(), c.type())).toList(), rows.rows(), rows.more(), lastKey);
    }

    /**
     * Returns the first column of the only row of a statement around the agent's statement, such as EXPLAIN. Ends the
     * transaction.
     *
     * @param prefix what comes before the agent's statement, which stands as a subquery
     */
    public String wrapped(String prefix) {
        String sql = prefix + DESCRIBE_PREFIX + parameters.jdbcText() + "\n) AS q";
        return use("run", prefix + DESCRIBE_PREFIX, sql, List.of(), true, prepared -> {
            prepared.execute();
            try (ResultSet result = prepared.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        });
    }

    /**
     * Returns the columns.
     *
     * @throws MCPToolError for every failure that the statement can cause when it is parsed
     */
    private List<ResultColumn> describe() {
        String sql = DESCRIBE_PREFIX + parameters.jdbcText() + "\n) AS q";
        try {
            checkSingle(sql);
            List<ResultColumn> columns = ResultColumn.of(session.describe(sql, values), session);
            if (columns.isEmpty()) {
                throw new MCPToolError(
                        TimescaleErrorCode.INVALID_SQL, "The statement has no columns.", Map.of("stage", "prepare"));
            }
            return columns;
        } catch (SQLException e) {
            throw failure(e, "prepare", DESCRIBE_PREFIX);
        }
    }

    /** Refuses NULL in key columns, since a row with NULL could appear on the first page only. */
    private void refuseNulls(String from, List<Integer> keys) throws SQLException {
        String any = keys.stream().map(i -> "c" + i + " IS NULL").collect(Collectors.joining(" OR "));
        String sql = "SELECT EXISTS (SELECT FROM (\n" + parameters.jdbcText() + from + " WHERE " + any + ")";
        checkSingle(sql);
        boolean found = session.with(sql, prepared -> {
            bind(prepared, List.of());
            try (ResultSet result = prepared.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        });
        if (found) {
            throw ResultRows.nullKey();
        }
    }

    private <T> T use(
            String stage, String prefix, String sql, List<String> more, boolean last, Session.StatementUse<T> use) {
        try {
            checkSingle(sql);
            session.renewTimeout();
            Session.StatementUse<T> bound = prepared -> {
                bind(prepared, more);
                return use.apply(prepared);
            };
            return last ? session.withLast(sql, bound) : session.with(sql, bound);
        } catch (SQLException e) {
            throw failure(e, stage, prefix);
        }
    }

    private MCPToolError failure(SQLException e, String stage, String prefix) {
        return SqlErrors.toToolError(e, stage, position -> parameters.originalPosition(position - prefix.length()));
    }

    private void checkSingle(String sql) throws SQLException {
        if (!session.isSingleStatement(sql)) {
            throw new MCPToolError(
                    TimescaleErrorCode.STATEMENT_NOT_ALLOWED,
                    "The statement is refused: the driver reads more than one statement in it.",
                    Map.of("stage", "guard"));
        }
    }

    private void bind(PreparedStatement prepared, List<String> more) throws SQLException {
        int index = 1;
        for (String value : values) {
            bind(prepared, index++, value);
        }
        for (String value : more) {
            bind(prepared, index++, value);
        }
    }

    private static void bind(PreparedStatement prepared, int index, @Nullable String value) throws SQLException {
        if (value == null) {
            prepared.setNull(index, Types.OTHER);
        } else {
            prepared.setObject(index, value, Types.OTHER);
        }
    }

    private static String projection(List<ResultColumn> columns, List<Integer> keys) {
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            expressions.add(columns.get(i).sql("c" + i));
        }
        for (int key : keys) {
            expressions.add("pg_catalog.left(c" + key + "::text, " + (PageKeys.MAX_KEY_CHARACTERS + 1) + ")");
        }
        return String.join(", ", expressions);
    }

    /** Returns what follows the statement: the end of the subquery, and names for its columns, which may repeat. */
    private static String from(List<ResultColumn> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "c" + i)
                .collect(Collectors.joining(", ", "\n) AS q (", ")"));
    }

    /** Returns the fetch size: 0 (all rows at once), unless the longest possible rows would take too much memory. */
    private static int fetchSize(List<ResultColumn> columns, int maxRows) {
        long widestRow = columns.stream().mapToLong(ResultColumn::longest).sum();
        long rowsThatFit = Math.max(1, MAX_FETCH_CHARACTERS / widestRow);
        return rowsThatFit > maxRows ? 0 : (int) rowsThatFit;
    }
}
