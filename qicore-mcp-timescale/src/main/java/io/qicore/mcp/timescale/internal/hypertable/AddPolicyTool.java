package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.Policies;
import io.qicore.mcp.timescale.internal.catalog.Policy;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.timescale.internal.sql.Intervals;
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

/** {@code add_policy}: adds a policy by which TimescaleDB moves, drops or refreshes data on a schedule. */
public final class AddPolicyTool {

    private static final String NAME = "add_policy";
    private static final String DEFAULT_REFRESH = "1 hour";

    record Arguments(
            @Schema("Hypertable or continuous aggregate") String table,

            @Schema(
                    value = "columnstore moves old chunks, retention drops them, refresh updates an aggregate",
                    allowed = {PolicySql.COLUMNSTORE, PolicySql.RETENTION, PolicySql.REFRESH})
            String type,

            @Schema("Age of chunks to move or drop, such as 30d") @Nullable
            String after,

            @Schema("For refresh: oldest data, such as 3d") @Nullable
            String startOffset,

            @Schema("For refresh: newest data, such as 1h") @Nullable
            String endOffset,

            @Schema("How often, such as 1h") @Nullable String schedule,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            @Schema("True unless the call failed") boolean success,

            @Schema("Whether the policy was added by this call")
            boolean added,

            @Schema("The new policy; absent if it was not added") @Nullable
            Policy policy,

            @Schema("Retention: what the first run drops") @Nullable
            DropPlan firstRun,

            @Schema("What to know about the policy, or to do besides") @Nullable
            String note,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema("How to add the policy; absent if it was added") @Nullable
            String next) {}

    private final Database database;
    private final Confirmation confirmation;

    private AddPolicyTool(Database database, Confirmation confirmation) {
        this.database = database;
        this.confirmation = confirmation;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, Confirmation confirmation) {
        return MCPTool.builder(NAME, Arguments.class, Result.class)
                .title("Add policy")
                .description("Adds a policy by which TimescaleDB regularly moves chunks to the columnstore, drops them "
                        + "(retention) or refreshes a continuous aggregate. To do so once use drop_chunks or "
                        + "refresh_continuous_aggregate.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(new AddPolicyTool(database, confirmation)::add)
                .build();
    }

    private ToolResult add(Arguments arguments, RequestContext context) {
        Database.Work<ToolResult> work = session ->
                confirmation.run(plan(session, arguments), arguments.dryRun(), arguments.planHash(), context);
        // The plan and the change share a transaction.
        return arguments.dryRun() ? database.observe(context, work) : database.write(context, work);
    }

    private static Addition plan(Session session, Arguments arguments) throws SQLException {
        TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.POLICIES);
        Hypertable hypertable = new Privileges(session).requireOwnedHypertable(arguments.table());
        List<Policy> policies = new Policies(session).of(hypertable.table());
        requireNone(policies, arguments.type());
        PolicySql sql = sql(timescale, hypertable, arguments);
        PlannedDrop firstRun = firstRun(session, timescale, hypertable, arguments);
        return new Addition(session, hypertable, arguments, sql, firstRun, note(policies, arguments));
    }

    private record Addition(
            Session session,
            Hypertable hypertable,
            Arguments arguments,
            PolicySql sql,
            @Nullable PlannedDrop firstRun,
            @Nullable String note)
            implements PlannedChange<Result, SQLException> {

        @Override
        public String hash() {
            return PlanHash.of(
                    NAME, table(), sql.text(), sql.arguments(), firstRun == null ? null : firstRun.chunkNames());
        }

        @Override
        public String question() {
            if (!isDestructive()) {
                return "Add a " + arguments.type() + " policy to " + table() + "?";
            }
            return "Drop data of " + table() + " as soon as it is older than " + arguments.after() + "?"
                    + (firstRun == null
                            ? ""
                            : " The first run deletes " + firstRun.plan().describe(table()) + ".");
        }

        @Override
        public boolean isDestructive() {
            return arguments.type().equals(PolicySql.RETENTION);
        }

        @Override
        public Result preview(String planHash, String next) {
            return new Result(true, false, null, drop(), note, planHash, next);
        }

        @Override
        public Result apply() throws SQLException {
            session.execute(sql.text(), sql.arguments().toArray());
            Policy added = new Policies(session)
                    .of(hypertable.table()).stream()
                            .filter(policy -> policy.type().equals(arguments.type()))
                            .findFirst()
                            .orElse(null);
            return new Result(true, true, added, drop(), note, null, null);
        }

        private @Nullable DropPlan drop() {
            return firstRun == null ? null : firstRun.plan();
        }

        private String table() {
            return hypertable.table().fullName();
        }
    }

