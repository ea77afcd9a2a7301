package io.qicore.mcp.timescale.internal.operations;

import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.Schema;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the sections of {@code get_health}. Bound to one transaction. */
final class HealthReader {

    /** Sessions by state. */
    record Connections(
            @Schema("Open connections") int used,
            @Schema("Largest number of connections") int max,
            @Schema("Sessions that run a statement") int active,

            @Schema("Idle sessions with an open transaction")
            int idleInTransaction,

            @Schema("Sessions that wait for a lock") int waitingForLock) {}

    /** The current database since its statistics were reset. */
    record Cache(
            @Schema("Percent of blocks found in shared buffers") @Nullable
            Double hitPercent,

            @Schema("Blocks read from disk or the operating system")
            long blocksRead,

            @Schema("Number of deadlocks") long deadlocks,
            @Schema("Bytes written to temporary files") long temporaryBytes,
            @Schema("Size of the database, in bytes") long databaseBytes) {}

    /** A long-running transaction. */
    record LongTransaction(
            @Schema("Process id of the session") int pid,
            @Schema("User of the session") @Nullable String user,

            @Schema("Application name of the session") @Nullable
            String application,

            @Schema("State of the session, such as idle in transaction") @Nullable
            String state,

            @Schema("How long the transaction has been open, in seconds")
            long seconds,

            @Schema("Without constants; absent if hidden from this server's user") @Nullable
            String statement) {}

    /** A session that waits for a lock. */
    record Blocked(
            @Schema("Process id of the session") int pid,

            @Schema("Process ids of the sessions that hold the lock")
            List<Integer> blockedBy,

            @Schema("How long its statement has run, in seconds")
            long seconds,

            @Schema("Table it waits for, if that is known") @Nullable
            String relation,

            @Schema("Lock mode it waits for") @Nullable String lock,

            @Schema("Without constants; absent if hidden from this server's user") @Nullable
            String statement) {}

    /** A lock on a hypertable that keeps new chunks from being created. */
    record HypertableLock(
            @Schema("Hypertable") String hypertable,
            @Schema("Lock mode") String lock,

            @Schema("Process id of the session that holds it")
            int pid,

            @Schema("Age of its transaction, in seconds") long seconds) {}

    /** A standby, or a slot that keeps WAL. */
    record Replication(
            @Schema("Application or slot name") String name,
            @Schema("standby or slot") String kind,
            @Schema("State as PostgreSQL reports it") String state,
            @Schema("Bytes of WAL it is behind") @Nullable Long lagBytes) {}

    /** How close the database is to transaction id wraparound. */
    record Wraparound(
            @Schema("Database name") String database,
            @Schema("Age of its oldest transaction id") long age,

            @Schema("Percent of the age at which writes stop")
            double percent) {}

    private static final int LONG_SECONDS = 60;
    private static final int MOST = 10;

    private static final String CONNECTIONS = "SELECT count(*) FILTER (WHERE backend_type = 'client backend'),"
            + " current_setting('max_connections')::int, count(*) FILTER (WHERE state = 'active'),"
            + " count(*) FILTER (WHERE state LIKE 'idle in transaction%'),"
            + " count(*) FILTER (WHERE wait_event_type = 'Lock') FROM pg_stat_activity";

    private static final String CACHE = "SELECT round(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 2),"
            + " blks_read, deadlocks, temp_bytes, pg_database_size(datid) FROM pg_stat_database"
            + " WHERE datname = current_database()";

    private static final String LONG_TRANSACTIONS = "SELECT pid, usename::text, application_name, state,"
            + " CAST(extract(epoch FROM clock_timestamp() - xact_start) AS bigint), query FROM pg_stat_activity"
            + " WHERE xact_start < clock_timestamp() - INTERVAL '" + LONG_SECONDS + " seconds'"
            + " AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT " + MOST;

    private static final String BLOCKED = "SELECT a.pid, array_to_string(pg_blocking_pids(a.pid), ','),"
            + " CAST(extract(epoch FROM clock_timestamp() - a.query_start) AS bigint), l.relation, l.mode, a.query,"
            + " l.schema FROM pg_stat_activity a LEFT JOIN LATERAL (SELECT relation::regclass::text AS relation, mode,"
            + " (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation)"
            + " AS schema FROM pg_locks WHERE pid = a.pid AND NOT granted LIMIT 1) AS l ON true"
            + " WHERE a.wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(a.pid)) > 0 LIMIT " + MOST;

