package io.qicore.mcp.timescale.internal.db;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.NamedParameters;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs an agent's {@link ReadStatement} in a read-only {@link Session}: prepares it as a subquery to learn its columns,
 * then selects each of them as text of bounded length. The number of rows is bounded by {@code LIMIT} in the server,
 * because a limit on the fetch would cost parallel plans. Stateless.
 */
public final class QueryRunner {

    /** Longest value, in characters of its JSON. */
    public static final int MAX_CELL_CHARACTERS = 32 * 1024;

    /** Most characters of all rows together. */
    public static final int MAX_RESULT_CHARACTERS = 256 * 1024;

    /** Most memory, in characters, that rows may take which have been fetched and not yet read. */
    private static final long MAX_FETCH_CHARACTERS = 32L * 1024 * 1024;

    private static final String DESCRIBE_PREFIX = "SELECT * FROM (\n";

    /** A column of a result. */
    public record Column(String name, String type) {}

    /** A result; {@code truncated} tells that there are more rows than these. */
    public record Rows(List<Column> columns, List<List<JsonNode>> rows, boolean truncated) {}

    private record Described(Column column, CellFormat format) {}

    private final Session session;

    public QueryRunner(Session session) {
        this.session = session;
    }

    /**
     * Runs it.
     *
     * @param values a value for each parameter
     * @param maxRows most rows of the result
     * @throws MCPToolError for every failure that the statement can cause
     */
    public Rows run(ReadStatement statement, ObjectNode values, int maxRows) {
        NamedParameters parameters = statement.parameters();
        List<Described> columns = describe(parameters, values);
        String projection = IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i).format().sql("c" + i, MAX_CELL_CHARACTERS))
                .collect(Collectors.joining(", "));
        String aliases =
                IntStream.range(0, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        String prefix = "SELECT " + projection + " FROM (\n";
        String sql = prefix + parameters.jdbcText() + "\n) AS q (" + aliases + ") LIMIT " + (maxRows + 1);
        return use("run", prefix, parameters, sql, values, prepared -> {
            session.renewTimeout();
            prepared.setFetchSize(fetchSize(columns, maxRows));
            try (ResultSet result = prepared.executeQuery()) {
                return read(result, columns, maxRows);
            }
        });
    }

    /**
     * The columns. With LIMIT 0 the server plans the statement and computes no row; merely describing it would leave a
     * named statement behind.
     */
    private List<Described> describe(NamedParameters parameters, ObjectNode values) {
        String sql = DESCRIBE_PREFIX + parameters.jdbcText() + "\n) AS q LIMIT 0";
        return use("prepare", DESCRIBE_PREFIX, parameters, sql, values, prepared -> {
            try (ResultSet none = prepared.executeQuery()) {
                ResultSetMetaData metadata = none.getMetaData();
                List<Described> columns = new ArrayList<>();
                for (int i = 1; i <= metadata.getColumnCount(); i++) {
                    String type = TypeNames.withoutSerial(metadata.getColumnTypeName(i));
                    columns.add(new Described(
                            new Column(metadata.getColumnLabel(i), TypeNames.toSql(type)), CellFormat.of(type)));
                }
                if (columns.isEmpty()) {
                    throw new MCPToolError(
                            TimescaleErrorCode.INVALID_SQL,
                            "The statement has no columns.",
                            Map.of("stage", "prepare"));
                }
                return columns;
            }
        });
    }

    private <T> T use(
            String stage,
            String prefix,
            NamedParameters parameters,
            String sql,
            ObjectNode values,
            Session.StatementUse<T> use) {
        try {
            if (!session.isSingleStatement(sql)) {
                throw new MCPToolError(
                        TimescaleErrorCode.STATEMENT_NOT_ALLOWED,
                        "The statement is refused: the driver reads more than one statement in it.",
                        Map.of("stage", "guard"));
            }
            return session.with(sql, prepared -> {
                bind(prepared, parameters, values);
                return use.apply(prepared);
            });
        } catch (SQLException e) {
            throw SqlErrors.toToolError(e, stage, position -> parameters.originalPosition(position - prefix.length()));
        }
    }

    private static void bind(PreparedStatement prepared, NamedParameters parameters, ObjectNode values)
            throws SQLException {
        List<String> names = parameters.placeholders();
        for (int i = 0; i < names.size(); i++) {
            ParameterValues.bind(prepared, i + 1, values.get(names.get(i)));
        }
    }

    /** 0, all at once, unless the longest possible rows would take too much memory. */
    private static int fetchSize(List<Described> columns, int maxRows) {
        long widestRow = columns.stream()
                .mapToLong(column -> column.format().widest(MAX_CELL_CHARACTERS))
                .sum();
        long rowsThatFit = Math.max(1, MAX_FETCH_CHARACTERS / widestRow);
        return rowsThatFit > maxRows ? 0 : (int) rowsThatFit;
    }

    private static Rows read(ResultSet result, List<Described> columns, int maxRows) throws SQLException {
        List<List<JsonNode>> rows = new ArrayList<>();
        long characters = 0;
        boolean more = result.next();
        while (more && rows.size() < maxRows) {
            List<JsonNode> row = new ArrayList<>(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                String text = result.getString(i + 1);
                int length = text == null ? 4 : text.length();
                if (length > MAX_CELL_CHARACTERS) {
                    throw tooLarge(
                            "The value of column '" + columns.get(i).column().name() + "' in row " + (rows.size() + 1)
                                    + " has more than " + MAX_CELL_CHARACTERS + " characters.");
                }
                characters += length + 3L;
                row.add(columns.get(i).format().toJson(text));
            }
            if (characters > MAX_RESULT_CHARACTERS) {
                if (rows.isEmpty()) {
                    throw tooLarge("The first row has more than " + MAX_RESULT_CHARACTERS + " characters.");
                }
                break;
            }
            rows.add(row);
            more = result.next();
        }
        return new Rows(columns.stream().map(Described::column).toList(), rows, more);
    }

    private static MCPToolError tooLarge(String what) {
        return new MCPToolError(
                TimescaleErrorCode.RESULT_TOO_LARGE,
                what + " Select fewer columns, or a part such as left(col::text, 1000) or length(col).",
                Map.of("maxCellCharacters", MAX_CELL_CHARACTERS, "maxResultCharacters", MAX_RESULT_CHARACTERS));
    }
}
