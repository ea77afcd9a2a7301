package io.qicore.mcp.timescale.internal.connect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;

/**
 * The statements that open a transaction: BEGIN, and one SELECT that sets the role and the settings. Every function and
 * operator is qualified, because the search path is still that of the user.
 */
final class Preamble {

    static final String READ_ONLY = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    /** The role for reading of PostgreSQL 14 and later. */
    private static final String READ_ALL_DATA = "pg_read_all_data";

    private static final int HAS_READ_ALL_DATA = 140000;
    private static final int HAS_SET_OPTION = 160000;

    /** What decides how names are resolved. */
    private static final String IDENTITY = "pg_catalog.concat_ws('/', 'session', session_user,"
            + " pg_catalog.current_setting('role'), pg_catalog.current_setting('search_path'))";

    /** Fails if the identity is another one, because a word cannot be cast to an integer. */
    private static final String UNLESS_CHANGED =
            "CAST(CASE WHEN ? OPERATOR(pg_catalog.=) " + IDENTITY + " THEN '0' ELSE 'changed' END AS pg_catalog.int4)";

    /** Positions in the row of the settings. With an expected identity, the first one is a number instead. */
    static final int IDENTITY_COLUMN = 1;

    static final int SEARCH_PATH_COLUMN = 2;
    static final int SCHEMAS_COLUMN = 3;
    static final int READ_ONLY_COLUMN = 4;
    static final int PROCESS_COLUMN = 5;

    private Preamble() {}

    /**
     * Returns the statements.
     *
     * @param confinement of the transactions that read what agents name
     * @param limits the schemas that a statement of an agent may use
     * @param expected the identity that the session must have, or null; the SELECT fails if it has another
     */
    static List<Part> of(
            Access access,
            Budget budget,
            BaseConnection driver,
            Confinement confinement,
            SchemaLimits limits,
            @Nullable String expected) {
        long millis = budget.statementMillis();
        List<@Nullable String> values = new ArrayList<>();
        StringBuilder sql = new StringBuilder("SELECT ");
        if (expected == null) {
            sql.append(IDENTITY);
        } else {
            sql.append(UNLESS_CHANGED);
            values.add(expected);
        }
        // Every function costs about as much as parsing it, so only what is needed is asked for.
        sql.append(
                        access.isPinned()
                                ? ", pg_catalog.current_setting('search_path'), pg_catalog.current_schemas(false)"
                                : ", NULL, NULL")
                .append(", pg_catalog.current_setting('transaction_read_only'), pg_catalog.pg_backend_pid(),"
                        + " pg_catalog.concat(");
        set(sql, values, "statement_timeout", String.valueOf(millis));
        set(sql.append(", "), values, "lock_timeout", String.valueOf(budget.lockMillis()));
        set(sql.append(", "), values, "idle_in_transaction_session_timeout", String.valueOf(2 * millis + 1000));
        sql.append(", pg_catalog.set_config('standard_conforming_strings', 'on', true)");
        // All replicas, roles and JVMs give the same answer.
        sql.append(", pg_catalog.set_config('TimeZone', 'UTC', true)")
                .append(", pg_catalog.set_config('DateStyle', 'ISO, YMD', true)")
                .append(", pg_catalog.set_config('IntervalStyle', 'iso_8601', true)")
                .append(", pg_catalog.set_config('extra_float_digits', '1', true)")
                .append(", pg_catalog.set_config('bytea_output', 'hex', true)");
        if (access.isPinned()) {
            // Temporary tables last: otherwise they would come first, also those that another client of a pooler left.
            sql.append(", pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)");
        } else if (!limits.isEmpty()) {
            sql.append(", pg_catalog.set_config('search_path', ")
                    .append(limited(limits))
                    .append(", true)");
        }
        if (access.isAsReader() && !confinement.foreignTables() && canRestrict(driver)) {
            sql.append(", pg_catalog.set_config('restrict_nonsystem_relation_kind', 'foreign-table', true)");
        }
        if (access.isAsReader()) {
            takeRole(sql.append(", "), values, driver, confinement.role());
        }
        return List.of(
                new Part(access.isReadOnly() ? READ_ONLY : "BEGIN"),
                new Part(sql.append(")").toString(), values, access == Access.STATEMENT));
    }

    /**
     * Returns the search path of a limited statement: the allowed schemas of the user's path, and those without tables, which
     * may hold an extension. Temporary tables come last.
     */
    private static String limited(SchemaLimits limits) {
        return "pg_catalog.concat((SELECT pg_catalog.string_agg(pg_catalog.concat(pg_catalog.quote_ident(s.name), ', '), ''"
                + " ORDER BY s.place) FROM pg_catalog.unnest(CAST(pg_catalog.current_schemas(false) AS pg_catalog.text[]))"
                + " WITH ORDINALITY AS s (name, place) WHERE " + limits.condition("s.name")
                + " OR NOT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                + " ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname OPERATOR(pg_catalog.=) s.name"
                + " AND c.relkind OPERATOR(pg_catalog.=) ANY (CAST('{r,v,m,f,p,S}' AS pg_catalog.\"char\"[])))),"
                + " 'pg_temp')";
    }

    private static void set(StringBuilder sql, List<@Nullable String> values, String name, String value) {
        sql.append("pg_catalog.set_config('").append(name).append("', ?, true)");
        values.add(value);
    }

    /** Returns whether the server can refuse foreign tables: 14.13, 15.8, 16.4, 17 and their successors. */
    private static boolean canRestrict(BaseConnection driver) {
        int version = driver.getQueryExecutor().getServerVersionNum();
        return switch (version / 10000) {
            case 14 -> version >= 140013;
            case 15 -> version >= 150008;
            case 16 -> version >= 160004;
            default -> version >= 170000;
        };
    }

    /** Comes last, so that the other settings are made with the privileges of the login role. */
    private static void takeRole(
            StringBuilder sql, List<@Nullable String> values, BaseConnection driver, @Nullable String readRole) {
        if (readRole != null) {
            set(sql, values, "role", readRole);
        } else if (driver.haveMinimumServerVersion(HAS_READ_ALL_DATA)) {
            // A superuser has every role. A role that a data source has set stays if it cannot take this one.
            sql.append("pg_catalog.set_config('role', CASE WHEN pg_catalog.pg_has_role('")
                    .append(READ_ALL_DATA)
                    .append("', '")
                    .append(driver.haveMinimumServerVersion(HAS_SET_OPTION) ? "SET" : "MEMBER")
                    .append("') THEN '")
                    .append(READ_ALL_DATA)
                    .append("' ELSE pg_catalog.current_setting('role') END, true)");
        } else {
            sql.append("''");
        }
    }
}
