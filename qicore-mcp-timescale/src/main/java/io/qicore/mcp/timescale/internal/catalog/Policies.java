package io.qicore.mcp.timescale.internal.catalog;

import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads policies, which are jobs with a configuration. Bound to one transaction of a database with TimescaleDB. */
public final class Policies {

    /** SQL for the type of a policy, as the tools name it. The argument is a column of {@code jobs}. */
    private static final String TYPE = "CASE j.proc_name WHEN 'policy_compression' THEN 'columnstore'"
            + " WHEN 'policy_recompression' THEN 'columnstore' WHEN 'policy_retention' THEN 'retention'"
            + " WHEN 'policy_refresh_continuous_aggregate' THEN 'refresh' WHEN 'policy_reorder' THEN 'reorder'"
            + " ELSE 'other' END";

    /**
     * Jobs {@code j} with their statistics {@code s} and aggregates {@code a}. Before 2.20 the job of a continuous
     * aggregate names its hidden table, from then on the view.
     */
    public static final String FROM_JOBS = " FROM timescaledb_information.jobs j"
            + " LEFT JOIN timescaledb_information.continuous_aggregates a"
            + " ON a.materialization_hypertable_schema = j.hypertable_schema"
            + " AND a.materialization_hypertable_name = j.hypertable_name"
            + " LEFT JOIN timescaledb_information.job_stats s ON s.job_id = j.job_id";

    /** SQL for the schema of the hypertable or continuous aggregate of a job. */
    public static final String SCHEMA_OF_TABLE = "coalesce(a.view_schema, j.hypertable_schema)";

    /** SQL for the schema and name of the hypertable or continuous aggregate of a job. */
    public static final String TABLE = SCHEMA_OF_TABLE + " || '.' || coalesce(a.view_name, j.hypertable_name)";

    private static final String POLICIES = "SELECT j.job_id, " + TYPE + ", " + TABLE + ", "
            + age("coalesce(j.config->>'compress_after', j.config->>'drop_after',"
                    + " j.config->>'compress_created_before', j.config->>'drop_created_before')")
            + ", " + age("j.config->>'start_offset'") + ", " + age("j.config->>'end_offset'")
            + ", j.schedule_interval::text, j.scheduled, s.last_run_status,"
            // A job that has never run is scheduled for minus infinity.
            + " CASE WHEN isfinite(j.next_start) THEN to_json(j.next_start)#>>'{}' END" + FROM_JOBS
            + " WHERE j.hypertable_name IS NOT NULL AND (CAST(? AS text) IS NULL OR (coalesce(a.view_schema,"
            + " j.hypertable_schema) = ? AND coalesce(a.view_name, j.hypertable_name) = ?))";

    private static final String ORDER = " ORDER BY 3, 2 LIMIT 500";

    private final Session session;

    public Policies(Session session) {
        this.session = session;
    }

    /** Returns the policies of a hypertable or continuous aggregate, or all policies; at most 500. */
    public List<Policy> of(@Nullable Table table) throws SQLException {
        String schema = table == null ? null : table.schema();
        String name = table == null ? null : table.name();
        return session.list(
                POLICIES + session.limits().and(SCHEMA_OF_TABLE) + ORDER, Policies::read, schema, schema, name);
    }

    /** SQL for the kind of the job {@code j}, as agents name it. */
    public static String typeSql() {
        return TYPE;
    }

    private static Policy read(ResultSet row) throws SQLException {
        return new Policy(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getBoolean(8),
                row.getString(9),
                TimeText.instant(row.getString(10)));
    }

    /** Converts an interval, which is stored as it was written, to ISO-8601 by the style of the session. */
    private static String age(String text) {
        return "CASE WHEN " + text + " ~ '^-?[0-9]+$' THEN " + text + " ELSE CAST(" + text + " AS interval)::text END";
    }
}
