package io.qicore.mcp.timescale.internal.guard;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is known about functions and relations of PostgreSQL and of extensions. Everything else follows from the
 * catalogue. Names of extensions stand in front of a colon. Immutable.
 */
final class KnownObjects {

    /**
     * Functions that only read or compute although they are declared VOLATILE, because their result changes. Any other
     * VOLATILE function of PostgreSQL or of an extension is refused.
     */
    static final List<String> HARMLESS_VOLATILE = List.of(
            // Time and random numbers
            "clock_timestamp",
            "timeofday",
            "random",
            "random_normal",
            "gen_random_uuid",
            "uuidv4",
            "uuidv7",
            "array_sample",
            "array_shuffle",
            "bernoulli",
            "system",
            "pgcrypto:gen_random_bytes",
            "pgcrypto:gen_random_uuid",
            "pgcrypto:gen_salt",
            "pgcrypto:pgp_pub_encrypt",
            "pgcrypto:pgp_pub_encrypt_bytea",
            "pgcrypto:pgp_sym_encrypt",
            "pgcrypto:pgp_sym_encrypt_bytea",
            "postgis:st_generatepoints",
            "tablefunc:normal_rand",
            "tsm_system_rows:system_rows",
            "tsm_system_time:system_time",
            "uuid-ossp:uuid_generate_v1",
            "uuid-ossp:uuid_generate_v1mc",
            "uuid-ossp:uuid_generate_v4",
            // Sizes
            "pg_database_size",
            "pg_indexes_size",
            "pg_relation_size",
            "pg_table_size",
            "pg_tablespace_size",
            "pg_total_relation_size",
            "pgstattuple:pgstatindex",
            "pgstattuple:pgstattuple",
            "pgstattuple:pgstattuple_approx",
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
            "pg_stat_get_xact_blocks_fetched",
            "pg_stat_get_xact_blocks_hit",
            "pg_stat_get_xact_function_calls",
            "pg_stat_get_xact_function_self_time",
            "pg_stat_get_xact_function_total_time",
            "pg_stat_get_xact_numscans",
            "pg_stat_get_xact_tuples_deleted",
            "pg_stat_get_xact_tuples_fetched",
            "pg_stat_get_xact_tuples_hot_updated",
            "pg_stat_get_xact_tuples_inserted",
            "pg_stat_get_xact_tuples_newpage_updated",
            "pg_stat_get_xact_tuples_returned",
            "pg_stat_get_xact_tuples_updated",
            "pg_stat_have_stats",
            "pg_xact_commit_timestamp",
            "pg_xact_commit_timestamp_origin",
            "pg_xact_status",
            "txid_status",
            "pg_buffercache:pg_buffercache_pages",
            "pg_buffercache:pg_buffercache_summary",
            "pg_buffercache:pg_buffercache_usage_counts",
            // TimescaleDB
            "timescaledb:approximate_row_count",
            "timescaledb:by_hash",
            "timescaledb:by_range",
            "timescaledb:chunks_detailed_size",
            "timescaledb:generate_uuidv7",
            "timescaledb:hypertable_approximate_detailed_size",
            "timescaledb:hypertable_approximate_size",
            "timescaledb:hypertable_detailed_size",
            "timescaledb:hypertable_index_size",
            "timescaledb:hypertable_size",
            "timescaledb:interpolate",
            "timescaledb:locf",
            "timescaledb:show_tablespaces",
            "timescaledb:time_bucket_gapfill",
            "timescaledb:to_uuidv7");

    /** Functions that are declared STABLE or IMMUTABLE and do more than read data of this database, with the reason. */
    static final Map<String, String> DENIED_FUNCTIONS = denied(List.of(
            "it runs SQL that is in a string|table_to_xml table_to_xmlschema table_to_xml_and_xmlschema"
                    + " schema_to_xml schema_to_xmlschema schema_to_xml_and_xmlschema database_to_xml"
                    + " database_to_xmlschema database_to_xml_and_xmlschema tablefunc:crosstab"
                    + " tablefunc:crosstab2 tablefunc:crosstab3 tablefunc:crosstab4 tablefunc:connectby"
                    + " xml2:xpath_table",
            "it shows settings, which may hold secrets|pg_show_all_settings",
            "it shows files of the server|pg_config pg_extension_update_paths pg_tablespace_location",
            "it may read files of the server|xml2:xslt_process postgis_raster:st_addband"
                    + " postgis_raster:st_setbandpath postgis_raster:st_bandpath",
            "it shows what other sessions run|pg_stat_get_activity pg_stat_get_backend_activity"
                    + " pg_stat_get_wal_receiver pg_prepared_statement pg_cursor",
            "it uses up a transaction id|txid_current pg_current_xact_id",
            "it loads libraries|fmgr_c_validator fmgr_internal_validator fmgr_sql_validator",
            "it changes the session|isn:isn_weak"));

