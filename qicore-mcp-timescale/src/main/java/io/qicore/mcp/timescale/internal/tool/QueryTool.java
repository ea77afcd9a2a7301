package io.qicore.mcp.timescale.internal.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.db.QueryRunner;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolContext;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code query}: one read-only statement. */
public final class QueryTool implements ToolGroup {

    record Arguments(
            @Schema(
                    value = "One SELECT, WITH … SELECT, VALUES or TABLE statement of PostgreSQL. Write values as named"
                            + " parameters, :name, and give them in 'parameters'.",
                    minLength = 1,
                    maxLength = ReadStatement.MAX_LENGTH)
            String sql,

            @Schema(
                    "A value for each :name. PostgreSQL infers its type from where it stands; cast where it cannot, as in"
                            + " :from::timestamptz. An array is for = ANY(:names); an object is for jsonb.")
            @Nullable
            ObjectNode parameters,

            @Schema(value = "Most rows of the answer", minimum = 1, maximum = 1000, defaultValue = "100")
            int maxRows) {}

    record Column(
            @Schema("Name; names may repeat") String name,
            @Schema("SQL type") String type) {}

    record Result(
            @Schema("The columns, in the order of the values in each row")
            List<Column> columns,

            @Schema("One array of values for each row. Integers and floats are numbers, numeric is a number up to 15"
                    + " digits and text beyond, NaN and Infinity are text; timestamp with time zone is ISO-8601 in UTC;"
                    + " interval is ISO-8601; bytea is base64; arrays, composites and JSON are JSON; all else is text.")
            List<List<JsonNode>> rows,

            @Schema("Number of rows in this answer") int rowCount,

            @Schema("Whether there are more rows than these")
            boolean truncated) {}

    private final Database database;

    public QueryTool(Database database) {
        this.database = database;
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(MCPTool.builder("query", Arguments.class, Result.class)
                .title("Query the database")
                .description(
                        "Runs one read-only SQL statement and returns its rows, at most maxRows of them and at most"
                                + " 256 thousand characters. Nothing can be changed with it. Aggregate in SQL rather than"
                                + " fetching rows, and bound the time column. Statements run in UTC.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::query)
                .build());
    }

    private Result query(Arguments arguments, ToolContext context) {
        ReadStatement statement = ReadStatement.parse(arguments.sql());
        ObjectNode values =
                arguments.parameters() == null ? JsonNodeFactory.instance.objectNode() : arguments.parameters();
        statement.parameters().check(names(values));
        QueryRunner.Rows rows =
                database.read(context, session -> new QueryRunner(session).run(statement, values, arguments.maxRows()));
        List<Column> columns = rows.columns().stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList();
        return new Result(columns, rows.rows(), rows.rows().size(), rows.truncated());
    }

    private static Set<String> names(ObjectNode values) {
        Set<String> names = new TreeSet<>();
        values.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
