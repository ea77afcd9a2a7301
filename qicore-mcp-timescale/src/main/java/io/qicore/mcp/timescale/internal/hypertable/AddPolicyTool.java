package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.Policies;
import io.qicore.mcp.timescale.internal.catalog.Policy;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.change.Confirmation;
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
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code add_policy}: has TimescaleDB compress, drop or refresh by itself. */
public final class AddPolicyTool {

    private static final String DEFAULT_REFRESH = "1 hour";

    record Arguments(
            String table,

            @Schema(allowed = {PolicySql.COLUMNSTORE, PolicySql.RETENTION, PolicySql.REFRESH})
            String type,

            @Schema("Age of chunks to move or drop, such as 30d") @Nullable
            String after,

            @Schema("Refresh: oldest age") @Nullable String startOffset,

            @Schema("Refresh: youngest age") @Nullable String endOffset,

            @Nullable String schedule,
            @Schema(defaultValue = "false") boolean dryRun,
            @Nullable String planHash) {}

    record Result(
            boolean success,
            @Schema("Whether the policy is there now") boolean added,

            @Nullable Policy policy,

            @Schema("For retention: what its next run drops") @Nullable
            DropPlan firstRun,

            @Schema("What to know of or do next") @Nullable String note) {}

    private final Database database;
    private final Confirmation confirmation;

    private AddPolicyTool(Database database, Confirmation confirmation) {
        this.database = database;
        this.confirmation = confirmation;
    }

    /** The tool for one database. */
    public static MCPTool tool(Database database, Confirmation confirmation) {
        return MCPTool.builder("add_policy", Arguments.class, Result.class)
                .title("Add policy")
                .description("Moves chunks to the columnstore, drops them (retention), or refreshes a continuous"
                        + " aggregate, regularly.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(new AddPolicyTool(database, confirmation)::add)
                .build();
    }

    private ToolResult add(Arguments arguments, RequestContext context) {
        Work work = session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.POLICIES);
            Hypertable hypertable = new Privileges(session).requireOwnedHypertable(arguments.table());
            List<Policy> policies = new Policies(session).of(hypertable.table());
            requireNone(policies, arguments.type());
            PolicySql sql = sql(timescale, hypertable, arguments);
            DropPlan plan = firstRun(session, timescale, hypertable, arguments);
            String note = note(policies, arguments);
            if (arguments.dryRun()) {
                return ToolResult.of(new Result(true, false, null, plan, note));
            }
            if (plan != null) {
                String table = hypertable.table().fullName();
                switch (confirmation.on(plan.planHash(), arguments.planHash(), context)) {
                    case ASK -> {
                        return ToolResult.inputRequired(confirmation.question(
                                "Drop data of " + table + " as soon as it is older than " + arguments.after()
                                        + "? The first run deletes " + plan.describe(table) + ".",
                                plan.planHash()));
                    }
                    case SHOW_PLAN -> {
                        return ToolResult.of(new Result(
                                true,
                                false,
                                null,
                                plan,
                                "This server wants a confirmation: call again with planHash."));
                    }
                    case PROCEED -> {}
                }
            }
            session.execute(sql.text(), sql.arguments().toArray());
            Policy added = new Policies(session)
                    .of(hypertable.table()).stream()
                            .filter(policy -> policy.type().equals(arguments.type()))
                            .findFirst()
                            .orElse(null);
            return ToolResult.of(new Result(true, true, added, plan, note));
        };
        return arguments.dryRun() ? database.read(context, work::run) : database.write(context, work::run);
    }

    @FunctionalInterface
    private interface Work {
        ToolResult run(Session session) throws SQLException;
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

    private static @Nullable DropPlan firstRun(
            Session session, TimescaleExtension timescale, Hypertable hypertable, Arguments arguments)
            throws SQLException {
        // Which integers are old is known to the hypertable's own function only.
        if (!arguments.type().equals(PolicySql.RETENTION) || hypertable.isInteger()) {
            return null;
        }
        TimeBound before = TimeBound.parse(age(arguments, hypertable).argument(), "after", hypertable);
        return DropPlan.of(session, timescale, new ChunkSelection(hypertable, before, null));
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