    private static void requireNone(List<Policy> policies, String type) {
        policies.stream()
                .filter(policy -> policy.type().equals(type))
                .findFirst()
                .ifPresent(policy -> {
                    throw new MCPToolError(
                            TimescaleErrorCode.POLICY_EXISTS,
                            "'" + policy.table() + "' has a " + type + " policy already: "
                                    + (policy.after() == null
                                            ? "every " + policy.schedule()
                                            : "after " + policy.after())
                                    + ". Remove it first with remove_policy.",
                            Map.of("table", policy.table(), "jobId", policy.jobId()));
                });
    }

    private static PolicySql sql(TimescaleExtension timescale, Hypertable hypertable, Arguments arguments) {
        String relation = hypertable.table().sqlName();
        String schedule = arguments.schedule() == null ? null : Intervals.inItsUnit(arguments.schedule(), "schedule");
        if (arguments.type().equals(PolicySql.REFRESH)) {
            if (!hypertable.isAggregate()) {
                throw wrong("A refresh policy is for a continuous aggregate, and '"
                        + hypertable.table().fullName() + "' is a hypertable.");
            }
            String start = arguments.startOffset();
            String end = arguments.endOffset();
            return PolicySql.addRefresh(
                    timescale,
                    relation,
                    start == null ? null : TimeBound.age(start, "startOffset", hypertable),
                    end == null ? null : TimeBound.age(end, "endOffset", hypertable),
                    schedule == null ? DEFAULT_REFRESH : schedule);
        }
        if (arguments.type().equals(PolicySql.COLUMNSTORE) && !hypertable.compressed()) {
            throw wrong("The columnstore of '" + hypertable.table().fullName()
                    + "' is not enabled: call set_columnstore first.");
        }
        return PolicySql.addByAge(timescale, arguments.type(), relation, age(arguments, hypertable), schedule);
    }

    private static @Nullable PlannedDrop firstRun(
            Session session, TimescaleExtension timescale, Hypertable hypertable, Arguments arguments)
            throws SQLException {
        // Only the integer_now function of the hypertable tells which integers are old.
        if (!arguments.type().equals(PolicySql.RETENTION) || hypertable.isInteger()) {
            return null;
        }
        TimeBound before = TimeBound.parse(age(arguments, hypertable).argument(), "after", hypertable);
        return PlannedDrop.of(session, timescale, new ChunkSelection(hypertable, before, null));
    }

    private static TimeBound age(Arguments arguments, Hypertable hypertable) {
        if (arguments.after() == null) {
            throw wrong("A " + arguments.type() + " policy needs 'after', the age of the chunks, such as 30d.");
        }
        return TimeBound.age(arguments.after(), "after", hypertable);
    }

    private static @Nullable String note(List<Policy> policies, Arguments arguments) {
        boolean drops = policies.stream().anyMatch(policy -> policy.type().equals(PolicySql.RETENTION));
        boolean moves = policies.stream().anyMatch(policy -> policy.type().equals(PolicySql.COLUMNSTORE));
        return switch (arguments.type()) {
            case PolicySql.REFRESH ->
                arguments.startOffset() == null
                        ? "Without startOffset a refresh also covers what a retention policy dropped from the source,"
                                + " and empties the aggregate there."
                        : null;
            case PolicySql.RETENTION ->
                moves ? "Chunks are dropped whether or not they were moved to the columnstore." : null;
            default -> drops ? "Let chunks be moved well before the retention policy drops them." : null;
        };
    }

    private static MCPToolError wrong(String message) {
        return new MCPToolError(StandardErrorCode.INVALID_ARGUMENT, message);
    }
}
