package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code query}: runs one read-only statement. */
public final class QueryTool {

    /** The name of the tool. */
    public static final String NAME = "query";

    record Arguments(
            @Schema(
                    value =
                            "One SELECT, WITH … SELECT, VALUES or TABLE. Write values as :name and give them in parameters.",
                    minLength = 1,
                    maxLength = ReadStatement.MAX_LENGTH)
            String sql,

            @Schema(
                    "A value for each :name; cast where PostgreSQL cannot infer its type, as in :from::timestamptz. An array"
                            + " is for = ANY(:names), an object for jsonb.")
            @Nullable
            ObjectNode parameters,

            @Schema(value = "Largest number of rows", minimum = 1, maximum = 1000, defaultValue = "100")
            int maxRows,

            @Schema(
                    "Columns of the result that tell its rows apart and are never NULL, such as [\"time\", \"symbol\"]: rows"
                            + " come in their order, and nextCursor leads to more")
            @Nullable
            List<String> pageBy,

            @Schema(value = "With pageBy: the largest first", defaultValue = "false")
            boolean descending,

            @Schema("nextCursor of the previous page; repeat the other arguments unchanged") @Nullable
            String cursor,

            @Schema(value = "How long the statement may take, if longer than usual", minimum = 1) @Nullable
            Integer timeoutMs) {}

    record Column(
            @Schema("Name; names may repeat") String name,
            @Schema("SQL type") String type) {}

    /**
     * The schema of the result. The result itself is written as JSON directly, which saves copying the rows.
     */
    record Result(
            @Schema("The columns, in the order of the values in each row")
            List<Column> columns,

            @Schema("One array of values for each row. Integers are numbers up to 2^53-1 and text beyond, numeric is a"
                    + " number up to 15 digits and text beyond, floats are numbers; NaN, Infinity and -Infinity are text;"
                    + " timestamp with time zone is ISO-8601 in UTC; interval is ISO-8601; bytea is base64; arrays,"
                    + " composites and JSON are JSON, where numbers are as PostgreSQL writes them; ranges and all else are"
                    + " text as PostgreSQL writes it, such as [1,5); SQL NULL is null.")
            List<List<JsonNode>> rows,

            @Schema("Number of rows in this answer") int rowCount,

            @Schema("Whether there are more rows than these")
            boolean truncated,

            @Schema("With pageBy, while there are more rows: give it as 'cursor' for the next page") @Nullable
            String nextCursor) {}

    private final Database database;
    private final StatementTime time;
    private final GuardedRead reads;
    private final StatementRunner statements;

    private QueryTool(Database database, CatalogGuard guard, StatementTime time) {
        this.database = database;
        this.time = time;
        this.reads = new GuardedRead(guard);
        this.statements = new StatementRunner(guard, reads);
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, CatalogGuard guard, StatementTime time) {
        return MCPTool.builder(NAME, Arguments.class, Result.class)
                .title("Run a read-only query")
                .description("Runs one read-only SQL statement in UTC; at most maxRows rows and 256 thousand "
                        + "characters. Aggregate in SQL and bound the time column. For bars of prices use "
                        + "get_candlesticks, for other series get_time_buckets. Example: {\"sql\": \"SELECT "
                        + "max(price) FROM ticks WHERE time >= :from::timestamptz\", \"parameters\": {\"from\": "
                        + "\"2026-01-01\"}}")
                .annotations(ToolAnnotations.readOnly())
                .resultHandler(new QueryTool(database, guard, time)::query)
                .build();
    }

    private ToolResult query(Arguments arguments, RequestContext context) {
        ReadStatement statement = ReadStatement.parse(arguments.sql());
        ObjectNode values = values(statement, arguments.parameters());
        PageCursor cursors = PageCursor.of(NAME, arguments.sql(), values, arguments.pageBy(), arguments.descending());
        PageKeys page = page(arguments, cursors);
        return time.run(database, context, arguments.timeoutMs(), (chosen, limited) -> {
            QueryRunner.Rows rows = page.isPaged()
                    ? reads.run(chosen, limited, statement, session -> {
                        return new QueryRunner(session, statement, values).finish(arguments.maxRows(), page);
                    })
                    : statements.run(chosen, limited, statement, values, arguments.maxRows());
            return result(rows, cursors);
        });
    }

    private static ToolResult result(QueryRunner.Rows rows, PageCursor cursors) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ArrayNode columns = result.putArray("columns");
        rows.columns()
                .forEach(
                        column -> columns.addObject().put("name", column.name()).put("type", column.type()));
        ArrayNode table = result.putArray("rows");
        rows.rows().forEach(row -> table.add(new ArrayNode(JsonNodeFactory.instance, row)));
        result.put("rowCount", rows.rows().size()).put("truncated", rows.truncated());
        List<String> lastKey = rows.lastKey();
        if (lastKey != null) {
            result.put("nextCursor", cursors.write(lastKey));
        }
        return ToolResult.of(result);
    }

    private static PageKeys page(Arguments arguments, PageCursor cursors) {
        List<String> columns = arguments.pageBy() == null ? List.of() : arguments.pageBy();
        String cursor = arguments.cursor();
        if (cursor == null) {
            return new PageKeys(columns, arguments.descending(), List.of());
        }
        if (columns.isEmpty()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'cursor' needs 'pageBy': repeat the call that gave it, and add the cursor.",
                    Map.of());
        }
        return new PageKeys(columns, arguments.descending(), cursors.read(cursor, columns.size()));
    }

    /** Returns the values, after checking that there is exactly one for each parameter. */
    static ObjectNode values(ReadStatement statement, @Nullable ObjectNode given) {
        ObjectNode values = given == null ? JsonNodeFactory.instance.objectNode() : given;
        Set<String> names = new TreeSet<>();
        values.fieldNames().forEachRemaining(names::add);
        statement.parameters().check(names);
        return values;
    }
}
