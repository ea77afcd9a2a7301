package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.sql.AggregateCall;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the SQL of aggregates, with the functions of TimescaleDB if they exist, otherwise with those of
 * PostgreSQL 14 and later.
 */
public final class AggregateSql {

    private static final Set<String> OF_NUMBERS = Set.of("avg", "sum", "stddev", "variance");

    /** Categories of {@code pg_type}: numbers, intervals, and user-defined types. */
    private static final Set<String> SUMMABLE = Set.of("N", "T", "U");

    private final Table table;
    private final List<TableColumn> columns;
    private final TableColumn time;
    private final Optional<TimescaleExtension> timescale;

    /** Creates the writer for one table and the column that orders its rows. */
    public AggregateSql(
            Table table, List<TableColumn> columns, TableColumn time, Optional<TimescaleExtension> timescale) {
        this.table = table;
        this.columns = columns;
        this.time = time;
        this.timescale = timescale;
    }

    /** Returns an aggregate, without its alias. */
    public String call(AggregateCall call) {
        if (call.isStar()) {
            return "pg_catalog.count(*)";
        }
        TableColumn found = Catalog.column(table, columns, call.column());
        requireNumbers(call, found);
        String column = found.sqlName();
        return switch (call.function()) {
            case "first" -> edge(found, "first", "ASC", isPresent(column));
            case "last" -> edge(found, "last", "DESC", isPresent(column));
            // A type of an extension may have aggregates of its own.
            default -> (found.category().equals("U") ? "" : "pg_catalog.") + call.function() + "(" + column + ")";
        };
    }

    /** Checks the type of the column, since PostgreSQL would only report a function that does not exist. */
    private void requireNumbers(AggregateCall call, TableColumn column) {
        if (OF_NUMBERS.contains(call.function()) && !SUMMABLE.contains(column.category())) {
            List<String> numbers = columns.stream()
                    .filter(candidate -> SUMMABLE.contains(candidate.category()))
                    .map(TableColumn::name)
                    .toList();
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    call.function() + " needs a column of numbers, and '" + column.name() + "' is of type "
                            + column.type() + ". "
                            + (numbers.isEmpty()
                                    ? "The table has no such column."
                                    : "Such columns are " + String.join(", ", numbers) + "."),
                    Map.of("column", column.name(), "type", column.type()));
        }
    }

    private static String isPresent(String column) {
        return column + " IS DISTINCT FROM NULL";
    }

    /** Returns the value of the earliest or latest row that fulfils a condition. */
    String edge(TableColumn column, String function, String order, String condition) {
        String filter = " FILTER (WHERE " + condition + ")";
        if (timescale.isPresent()) {
            return timescale.get().function(function) + "(" + column.sqlName() + ", " + time.sqlName() + ")" + filter;
        }
        // Arrays of arrays become an array of more dimensions, from which no array can be taken.
        boolean array = column.category().equals("A");
        String value = array ? "CAST(" + column.sqlName() + " AS pg_catalog.text)" : column.sqlName();
        String first =
                "(pg_catalog.array_agg(" + value + " ORDER BY " + time.sqlName() + " " + order + ")" + filter + ")[1]";
        return array ? "CAST(" + first + " AS " + column.type() + ")" : first;
    }

    /**
     * Parses the aggregates of an agent.
     *
     * @param taken names that no aggregate may have
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if an aggregate is not valid, or a name repeats
     */
    public static List<AggregateCall> parse(List<String> texts, List<String> taken) {
        List<AggregateCall> calls = texts.stream().map(AggregateCall::parse).toList();
        Set<String> names = new HashSet<>(taken);
        for (AggregateCall call : calls) {
            if (!names.add(call.alias())) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "Two columns of the result would be called '" + call.alias() + "': add 'as name' to one of"
                                + " them.",
                        Map.of("name", call.alias()));
            }
        }
        return calls;
    }
}
