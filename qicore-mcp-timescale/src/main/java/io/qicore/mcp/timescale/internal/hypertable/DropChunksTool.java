package io.qicore.mcp.timescale.internal.hypertable;

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
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.Confirmation;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code drop_chunks}: deletes the chunks of a hypertable that are in a time range. */
public final class DropChunksTool {

    private static final String NAME = "drop_chunks";

    record Arguments(
            @Schema("Hypertable, as schema.name or name") String table,

            @Schema("Drop chunks that end before this time, date or age, such as 90d") @Nullable
            String olderThan,

            @Schema("Drop chunks that start after it") @Nullable
            String newerThan,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Hypertable, as schema.name") String table,

            @Schema("Whether the chunks were dropped by this call")
            boolean dropped,

            @Schema("What was dropped, or would be") DropPlan plan,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema("How to drop the chunks; absent if there is nothing to do") @Nullable
            String next) {}

    private final Database database;
    private final Confirmation confirmation;

    private DropChunksTool(Database database, Confirmation confirmation) {
        this.database = database;
        this.confirmation = confirmation;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, Confirmation confirmation) {
        return MCPTool.builder(NAME, Arguments.class, Result.class)
                .title("Drop chunks")
                .description("Deletes the chunks of a hypertable that lie wholly in a time range; for regular deletion "
                        + "use add_policy. dryRun shows chunks, bytes, rows and affected aggregates.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(new DropChunksTool(database, confirmation)::drop)
                .build();
    }

    private ToolResult drop(Arguments arguments, RequestContext context) {
        if (arguments.olderThan() == null && arguments.newerThan() == null) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Give olderThan, newerThan or both to say which chunks to drop.",
                    Map.of("arguments", List.of("olderThan", "newerThan")));
        }
        Database.Work<ToolResult> work = session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.HYPERTABLES);
            ChunkSelection selection = selection(session, arguments);
            Drop drop = new Drop(session, timescale, selection, PlannedDrop.of(session, timescale, selection));
            if (drop.planned.isEmpty() && arguments.planHash() == null) {
                return ToolResult.of(drop.result(false, null, null));
            }
            return confirmation.run(drop, arguments.dryRun(), arguments.planHash(), context);
        };
        // The plan and the change share a transaction.
        return arguments.dryRun() ? database.observe(context, work) : database.write(context, work);
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

    private record Drop(Session session, TimescaleExtension timescale, ChunkSelection selection, PlannedDrop planned)
            implements PlannedChange<Result, SQLException> {

        @Override
        public String hash() {
            return PlanHash.of(NAME, table(), planned.chunkNames());
        }

        @Override
        public String question() {
            return "Delete " + planned.plan().describe(table()) + "? This cannot be undone.";
        }

        @Override
        public Result preview(String planHash, String next) {
            return result(false, planHash, next);
        }

        @Override
        public Result apply() throws SQLException {
            long dropped = selection.drop(session, timescale);
            if (dropped != planned.plan().chunks()) {
                // The exception rolls the drop back.
                throw new MCPToolError(
                        StandardErrorCode.PLAN_CHANGED,
                        "Nothing was dropped: chunks were added or dropped while this call ran. Call with dryRun to see"
                                + " the new plan.",
                        Map.of("planned", planned.plan().chunks(), "found", dropped));
            }
            return result(true, null, null);
        }

        Result result(boolean dropped, @Nullable String planHash, @Nullable String next) {
            return new Result(true, table(), dropped, planned.plan(), planHash, next);
        }

        private String table() {
            return selection.hypertable().table().fullName();
        }
    }
}
