package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.change.Confirmation;
import io.qicore.mcp.timescale.internal.change.PlanHash;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.hypertable.Jobs.Job;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code run_job}: runs a background job now and waits for it. */
public final class RunJobTool {

    record Arguments(int jobId, @Nullable String planHash) {}

    record Result(
            boolean success,
            int jobId,
            String type,
            @Nullable String table,
            @Schema("Whether it was run") boolean ran,
            long durationMillis,

            @Schema("Confirms the run of a retention job") @Nullable
            String planHash) {}

    private final Database database;
    private final Confirmation confirmation;

    private RunJobTool(Database database, Confirmation confirmation) {
        this.database = database;
        this.confirmation = confirmation;
    }

    /** The tool for one database. */
    public static MCPTool tool(Database database, Confirmation confirmation) {
        return MCPTool.builder("run_job", Arguments.class, Result.class)
                .title("Run job")
                .description("Runs a background job now and waits for it.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(new RunJobTool(database, confirmation)::run)
                .build();
    }

    private ToolResult run(Arguments arguments, RequestContext context) {
        Job job = database.read(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.JOBS);
            Job found = new Jobs(session, timescale)
                    .list(arguments.jobId(), false).stream()
                            .findFirst()
                            .orElseThrow(() -> new MCPToolError(
                                    TimescaleErrorCode.JOB_NOT_FOUND,
                                    "No job " + arguments.jobId() + ". Call list_jobs for those there are.",
                                    Map.of("jobId", arguments.jobId())));
            new Privileges(session).requireRole(found.owner(), "Job " + found.jobId());
            return found;
        });
        if (job.type().equals(PolicySql.RETENTION)) {
            String hash = PlanHash.of("run_job", job.jobId(), String.valueOf(job.config()));
            switch (confirmation.on(hash, arguments.planHash(), context)) {
                case ASK -> {
                    return ToolResult.inputRequired(confirmation.question(
                            "Run retention job " + job.jobId() + " of " + job.table() + " now? It drops old chunks by "
                                    + job.config() + ".",
                            hash));
                }
                case SHOW_PLAN -> {
                    return ToolResult.of(new Result(true, job.jobId(), job.type(), job.table(), false, 0, hash));
                }
                case PROCEED -> {}
            }
        }
        long start = System.nanoTime();
        // Jobs commit in between, so they run outside of a transaction.
        database.autocommit(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.JOBS);
            session.execute("CALL " + timescale.function("run_job") + "(CAST(? AS integer))", job.jobId());
            return true;
        });
        return ToolResult.of(new Result(
                true, job.jobId(), job.type(), job.table(), true, (System.nanoTime() - start) / 1_000_000, null));
    }
}
