package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code refresh_continuous_aggregate}: brings a range of a continuous aggregate up to date. */
public final class RefreshContinuousAggregateTool {

    record Arguments(
            @Schema("Continuous aggregate") String name,

            @Schema("Time, date or age") @Nullable String from,
            @Schema("End, exclusive") @Nullable String to) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Continuous aggregate, as schema.name") String name,

            @Schema("Whether buckets after the last refresh are left out")
            boolean materializedOnly,

            @Schema("How long it took, in milliseconds") long durationMillis) {}

    private final Database database;

    private RefreshContinuousAggregateTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("refresh_continuous_aggregate", Arguments.class, Result.class)
                .title("Refresh continuous aggregate")
                .description(
                        "Refreshes a continuous aggregate once, for a range or completely. To refresh regularly use add_policy.")
                .annotations(ToolAnnotations.additive().idempotent())
                .handler(new RefreshContinuousAggregateTool(database)::refresh)
                .build();
    }

    private record Refresh(Hypertable view, boolean materializedOnly, String sql, List<Object> arguments) {}

    private Result refresh(Arguments arguments, RequestContext context) {
        long start = System.nanoTime();
        Refresh refresh = database.observe(context, session -> prepare(session, arguments));
        // Outside a transaction, because the refresh commits in between.
        database.autocommit(context, session -> {
            session.execute(refresh.sql(), refresh.arguments().toArray());
            return true;
        });
        return new Result(
                true,
                refresh.view().table().fullName(),
                refresh.materializedOnly(),
                (System.nanoTime() - start) / 1_000_000);
    }

    private static Refresh prepare(Session session, Arguments arguments) throws SQLException {
        TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.CONTINUOUS_AGGREGATES);
        Hypertable view = new Privileges(session).requireOwnedHypertable(arguments.name());
        Hypertable.Aggregate aggregate = view.aggregate();
        if (aggregate == null) {
            throw new MCPToolError(
                    TimescaleErrorCode.NOT_A_HYPERTABLE,
                    "'" + view.table().fullName() + "' is a hypertable, not a continuous aggregate.",
                    Map.of("table", view.table().fullName()));
        }
        List<Object> values = new ArrayList<>(List.of(view.table().sqlName()));
        String sql = "CALL " + timescale.function("refresh_continuous_aggregate") + "(CAST(? AS regclass), "
                + bound(arguments.from(), "from", view, values) + ", " + bound(arguments.to(), "to", view, values)
                + ")";
        return new Refresh(view, aggregate.materializedOnly(), sql, values);
    }

    private static String bound(@Nullable String text, String name, Hypertable view, List<Object> values) {
        if (text == null) {
            return "CAST(NULL AS " + view.timeType() + ")";
        }
        TimeBound bound = TimeBound.parse(text, name, view);
        values.add(bound.argument());
        return bound.sql();
    }
}
