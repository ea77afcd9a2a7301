package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.Policies;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import io.qicore.mcp.tool.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads background jobs. Bound to one transaction of a database with TimescaleDB. */
final class Jobs {

    private static final int MAX_JOBS = 200;

    /**
     * A background job. Its times are in ISO-8601 and UTC.
     *
     * @param owner the role that it runs as
     * @param config its parameters, as JSON text
     */
    record Job(
            @Schema("Number of the job") int jobId,
            @Schema("Name of the job") String name,

            @Schema("columnstore, retention, refresh, reorder or other")
            String type,

            @Schema("Hypertable or continuous aggregate, if it has one") @Nullable
            String table,

            @Schema("Role that it runs as") String owner,

            @Schema("How often, ISO-8601") String schedule,
            @Schema("False if it is paused") boolean scheduled,

            @Schema("Whether it should have run by now and has not")
            boolean overdue,

            @Schema("Status of its last run, if it ran") @Nullable
            String lastStatus,

            @Schema("When its last run started") @Nullable String lastStart,
            @Schema("When a run last succeeded") @Nullable String lastSuccess,

            @Schema("When it runs next, if that is known") @Nullable
            String nextStart,

            @Schema("Number of runs") long totalRuns,
            @Schema("Number of failed runs") long totalFailures,
            @Schema("SQLSTATE of the last error") @Nullable String lastErrorCode,
            @Schema("Message of the last error") @Nullable String lastError,

            @Schema("When the last error occurred") @Nullable
            String lastErrorAt,

            @Schema("Whether the database user may see the errors of the job")
            boolean errorsVisible,

            @Schema("Parameters of the job, as JSON") @Nullable
            String config) {}

    private final Session session;
    private final TimescaleExtension timescale;

    Jobs(Session session, TimescaleExtension timescale) {
        this.session = session;
        this.timescale = timescale;
    }

    /** Returns all jobs, one job, or the jobs that fail or are overdue. */
    List<Job> list(@Nullable Integer jobId, boolean failing) throws SQLException {
        List<Job> jobs = new ArrayList<>();
        for (Job job : session.list(sql(timescale, session.limits()), Jobs::read, jobId, jobId, failing)) {
            jobs.add(shown(job));
        }
        return jobs;
    }

    /** Returns a job without texts that name objects in schemas that the caller may not use. */
    private Job shown(Job job) throws SQLException {
        return session.limits().isEmpty()
                ? job
                : new Job(
                        job.jobId(),
                        job.name(),
                        job.type(),
                        job.table(),
                        job.owner(),
                        job.schedule(),
                        job.scheduled(),
                        job.overdue(),
                        job.lastStatus(),
                        job.lastStart(),
                        job.lastSuccess(),
                        job.nextStart(),
                        job.totalRuns(),
                        job.totalFailures(),
                        job.lastErrorCode(),
                        session.shown(job.lastError()),
                        job.lastErrorAt(),
                        job.errorsVisible(),
                        session.shown(job.config()));
    }

    /** Arguments: the id of a job twice, or null, and whether only failing jobs are returned. */
    static String sql(TimescaleExtension timescale, SchemaLimits limits) {
        // A job is overdue if it is late by more than its interval and an hour, which allows for a busy scheduler.
        String overdue = "coalesce(j.scheduled AND isfinite(s.next_start)"
                + " AND s.next_start < now() - greatest(j.schedule_interval, INTERVAL '1 hour'), false)";
        // The view exists since 2.9.
        String errors = timescale.isAtLeast(2, 9)
                ? " LEFT JOIN LATERAL (SELECT x.sqlerrcode, x.err_message, x.finish_time"
                        + " FROM timescaledb_information.job_errors x WHERE x.job_id = j.job_id"
                        + " ORDER BY x.finish_time DESC NULLS LAST LIMIT 1) AS e ON true"
                : " CROSS JOIN (SELECT CAST(NULL AS text) AS sqlerrcode, CAST(NULL AS text) AS err_message,"
                        + " CAST(NULL AS timestamptz) AS finish_time) AS e";
        return "SELECT j.job_id, j.application_name, " + Policies.typeSql() + ", " + Policies.TABLE
                + ", j.owner::text, j.schedule_interval::text, j.scheduled, " + overdue + ", s.last_run_status, "
                + time("s.last_run_started_at") + ", " + time("s.last_successful_finish") + ", " + time("s.next_start")
                + ", coalesce(s.total_runs, 0), coalesce(s.total_failures, 0), e.sqlerrcode, left(e.err_message, 500), "
                + time("e.finish_time") + ", pg_has_role(j.owner, 'USAGE') OR EXISTS (SELECT 1 FROM pg_database d"
                + " WHERE d.datname = current_database() AND pg_has_role(d.datdba, 'USAGE')), j.config::text"
                + Policies.FROM_JOBS + errors + " WHERE (CAST(? AS integer) IS NULL OR j.job_id = ?)"
                + " AND (NOT CAST(? AS boolean) OR s.last_run_status = 'Failed' OR " + overdue + ")"
                // A job without a table can do anything, so only a caller without limits sees it.
                + limits.and(Policies.SCHEMA_OF_TABLE) + " ORDER BY j.job_id LIMIT " + MAX_JOBS;
    }

    /** Returns null for minus infinity, which stands for a job that has never run or never succeeded. */
    private static String time(String column) {
        return "CASE WHEN isfinite(" + column + ") THEN to_json(" + column + ")#>>'{}' END";
    }

    private static Job read(ResultSet row) throws SQLException {
        return new Job(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getString(9),
                TimeText.instant(row.getString(10)),
                TimeText.instant(row.getString(11)),
                TimeText.instant(row.getString(12)),
                row.getLong(13),
                row.getLong(14),
                row.getString(15),
                row.getString(16),
                TimeText.instant(row.getString(17)),
                row.getBoolean(18),
                row.getString(19));
    }
}