    /** Relations of PostgreSQL that hold more than data and structure, with the reason. */
    static final Map<String, String> DENIED_RELATIONS = denied(List.of(
            "it holds credentials|pg_authid pg_shadow pg_user_mapping pg_user_mappings _pg_user_mappings"
                    + " user_mapping_options pg_subscription pg_hba_file_rules pg_ident_file_mappings"
                    + " pg_file_settings pg_db_role_setting pg_largeobject pg_stat_wal_receiver",
            "settings may hold secrets; use current_setting('name') for a single one|pg_settings",
            "a role or this database has a setting that may hold a secret, and it shows the settings of roles|pg_roles"
                    + " pg_user",
            "it shows files of the server|pg_config",
            "it may hold data of tables that are hidden from this server|pg_statistic pg_statistic_ext_data",
            "it shows what other sessions run; statements may only count its rows or name columns other than"
                    + " query, without joins|pg_stat_activity",
            "it shows what this session ran for others|pg_prepared_statements pg_cursors"));

    /**
     * Extensions whose STABLE functions and views only read this database. Of others, only IMMUTABLE functions are allowed,
     * and views are examined.
     */
    static final List<String> EXTENSIONS = List.of(
            "btree_gin",
            "btree_gist",
            "citext",
            "cube",
            "earthdistance",
            "fuzzystrmatch",
            "hstore",
            "intagg",
            "intarray",
            "isn",
            "lo",
            "ltree",
            "pg_trgm",
            "pgcrypto",
            "postgis",
            "seg",
            "tablefunc",
            "timescaledb",
            "timescaledb_toolkit",
            "unaccent",
            "uuid-ossp",
            "vector",
            "vectorscale",
            "xml2");

    /** Settings that a function may have for its own run, which cannot change what its names mean. */
    static final List<String> FUNCTION_SETTINGS = List.of(
            "bytea_output",
            "client_min_messages",
            "datestyle",
            "extra_float_digits",
            "intervalstyle",
            "jit",
            "lc_messages",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "max_parallel_workers_per_gather",
            "search_path",
            "timezone",
            "work_mem",
            "xmloption");

    /** Of these relations, those that are denied only while there are settings of roles that may hold secrets. */
    static final List<String> SHOWING_ROLE_SETTINGS = List.of("pg_roles", "pg_user");

    /** Parts of the names of settings that hold secrets, commands or paths of the server, as a regular expression. */
    static final String HIDDEN_SETTING_PARTS =
            "conninfo|command|passphrase|password|secret|token|key|file|director|path|dir|library|libraries|slot";

    private static final Pattern HIDDEN_SETTINGS = Pattern.compile(HIDDEN_SETTING_PARTS);

    /** The view of which a statement may read a part. */
    static final String ACTIVITY = "pg_stat_activity";

    private KnownObjects() {}

    /** Returns why a function of PostgreSQL or of an extension is denied, if it is on the list. */
    static Optional<String> reason(String extension, String function) {
        String name = extension.isEmpty() ? function : extension + ":" + function;
        return Optional.ofNullable(DENIED_FUNCTIONS.get(name));
    }

    /**
     * Returns whether a setting may be read. A name with a dot belongs to an extension or an application, which may store
     * secrets there.
     *
     * @param name in lower case
     */
    static boolean mayReadSetting(String name) {
        boolean known = !name.contains(".") || name.startsWith("timescaledb.");
        return known
                && (name.equals("search_path") || !HIDDEN_SETTINGS.matcher(name).find());
    }

    private static Map<String, String> denied(List<String> rules) {
        Map<String, String> reasons = new TreeMap<>();
        for (String rule : rules) {
            int bar = rule.indexOf('|');
            for (String name : rule.substring(bar + 1).split(" ")) {
                reasons.put(name, rule.substring(0, bar));
            }
        }
        return reasons;
    }
}
