package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code explain_query}: the plan of a statement, and the chunks of hypertables that it would read. */
public final class ExplainQueryTool {

    /** The name of the tool. */
    public static final String NAME = "explain_query";

    /** GENERIC_PLAN is not used, because the values decide which chunks are excluded. */
    private static final String PLAN = "EXPLAIN (FORMAT JSON) ";

    private static final String RUN = "EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS, TIMING) ";

    private static final String HYPERTABLES = "SELECT chunk_name, hypertable_name FROM timescaledb_information.chunks"
            + " WHERE chunk_name = ANY (CAST(? AS text[]))";

    record Arguments(
            @Schema(value = "As in query", minLength = 1, maxLength = ReadStatement.MAX_LENGTH)
            String sql,

            @Schema("As in query") @Nullable ObjectNode parameters,

            @Schema(value = "Run the statement and measure it", defaultValue = "false")
            boolean analyze,

            @Schema(value = "Also return PostgreSQL's own plan", defaultValue = "false")
            boolean fullPlan,

            @Schema(value = "As in query", minimum = 1) @Nullable
            Integer timeoutMs) {}

    record Result(
            @Schema("Whether the statement was run") boolean analyzed,
            @Schema("What matters of the plan") PlanSummary summary,

            @Schema(
                    "The whole plan, if asked for, not larger than 64 thousand characters, and only of what the caller may use")
            @Nullable
            JsonNode plan) {}

    private final Database database;
    private final GuardedRead reads;
    private final StatementTime time;

    private ExplainQueryTool(Database database, CatalogGuard guard, StatementTime time) {
        this.database = database;
        this.reads = new GuardedRead(guard);
        this.time = time;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, CatalogGuard guard, StatementTime time) {
        return MCPTool.builder(NAME, Arguments.class, Result.class)
                .title("Explain query")
                .description("Shows how a statement of query would run: its expensive steps and the chunks that are "
                        + "read, excluded and compressed. Use it when query is slow.")
                .annotations(ToolAnnotations.readOnly())
                .resultHandler(new ExplainQueryTool(database, guard, time)::explain)
                .build();
    }

    /** Returns the hypertables of a plan, by the number in the names of their chunks. */
    private static Map<String, String> names(Database database, JsonNode explained, RequestContext context) {
        Map<String, String> chunks = PlanReader.chunks(explained.path("Plan"));
        if (chunks.isEmpty()) {
            return Map.of();
        }
        String array = "{" + String.join(",", chunks.values()) + "}";
        Map<String, String> ofChunks = new HashMap<>();
        database.read(context, session -> {
            // A table of a database without TimescaleDB may have such a name, too.
            return TimescaleExtension.findSupported(session).isEmpty()
                    ? List.of()
                    : session.list(
                            HYPERTABLES + session.limits().and("hypertable_schema"),
                            row -> ofChunks.put(row.getString(1), row.getString(2)),
                            array);
        });
        Map<String, String> names = new HashMap<>();
        chunks.forEach((number, chunk) -> {
            if (ofChunks.containsKey(chunk)) {
                names.put(number, ofChunks.get(chunk));
            }
        });
        return names;
    }

    private ToolResult explain(Arguments arguments, RequestContext context) {
        return time.run(
                database,
                context,
                arguments.timeoutMs(),
                (chosen, limited) -> ToolResult.of(explain(chosen, arguments, limited)));
    }

    private Result explain(Database chosen, Arguments arguments, RequestContext context) {
        ReadStatement statement = ReadStatement.parse(arguments.sql());
        ObjectNode values = QueryTool.values(statement, arguments.parameters());
        SchemaLimits limits = SchemaLimits.of(context.caller());
        String explain = arguments.analyze() ? RUN : PLAN;
        // With VERBOSE, each relation has its schema.
        String command = limits.isEmpty() ? explain : explain.replace("(FORMAT JSON", "(FORMAT JSON, VERBOSE");
        String json = reads.run(chosen, context, statement, session -> {
            return new QueryRunner(session, statement, values).wrapped(command);
        });
        JsonNode explained = PlanReader.parse(json);
        boolean hidden = !limits.isEmpty() && PlanReader.hide(explained.path("Plan"), limits);
        boolean attach = arguments.fullPlan() && !hidden && json.length() <= PlanReader.MAX_PLAN_CHARACTERS;
        return new Result(
                arguments.analyze(),
                PlanReader.summarize(explained, names(database, explained, context)),
                attach ? explained.path("Plan") : null);
    }
}
