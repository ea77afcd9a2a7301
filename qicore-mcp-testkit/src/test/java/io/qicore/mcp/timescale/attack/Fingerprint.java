package io.qicore.mcp.timescale.attack;

/** Queries whose results change if a statement leaves something behind. */
final class Fingerprint {

    /** Selects the state that all sessions share. Requires a superuser. */
    static final String DATABASE =
            "SELECT concat_ws(E'\\n', (SELECT 't ' || string_agg(id::text, ',' ORDER BY id) FROM t),"
                    + " (SELECT 's ' || last_value || is_called::text FROM s),"
                    + " (SELECT 'class ' || count(*) || ' ' || md5(string_agg(oid || relname || relkind::text || coalesce(relacl::text, '')"
                    + " || relnamespace, ',' ORDER BY oid)) FROM pg_class WHERE relpersistence <> 't'),"
                    + " (SELECT 'proc ' || count(*) || ' ' || md5(string_agg(oid || proname, ',' ORDER BY oid)) FROM pg_proc),"
                    + " (SELECT 'attr ' || count(*) FROM pg_attribute), (SELECT 'type ' || count(*) FROM pg_type),"
                    + " (SELECT 'names ' || string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'),"
                    + " (SELECT 'ext ' || string_agg(extname, ',' ORDER BY extname) FROM pg_extension),"
                    + " (SELECT 'roles ' || md5(string_agg(rolname || rolsuper::text || coalesce(rolpassword, ''), ',' ORDER BY rolname))"
                    + " FROM pg_authid), (SELECT 'comments ' || count(*) FROM pg_description),"
                    + " (SELECT 'servers ' || count(*) FROM pg_foreign_server), (SELECT 'collations ' || count(*) FROM pg_collation),"
                    + " (SELECT 'role settings ' || count(*) FROM pg_db_role_setting),"
                    + " (SELECT 'prepared xacts ' || count(*) FROM pg_prepared_xacts),"
                    + " (SELECT 'slots ' || count(*) FROM pg_replication_slots),"
                    + " (SELECT 'origins ' || count(*) FROM pg_replication_origin),"
                    + " (SELECT 'large objects ' || count(*) FROM pg_largeobject_metadata),"
                    + " (SELECT 'advisory ' || count(*) FROM pg_locks WHERE locktype = 'advisory'),"
                    + " (SELECT 'open ' || count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'),"
                    + " (SELECT 'settings ' || md5(string_agg(name || '=' || coalesce(reset_val, ''), ',' ORDER BY name))"
                    + " FROM pg_settings WHERE name NOT IN ('application_name', 'session_authorization', 'role', 'is_superuser')))";

    /** Selects the state of the session in which it runs. */
    static final String SESSION = "SELECT concat_ws(E'\\n',"
            + " (SELECT 'set ' || string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings WHERE source = 'session'"
            + " AND name NOT IN ('application_name', 'session_authorization', 'role', 'is_superuser')),"
            + " (SELECT 'prepared ' || count(*) FROM pg_prepared_statements), (SELECT 'cursors ' || count(*) FROM pg_cursors),"
            + " (SELECT 'channels ' || count(*) FROM pg_listening_channels()),"
            + " (SELECT 'locks ' || count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),"
            + " 'path ' || current_setting('search_path') || current_setting('statement_timeout'))";

    /** Selects the state of hypertables: their rows, chunks and policies. */
    static final String TIMESCALE =
            "SELECT concat_ws(E'\\n', (SELECT 'hyper ' || count(*) || ' ' || sum(price) FROM hyper),"
                    + " (SELECT 'chunks ' || string_agg(chunk_name || is_compressed::text, ',' ORDER BY chunk_name)"
                    + " FROM timescaledb_information.chunks),"
                    + " (SELECT 'dimensions ' || string_agg(coalesce(time_interval::text, ''), ',') FROM timescaledb_information.dimensions),"
                    + " (SELECT 'jobs ' || string_agg(job_id || coalesce(config::text, '') || scheduled::text, ',' ORDER BY job_id)"
                    + " FROM timescaledb_information.jobs))";

    private Fingerprint() {}
}