    /** A new chunk takes SHARE UPDATE EXCLUSIVE on its hypertable. */
    private static final String HYPERTABLE_LOCKS = "SELECT h.hypertable_schema || '.' || h.hypertable_name, l.mode,"
            + " l.pid, coalesce(CAST(extract(epoch FROM clock_timestamp() - a.xact_start) AS bigint), 0)"
            + " FROM timescaledb_information.hypertables h JOIN pg_locks l ON l.locktype = 'relation' AND l.granted"
            + " AND l.relation = to_regclass(format('%I.%I', h.hypertable_schema, h.hypertable_name))"
            + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            + " LEFT JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.pid <> pg_backend_pid() AND l.mode IN"
            + " ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',"
            + " 'AccessExclusiveLock')";

    private static final String CURRENT_WAL =
            "(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)";

    private static final String REPLICATION = "SELECT coalesce(nullif(application_name, ''), pid::text), 'standby',"
            + " coalesce(state, 'hidden'), CAST(pg_wal_lsn_diff(" + CURRENT_WAL + ", replay_lsn) AS bigint)"
            + " FROM pg_stat_replication UNION ALL SELECT slot_name::text, 'slot',"
            + " CASE WHEN active THEN 'active' ELSE 'inactive' END, CAST(pg_wal_lsn_diff(" + CURRENT_WAL
            + ", restart_lsn) AS bigint) FROM pg_replication_slots LIMIT " + MOST;

    private static final String WRAPAROUND = "SELECT datname::text, age(datfrozenxid),"
            + " round(age(datfrozenxid) / 21474836.48, 1) FROM pg_database WHERE datallowconn"
            // The two lowest ids do not age.
            + " AND CAST(CAST(datfrozenxid AS text) AS bigint) > 2 ORDER BY 2 DESC LIMIT 1";

    private static final String FAILING =
            "SELECT job_id FROM timescaledb_information.job_stats" + " WHERE last_run_status = 'Failed'";

    private final Session session;

    HealthReader(Session session) {
        this.session = session;
    }

    Connections connections() throws SQLException {
        return session.list(
                        CONNECTIONS,
                        row -> new Connections(
                                row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5)))
                .get(0);
    }

    Cache cache() throws SQLException {
        return session.list(
                        CACHE,
                        row -> new Cache(
                                row.getObject(1) == null ? null : row.getDouble(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5)))
                .get(0);
    }

    List<LongTransaction> longTransactions() throws SQLException {
        return session.list(
                LONG_TRANSACTIONS,
                row -> new LongTransaction(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        statement(row.getString(6))));
    }

    List<Blocked> blocked() throws SQLException {
        return session.list(
                BLOCKED,
                row -> new Blocked(
                        row.getInt(1),
                        List.of(row.getString(2).split(",")).stream()
                                .map(Integer::valueOf)
                                .toList(),
                        row.getLong(3),
                        allowed(row.getString(7)) ? row.getString(4) : null,
                        row.getString(5),
                        statement(row.getString(6))));
    }

    List<HypertableLock> hypertableLocks(Optional<TimescaleExtension> timescale) throws SQLException {
        return timescale.isEmpty()
                ? List.of()
                : session.list(
                        HYPERTABLE_LOCKS + session.limits().and("h.hypertable_schema") + " LIMIT " + MOST,
                        row -> new HypertableLock(row.getString(1), row.getString(2), row.getInt(3), row.getLong(4)));
    }

    List<Replication> replication() throws SQLException {
        return session.list(
                REPLICATION,
                row -> new Replication(
                        row.getString(1), row.getString(2), row.getString(3), row.getObject(4, Long.class)));
    }

    Wraparound wraparound() throws SQLException {
        return session.list(WRAPAROUND, row -> new Wraparound(row.getString(1), row.getLong(2), row.getDouble(3)))
                .get(0);
    }

    /** Numbers of the jobs whose last run failed. */
    List<Integer> failingJobs(Optional<TimescaleExtension> timescale) throws SQLException {
        return timescale.isEmpty() || !timescale.get().isCommunity()
                ? List.of()
                : session.list(
                        FAILING + session.limits().and("hypertable_schema") + " ORDER BY 1 LIMIT 50",
                        row -> row.getInt(1));
    }

    private boolean allowed(@Nullable String schema) {
        return session.limits().isEmpty() || schema != null && session.limits().allow(schema);
    }

    /** Returns a statement without constants; null for a caller with limits, since it can be about any schema. */
    private @Nullable String statement(@Nullable String query) {
        return session.limits().isEmpty() ? RedactedSql.sql(query) : null;
    }
}
