package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.db.Feature;
import io.qicore.mcp.timescale.internal.db.Privileges;
import io.qicore.mcp.timescale.internal.db.TimescaleExtension;
import io.qicore.mcp.timescale.internal.hypertable.Jobs.Job;
import io.qicore.mcp.timescale.internal.tool.Confirmation;
import io.qicore.mcp.timescale.internal.tool.PlanHash;
import io.qicore.mcp.timescale.internal.tool.ToolGroup;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code list_jobs} and, where writing is allowed, {@code run_job}. */
public final class JobTools implements ToolGroup {

    record ListArguments(
            @Schema(value = "Or overdue", defaultValue = "false")
            boolean failing) {}

    record JobList(
            List<Job> jobs,

            @Schema("Why something may be missing") @Nullable
            String note) {}

    record RunArguments(int jobId, @Nullable String planHash) {}

    record Ran(
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
    private final boolean writes;

    public JobTools(Database database, Confirmation confirmation, boolean writes) {
        this.database = database;
        this.confirmation = confirmation;
        this.writes = writes;
    }

    @Override
    public List<MCPTool> tools() {
        MCPTool list = MCPTool.builder("list_jobs", ListArguments.class, JobList.class)
                .description("Lists background jobs with failures and last errors.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::list)
                .build();
        MCPTool run = MCPTool.builder("run_job", RunArguments.class, Ran.class)
                .description("Runs a background job now and waits for it.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(this::run)
                .build();
        return writes ? List.of(list, run) : List.of(list);
    }

    private JobList list(ListArguments arguments, RequestContext context) {
        return database.read(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, Feature.JOBS);
            List<Job> jobs = new Jobs(session, timescale).list(null, arguments.failing());
            boolean hidden = jobs.stream().anyMatch(job -> !job.errorsVisible());
            return new JobList(
                    jobs,
                    hidden
                            ? "Errors of jobs whose errorsVisible is false are hidden: this server's user is neither a"
                                    + " member of their owner nor the owner of the database."
                            : null);
        });
    }

    private ToolResult run(RunArguments arguments, RequestContext context) {
        Job job = database.read(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, Feature.JOBS);
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
                    return ToolResult.of(new Ran(true, job.jobId(), job.type(), job.table(), false, 0, hash));
                }
                case PROCEED -> {}
            }
        }
        long start = System.nanoTime();
        // Jobs commit in between, so they run outside of a transaction.
        database.autocommit(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, Feature.JOBS);
            session.execute("CALL " + timescale.function("run_job") + "(CAST(? AS integer))", job.jobId());
            return true;
        });
        return ToolResult.of(new Ran(
                true, job.jobId(), job.type(), job.table(), true, (System.nanoTime() - start) / 1_000_000, null));
    }
}
