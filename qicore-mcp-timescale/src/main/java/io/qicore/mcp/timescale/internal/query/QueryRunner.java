package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Part;
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
            String prefix = "SELECT " + projection(columns) + " FROM (\n";
            return new Selection(
                    prefix,
                    prefix + parameters.jdbcText() + from(columns) + " LIMIT " + (maxRows + 1),
                    QueryRunner.fetchSize(columns, maxRows));
        }
    }

    /**
     * A result.
     *
     * @param truncated whether there are more rows than these
     * @param lastKey the key of the last row if the result is paged and truncated, else null
     */
    public record Rows(
            List<ResultColumn> columns,
            JsonRows json,
            boolean truncated,
            @Nullable List<@Nullable String> lastKey) {

        static Rows unpaged(List<ResultColumn> columns, ResultRows rows) {
            return new Rows(columns, rows.json(), rows.more(), null);
        }
    }

    /**
     * A result whose values are the text of PostgreSQL.
     *
     * @param truncated whether there are more rows than these
     */
    public record Texts(List<ResultColumn> columns, List<@Nullable String[]> rows, boolean truncated) {}

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
        this.values = ParameterValues.texts(parameters, values);
    }

    /**
     * Runs the statement.
     *
     * @param maxRows most rows of the result
     * @throws MCPToolError for every failure that the statement can cause
     */
    public Rows run(int maxRows) {
        return run(maxRows, PageKeys.NONE);
    }

    /**
     * Runs the statement and returns the text of its values, for rows that are computed from them.
     *
     * @param maxRows most rows of the result
     * @throws MCPToolError for every failure that the statement can cause, and if the rows are too large together
     */
    public Texts texts(int maxRows) {
        List<ResultColumn> columns = describe();
        Selection selection = Selection.of(parameters, columns, maxRows);
        return use(selection.prefix(), selection.sql(), List.of(), prepared -> {
            prepared.setFetchSize(selection.fetchSize());
            prepared.execute();
            try (ResultSet result = prepared.getResultSet()) {
                return texts(result, columns, maxRows);
            }
        });
    }

    private static Texts texts(ResultSet result, List<ResultColumn> columns, int maxRows) throws SQLException {
        List<@Nullable String[]> rows = new ArrayList<>();
        long characters = 0;
        while (result.next()) {
            if (rows.size() == maxRows) {
                return new Texts(columns, rows, true);
            }
            @Nullable String[] row = new String[columns.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = result.getString(i + 1);
                characters += row[i] == null ? 4 : row[i].length();
            }
            if (characters > JsonRows.MAX_RESULT_BYTES) {
                throw JsonRows.tooLarge("The rows have more than " + JsonRows.MAX_RESULT_BYTES + " bytes.");
            }
            rows.add(row);
        }
        return new Texts(columns, rows, false);
    }

    /**
     * Runs the statement and returns one page of its rows.
     *
     * @param maxRows most rows of the result
     * @throws MCPToolError for every failure that the statement can cause
     */
    public Rows run(int maxRows, PageKeys page) {
        List<ResultColumn> columns = describe();
        if (page.isPaged()) {
            return page(columns, maxRows, page);
        }
        Selection selection = Selection.of(parameters, columns, maxRows);
        ResultRows rows = new ResultRows(columns, 0, maxRows);
        read(selection.prefix(), selection.sql(), List.of(), selection.fetchSize(), rows);
        return Rows.unpaged(columns, rows);
    }

    private Rows page(List<ResultColumn> columns, int maxRows, PageKeys page) {
        List<Integer> keys = page.indexes(columns);
        ResultRows rows = new ResultRows(columns, keys.size(), maxRows);
        if (!page.isAmongNulls()) {
            part(columns, page, keys, page.withoutNulls(keys), rows);
        }
        if (!rows.more()) {
            part(columns, page, keys, page.withNulls(keys), rows);
        }
        return new Rows(columns, rows.json(), rows.more(), rows.more() ? rows.lastKey() : null);
    }

    /** Reads rows of a page. They are numbered by their key after the limit, so that the numbering does not sort them all. */
    private void part(
            List<ResultColumn> columns,
            PageKeys page,
            List<Integer> keys,
            PageKeys.Condition condition,
            ResultRows rows) {
        String prefix =
                "SELECT " + projection(columns) + ", " + page.selected(columns, keys) + " FROM (SELECT * FROM (\n";
        String order = page.order(keys);
        String sql = prefix + parameters.jdbcText() + from(columns) + condition.sql() + order + " LIMIT "
                + (rows.room() + 1) + ") AS p" + order;
        read(prefix, sql, condition.arguments(), fetchSize(columns, rows.room()), rows);
    }

    private void read(String prefix, String sql, List<String> more, int fetchSize, ResultRows rows) {
        use(prefix, sql, more, prepared -> {
            prepared.setFetchSize(fetchSize);
            prepared.execute();
            try (ResultSet result = prepared.getResultSet()) {
                rows.read(result);
            }
            return rows;
        });
    }

    /**
     * Returns the first column of the only row of a statement around the agent's statement, such as EXPLAIN. Ends the
     * transaction.
     *
     * @param prefix what comes before the agent's statement, which stands as a subquery
     */
    public String wrapped(String prefix) {
        String sql = prefix + DESCRIBE_PREFIX + parameters.jdbcText() + "\n) AS q";
        try {
            session.renewTimeout();
            return session.runLast(new Part(sql, values)).read(rows -> {
                rows.next();
                return rows.getString(1);
            });
        } catch (SQLException e) {
            throw failure(e, "run", prefix + DESCRIBE_PREFIX);
        }
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

    private <T> T use(String prefix, String sql, List<String> more, Session.StatementUse<T> use) {
        try {
            checkSingle(sql);
            session.renewTimeout();
            return session.with(sql, prepared -> {
                bind(prepared, more);
                return use.apply(prepared);
            });
        } catch (SQLException e) {
            throw failure(e, "run", prefix);
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

    /** Returns the selected values, with names that ORDER BY does not take for the columns. */
    private static String projection(List<ResultColumn> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i).sql("c" + i) + " AS r" + i)
                .collect(Collectors.joining(", "));
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
