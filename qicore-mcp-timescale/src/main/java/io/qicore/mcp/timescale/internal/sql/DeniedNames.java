package io.qicore.mcp.timescale.internal.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Functions and relations that a statement must not use, with the reason. Other changes of data are refused by the
 * read-only transaction itself. The functions here have effects beyond the transaction, keep something after it, or
 * run SQL from a string, which the checks cannot see. The database role remains the real boundary. Immutable.
 */
final class DeniedNames {

    private record Rule(String reason, Pattern names) {}

    private static final List<Rule> CALLS = List.of(
            rule(
                    "it reads or writes files of the server",
                    "pg_read_file*",
                    "pg_read_binary_file",
                    "pg_ls_*",
                    "pg_stat_file",
                    "pg_file_*",
                    "lo_import*",
                    "lo_export",
                    "lo_creat*",
                    "lo_from_bytea",
                    "lo_get*",
                    "lo_put",
                    "lo_open",
                    "lo_close",
                    "lo_lseek*",
                    "lo_tell*",
                    "lo_truncate*",
                    "lo_unlink",
                    "lo_manage",
                    "loread",
                    "lowrite",
                    "pg_current_logfile",
                    "pg_hba_file_rules",
                    "pg_ident_file_mappings",
                    "pg_show_all_file_settings",
                    "pg_config",
                    "pg_control_*",
                    "pg_extension_update_paths",
                    "pg_available_*",
                    "pg_get_wal_*",
                    "pg_walinspect*",
                    "get_raw_page*",
                    "bt_page_*",
                    "heap_page_*",
                    "file_fdw_*",
                    "pg_import_system_collations"),
            rule(
                    "it runs SQL that is hidden in a string",
                    "query_to_xml*",
                    "cursor_to_xml*",
                    "table_to_xml*",
                    "schema_to_xml*",
                    "database_to_xml*",
                    "ts_stat",
                    "ts_rewrite",
                    "crosstab*",
                    "connectby",
                    "xpath_table",
                    "dblink*",
                    "postgres_fdw_*"),
            rule(
                    "it reaches other systems",
                    "http",
                    "http_get",
                    "http_post",
                    "http_put",
                    "http_patch",
                    "http_delete",
                    "http_head",
                    "http_set_curlopt",
                    "http_reset_curlopt",
                    "http_list_curlopt",
                    "http_collect",
                    "lambda_*",
                    "query_export_to_s3",
                    "table_import_from_s3"),
            rule("it changes settings of the session", "set_config", "setseed"),
            rule("it shows settings that may hold secrets", "pg_show_all_settings", "pg_settings_get_flags"),
            rule("it holds a lock", "pg_*advisory*"),
            rule("it only waits", "pg_sleep*"),
            rule("it changes a sequence", "nextval", "setval", "pg_nextoid"),
            rule(
                    "it talks to other sessions",
                    "pg_notify",
                    "pg_terminate_backend",
                    "pg_cancel_backend",
                    "pg_log_backend_memory_contexts",
                    "pg_export_snapshot"),
            rule(
                    "it operates the server",
                    "pg_reload_conf",
                    "pg_rotate_logfile*",
                    "pg_switch_wal",
                    "pg_switch_xlog",
                    "pg_create_*",
                    "pg_drop_*",
                    "pg_copy_*",
                    "pg_backup_*",
                    "pg_start_backup",
                    "pg_stop_backup",
                    "pg_promote",
                    "pg_wal_replay_*",
                    "pg_logical_*",
                    "pg_replication_*",
                    "pg_sync_replication_slots",
                    "pg_stat_reset*",
                    "pg_stat_statements_reset*",
                    "pg_stat_force_next_flush",
                    "pg_clear_*",
                    "pg_restore_*",
                    "pg_prewarm",
                    "autoprewarm_*",
                    "pg_buffercache_evict*",
                    "pg_truncate_*",
                    "heap_force_*",
                    "brin_summarize_*",
                    "brin_desummarize_*",
                    "gin_clean_pending_list",
                    "binary_upgrade_*",
                    "pg_stop_making_pinned_objects",
                    "currtid*",
                    "pg_read_server_*"),
            rule("it shows what other sessions run", "pg_stat_get_activity", "pg_stat_get_backend_activity"));

