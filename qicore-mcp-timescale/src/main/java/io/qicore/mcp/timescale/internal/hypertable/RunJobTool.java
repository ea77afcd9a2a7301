package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.hypertable.Jobs.Job;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.Confirmation;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code run_job}: runs a background job now and waits until it ends. */
public final class RunJobTool {

    private static final String NAME = "run_job";

    record Arguments(
            @Schema("From list_jobs") int jobId,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Number of the job") int jobId,

            @Schema("columnstore, retention, refresh, reorder or other")
            String type,

            @Schema("Hypertable of the job; absent if it has none") @Nullable
            String table,

            @Schema("Whether this call ran the job") boolean ran,
            @Schema("How long it ran, in milliseconds") long durationMillis,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema("How to run the job; absent if it ran") @Nullable
            String next) {}

    private final Database database;
    private final Confirmation confirmation;

    private RunJobTool(Database database, Confirmation confirmation) {
        this.database = database;
        this.confirmation = confirmation;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, Confirmation confirmation) {
        return MCPTool.builder(NAME, Arguments.class, Result.class)
                .title("Run job")
                .description("Runs a background job, such as a policy's, now and waits until it ends. Find jobs with"
                        + " list_jobs.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(new RunJobTool(database, confirmation)::run)
                .build();
    }

    private ToolResult run(Arguments arguments, RequestContext context) {
        Run run = database.observe(context, session -> find(session, arguments.jobId(), context));
        return confirmation.run(run, arguments.dryRun(), arguments.planHash(), context);
    }

    private Run find(Session session, int jobId, RequestContext context) throws SQLException {
        TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.JOBS);
        Job job = new Jobs(session, timescale)
                .list(jobId, false).stream()
                        .findFirst()
                        .orElseThrow(() -> new MCPToolError(
                                TimescaleErrorCode.JOB_NOT_FOUND,
                                "Job " + jobId + " does not exist. Call list_jobs to see the jobs.",
                                Map.of("jobId", jobId)));
        new Privileges(session).requireRole(job.owner(), "Job " + job.jobId());
        return new Run(database, job, timescale.function("run_job"), context);
    }

    private record Run(Database database, Job job, String function, RequestContext context)
            implements PlannedChange<Result, RuntimeException> {

        @Override
        public String hash() {
            return PlanHash.of(NAME, job.jobId(), job.config());
        }

        @Override
        public String question() {
            return isDestructive()
                    ? "Run retention job " + job.jobId() + " of " + job.table() + " now? It drops old chunks by "
                            + job.config() + "."
                    : "Run job " + job.jobId() + " (" + job.name() + ") now?";
        }

        @Override
        public boolean isDestructive() {
            return job.type().equals(PolicySql.RETENTION);
        }

        @Override
        public Result preview(String planHash, String next) {
            return new Result(true, job.jobId(), job.type(), job.table(), false, 0, planHash, next);
        }

        @Override
        public Result apply() {
            long start = System.nanoTime();
            // A job commits while it runs, so it cannot run in a transaction.
            database.autocommit(context, session -> {
                session.execute("CALL " + function + "(CAST(? AS integer))", job.jobId());
                return true;
            });
            long millis = (System.nanoTime() - start) / 1_000_000;
            return new Result(true, job.jobId(), job.type(), job.table(), true, millis, null, null);
        }
    }
}
