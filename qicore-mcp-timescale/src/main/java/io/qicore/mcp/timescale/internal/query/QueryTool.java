package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
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
import java.io.IOException;
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
                    value = "One SELECT, WITH … SELECT, VALUES or TABLE; values as :name",
                    minLength = 1,
                    maxLength = ReadStatement.MAX_LENGTH)
            String sql,

            @Schema(
                    "For each :name; cast where PostgreSQL cannot infer the type: :from::timestamptz. Arrays for = ANY(:names),"
                            + " objects for jsonb")
            @Nullable
            ObjectNode parameters,

            @Schema(value = "Largest number of rows", minimum = 1, maximum = 1000, defaultValue = "100")
            int maxRows,

            @Schema("Columns that tell rows apart, such as [\"time\", \"symbol\"], and order them, NULL last") @Nullable
            List<String> pageBy,

            @Schema(value = "With pageBy: the largest first", defaultValue = "false")
            boolean descending,

            @Schema("nextCursor of the previous page, with the same other arguments") @Nullable
            String cursor,

            @Schema(value = "If the statement may take longer than usual", minimum = 1) @Nullable
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

            @Schema("One array of values for each row. SQL NULL is null. Numbers are JSON numbers if every reader keeps"
                    + " them: integers up to 2^53-1, other numbers up to 15 digits; beyond, and NaN, Infinity and"
                    + " -Infinity, they are text. timestamp with time zone is ISO-8601 in UTC; timestamp has no offset;"
                    + " infinity stays, and years before 1 end in BC; interval is ISO-8601; bytea is base64. Arrays are"
                    + " arrays, composite types objects, and their parts as alone. json and jsonb are JSON by the same rule"
                    + " for numbers; with repeated keys or more than 200 levels they are text. A ROW(…) without a type is"
                    + " an object as to_json writes it. All other types, such as oid, enums, ranges ([1,5)), geometry and"
                    + " hstore, are text as PostgreSQL writes it; ranges of timestamps have them in ISO-8601.")
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
                .description("Runs one read-only SQL statement in UTC; at most maxRows rows and 256 KB. "
                        + "Aggregate in SQL and bound the time column. For bars of prices use get_candlesticks, for other series get_time_buckets. Example: {\"sql\": \"SELECT "
                        + "max(price) FROM ticks WHERE time >= :from::timestamptz\", \"parameters\": {\"from\": "
                        + "\"2026-01-01\"}}")
                .annotations(ToolAnnotations.readOnly())
                .resultHandler(new QueryTool(database, guard, time)::query)
                .build();
    }

    private ToolResult query(Arguments arguments, RequestContext context) {
        ReadStatement statement = ReadStatement.parse(arguments.sql());
        ObjectNode values = values(statement, arguments.parameters());
        if (arguments.pageBy() == null || arguments.pageBy().isEmpty()) {
            requireNoCursor(arguments);
            return time.run(database, context, arguments.timeoutMs(), (chosen, limited) -> {
                return result(statements.run(chosen, limited, statement, values, arguments.maxRows()), null, limited);
            });
        }
        PageCursor cursors = PageCursor.of(NAME, arguments.sql(), values, arguments.pageBy(), arguments.descending());
        PageKeys page = page(arguments.pageBy(), arguments, cursors);
        return time.run(database, context, arguments.timeoutMs(), (chosen, limited) -> {
            QueryRunner.Rows rows = reads.run(chosen, limited, statement, session -> {
                return new QueryRunner(session, statement, values).run(arguments.maxRows(), page);
            });
            List<@Nullable String> last = rows.lastKey();
            return result(rows, last == null ? null : cursors.write(PageKeys.write(last)), limited);
        });
    }

    private static ToolResult result(QueryRunner.Rows rows, @Nullable String nextCursor, RequestContext context) {
        SchemaLimits limits = SchemaLimits.of(context.caller());
        return ToolResult.written(rows.json().object(out -> columns(rows.columns(), limits, out), out -> {
            out.writeNumberField("rowCount", rows.json().count());
            out.writeBooleanField("truncated", rows.truncated());
            if (nextCursor != null) {
                out.writeStringField("nextCursor", nextCursor);
            }
        }));
    }

    private static void columns(List<ResultColumn> columns, SchemaLimits limits, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("columns");
        for (ResultColumn column : columns) {
            out.writeStartObject();
            out.writeStringField("name", column.name());
            out.writeStringField("type", limits.shown(column.type()));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void requireNoCursor(Arguments arguments) {
        if (arguments.cursor() != null) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'cursor' needs 'pageBy': repeat the call that gave it, and add the cursor.",
                    Map.of());
        }
    }

    private static PageKeys page(List<String> columns, Arguments arguments, PageCursor cursors) {
        return arguments.cursor() == null
                ? new PageKeys(columns, arguments.descending(), List.of())
                : PageKeys.after(columns, arguments.descending(), cursors.read(arguments.cursor(), columns.size()));
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
