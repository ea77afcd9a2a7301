package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.change.Confirmation;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code drop_chunks}: deletes old data, chunk by chunk, after showing what it would delete. */
public final class DropChunksTool {

    record Arguments(
            String table,

            @Schema("Time, date, or age such as 90d") @Nullable
            String olderThan,

            @Nullable String newerThan,

            @Schema(defaultValue = "true") boolean dryRun,

            @Schema("Drops exactly that plan") @Nullable String planHash) {}

    record Result(
            boolean success,
            String table,
            @Schema("Whether the chunks are gone") boolean dropped,
            DropPlan plan,

            @Schema("How to go on") @Nullable String next) {}

    private final Database database;
    private final Confirmation confirmation;

    private DropChunksTool(Database database, Confirmation confirmation) {
        this.database = database;
        this.confirmation = confirmation;
    }

    /** The tool for one database. */
    public static MCPTool tool(Database database, Confirmation confirmation) {
        return MCPTool.builder("drop_chunks", Arguments.class, Result.class)
                .title("Drop chunks")
                .description(
                        "Deletes chunks wholly in a range. First shows chunks, bytes, rows and aggregates affected; dryRun"
                                + " false drops.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(new DropChunksTool(database, confirmation)::drop)
                .build();
    }

    private ToolResult drop(Arguments arguments, RequestContext context) {
        if (arguments.olderThan() == null && arguments.newerThan() == null) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Say which chunks: olderThan, newerThan or both.",
                    Map.of("arguments", List.of("olderThan", "newerThan")));
        }
        if (arguments.dryRun()) {
            return database.read(context, session -> {
                TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.HYPERTABLES);
                ChunkSelection selection = selection(session, arguments);
                DropPlan plan = DropPlan.of(session, timescale, selection);
                return planned(
                        selection,
                        plan,
                        plan.chunks() == 0 ? null : "To drop them, call with dryRun false and planHash.");
            });
        }
        return database.write(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.HYPERTABLES);
            ChunkSelection selection = selection(session, arguments);
            DropPlan plan = DropPlan.of(session, timescale, selection);
            if (plan.chunks() == 0) {
                return planned(selection, plan, null);
            }
            String table = selection.hypertable().table().fullName();
            return switch (confirmation.on(plan.planHash(), arguments.planHash(), context)) {
                case ASK ->
                    ToolResult.inputRequired(confirmation.question(
                            "Delete " + plan.describe(table) + "? This cannot be undone.", plan.planHash()));
                case SHOW_PLAN ->
                    planned(selection, plan, "This server wants a confirmation: call again with this planHash.");
                case PROCEED -> {
                    requireSame(plan, selection.drop(session, timescale));
                    yield ToolResult.of(new Result(true, table, true, plan, null));
                }
            };
        });
    }

    private static ChunkSelection selection(Session session, Arguments arguments) throws SQLException {
        Hypertable hypertable = new Privileges(session).requireOwnedHypertable(arguments.table());
        String older = arguments.olderThan();
        String newer = arguments.newerThan();
        return new ChunkSelection(
                hypertable,
                older == null ? null : TimeBound.parse(older, "olderThan", hypertable),
                newer == null ? null : TimeBound.parse(newer, "newerThan", hypertable));
    }

    private static ToolResult planned(ChunkSelection selection, DropPlan plan, @Nullable String next) {
        return ToolResult.of(new Result(true, selection.hypertable().table().fullName(), false, plan, next));
    }

    private static void requireSame(DropPlan plan, long dropped) {
        // The exception rolls the drop back.
        if (dropped != plan.chunks()) {
            throw new MCPToolError(
                    TimescaleErrorCode.PLAN_CHANGED,
                    "Nothing was dropped: chunks came or went while this call ran. Call again for a new plan.",
                    Map.of("planned", plan.chunks(), "found", dropped));
        }
    }
}
