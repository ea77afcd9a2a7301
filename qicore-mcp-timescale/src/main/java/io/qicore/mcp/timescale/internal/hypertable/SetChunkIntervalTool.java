package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Map;

/** {@code set_chunk_interval}: sets the time that future chunks of a hypertable span. */
public final class SetChunkIntervalTool {

    record Arguments(
            @Schema("Hypertable") String table,
            @Schema("Time span, such as 1d") String chunkInterval) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Hypertable, as schema.name") String table,

            @Schema("Interval before, ISO-8601, or an integer")
            String previous,

            @Schema("New interval, as given") String chunkInterval) {}

    private final Database database;

    private SetChunkIntervalTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("set_chunk_interval", Arguments.class, Result.class)
                .title("Set chunk interval")
                .description("Sets the time span of the chunks that a hypertable creates from now on.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .handler(new SetChunkIntervalTool(database)::setInterval)
                .build();
    }

    private Result setInterval(Arguments arguments, RequestContext context) {
        return database.write(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.HYPERTABLES);
            Hypertable hypertable = new Privileges(session).requireOwnedHypertable(arguments.table());
            if (hypertable.isAggregate()) {
                throw new MCPToolError(
                        TimescaleErrorCode.NOT_A_HYPERTABLE,
                        "'" + hypertable.table().fullName() + "' is a continuous aggregate; its chunk interval follows"
                                + " from its source.",
                        Map.of("table", hypertable.table().fullName()));
            }
            TimeBound interval = TimeBound.age(arguments.chunkInterval(), "chunkInterval", hypertable);
            session.execute(
                    "SELECT " + timescale.function("set_chunk_time_interval") + "(CAST(? AS regclass), "
                            + interval.sql() + ")",
                    hypertable.table().sqlName(),
                    interval.argument());
            String previous = hypertable.chunkInterval() == null
                    ? String.valueOf(hypertable.integerInterval())
                    : hypertable.chunkInterval();
            return new Result(true, hypertable.table().fullName(), previous, interval.argument());
        });
    }
}