    private static final List<Rule> RELATIONS = List.of(
            rule(
                    "it holds credentials",
                    "pg_authid",
                    "pg_shadow",
                    "pg_user_mapping",
                    "pg_user_mappings",
                    "_pg_user_mappings",
                    "user_mapping_options",
                    "pg_subscription",
                    "pg_hba_file_rules",
                    "pg_ident_file_mappings",
                    "pg_file_settings",
                    "pg_db_role_setting",
                    "pg_largeobject"),
            rule("settings may hold secrets; use current_setting('name') for a single one", "pg_settings"),
            rule("it shows files of the server", "pg_config", "pg_available_extensions*"),
            rule(
                    "it may hold data of tables that are hidden from this server",
                    "pg_statistic",
                    "pg_statistic_ext_data"),
            rule(
                    "it shows what other sessions run",
                    "pg_stat_activity",
                    "pg_stat_statements",
                    "pg_stat_replication",
                    "pg_stat_wal_receiver",
                    "pg_stat_subscription"));

    /** Functions that return the value of a setting. */
    private static final Set<String> SETTING_READERS = Set.of("current_setting");

    /** Parts of the names of settings that hold secrets, commands or paths of the server. */
    private static final Pattern HIDDEN_SETTINGS = Pattern.compile(
            ".*(conninfo|command|passphrase|password|secret|token|key|file|director|path|dir|library|libraries|slot).*");

    /** Schemas whose functions are not a public interface, or reach other systems. */
    private static final Set<String> SCHEMAS = Set.of("net", "cron", "aws_s3", "aws_lambda", "aws_commons");

    private static final String TIMESCALE_INTERNALS = "_timescaledb_";

    private DeniedNames() {}

    /** Returns why a function must not be called, or empty if it may be called. */
    static Optional<String> call(String function) {
        return reason(CALLS, function);
    }

    /** Returns whether a function returns the value of a setting by name. */
    static boolean readsSetting(String function) {
        return SETTING_READERS.contains(function);
    }

    /**
     * Returns whether a setting may be read. A name with a dot belongs to an extension or an application, which may
     * store secrets there.
     */
    static boolean mayReadSetting(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean known = !lower.contains(".") || lower.startsWith("timescaledb.");
        return known
                && (lower.equals("search_path")
                        || !HIDDEN_SETTINGS.matcher(lower).matches());
    }

    /** Returns why functions of a schema must not be called, or empty if they may be called. */
    static Optional<String> callInto(String schema) {
        if (schema.startsWith(TIMESCALE_INTERNALS)) {
            // drop_chunk there deletes data in a read-only transaction (GHSA-hcfx-29v5-2rcw).
            return Optional.of("the functions of this schema are internal to TimescaleDB");
        }
        return SCHEMAS.contains(schema)
                ? Optional.of("the functions of this schema reach other systems")
                : Optional.empty();
    }

    /** Returns why a name must not appear in a statement, or empty if it may appear. */
    static Optional<String> relation(String name) {
        return reason(RELATIONS, name);
    }

    private static Optional<String> reason(List<Rule> rules, String name) {
        return rules.stream()
                .filter(rule -> rule.names().matcher(name).matches())
                .map(Rule::reason)
                .findFirst();
    }

    /** {@code *} stands for any characters; a function and its variants share a prefix or a suffix. */
    private static Rule rule(String reason, String... names) {
        String alternatives = Stream.of(names)
                .map(name -> Pattern.quote(name).replace("*", "\\E.*\\Q"))
                .collect(Collectors.joining("|"));
        return new Rule(reason, Pattern.compile(alternatives));
    }
}
