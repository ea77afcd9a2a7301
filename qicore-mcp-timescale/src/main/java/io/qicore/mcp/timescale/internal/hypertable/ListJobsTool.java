package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.hypertable.Jobs.Job;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code list_jobs}: background jobs with their failures and last errors. */
public final class ListJobsTool {

    record Arguments(
            @Schema(value = "Only jobs that failed or are overdue", defaultValue = "false")
            boolean failing) {}

    record Result(
            @Schema("Sorted by number") List<Job> jobs,

            @Schema("Why errors may be missing, if they may be") @Nullable
            String note) {}

    private final Database database;

    private ListJobsTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("list_jobs", Arguments.class, Result.class)
                .title("List jobs")
                .description("Lists background jobs with their runs, failures and last errors. Run one with run_job.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new ListJobsTool(database)::list)
                .build();
    }

    private Result list(Arguments arguments, RequestContext context) {
        return database.observe(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.JOBS);
            List<Job> jobs = new Jobs(session, timescale).list(null, arguments.failing());
            boolean hidden = jobs.stream().anyMatch(job -> !job.errorsVisible());
            return new Result(
                    jobs,
                    hidden
                            ? "Errors of jobs whose errorsVisible is false are hidden: this server's user is neither a"
                                    + " member of their owner nor the owner of the database."
                            : null);
        });
    }
}
