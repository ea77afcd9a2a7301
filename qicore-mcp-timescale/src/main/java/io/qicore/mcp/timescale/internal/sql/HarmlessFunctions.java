package io.qicore.mcp.timescale.internal.sql;

import java.util.Set;

/**
 * Functions of PostgreSQL and of well-known extensions that are declared {@code VOLATILE} although they only read:
 * they return a different value each time, or read something that changes, such as the size of files. Immutable.
 */
public final class HarmlessFunctions {

    private static final Set<String> NAMES = Set.of(
            // Time and random numbers
            "clock_timestamp",
            "timeofday",
            "random",
            "random_normal",
            "normal_rand",
            "gen_random_uuid",
            "gen_random_bytes",
            "gen_salt",
            "uuidv4",
            "uuidv7",
            "uuid_generate_v1",
            "uuid_generate_v1mc",
            "uuid_generate_v4",
            "array_sample",
            "array_shuffle",
            "bernoulli",
            "system",
            "system_rows",
            "system_time",
            // Sizes
            "pg_database_size",
            "pg_indexes_size",
            "pg_relation_size",
            "pg_table_size",
            "pg_tablespace_size",
            "pg_total_relation_size",
            "pgstattuple",
            "pgstattuple_approx",
            "pgstatindex",
            // State of the server
            "currval",
            "lastval",
            "current_query",
            "pg_blocking_pids",
            "pg_safe_snapshot_blocking_pids",
            "pg_collation_actual_version",
            "pg_database_collation_actual_version",
            "pg_current_wal_flush_lsn",
            "pg_current_wal_insert_lsn",
            "pg_current_wal_lsn",
            "pg_get_wait_events",
            "pg_is_in_recovery",
            "pg_is_wal_replay_paused",
            "pg_jit_available",
            "pg_last_committed_xact",
            "pg_last_wal_receive_lsn",
            "pg_last_wal_replay_lsn",
            "pg_last_xact_replay_timestamp",
            "pg_lock_status",
            "pg_notification_queue_usage",
            "pg_partition_ancestors",
            "pg_partition_tree",
            "pg_prepared_xact",
            "pg_sequence_last_value",
            "pg_stat_get_io",
            "pg_stat_have_stats",
            "pg_xact_commit_timestamp",
            "pg_xact_commit_timestamp_origin",
            "pg_xact_status",
            "txid_status",
            // TimescaleDB
            "approximate_row_count",
            "by_hash",
            "by_range",
            "chunks_detailed_size",
            "generate_uuidv7",
            "hypertable_approximate_detailed_size",
            "hypertable_approximate_size",
            "hypertable_detailed_size",
            "hypertable_index_size",
            "hypertable_size",
            "interpolate",
            "locf",
            "show_tablespaces",
            "time_bucket_gapfill",
            "to_uuidv7");

    private HarmlessFunctions() {}

    /** Returns whether a volatile function of PostgreSQL or of an extension is known to only read. */
    public static boolean contains(String function) {
        return NAMES.contains(function) || function.startsWith("pg_stat_get_xact_");
    }
}
