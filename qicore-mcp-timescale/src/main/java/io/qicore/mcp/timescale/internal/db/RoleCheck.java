package io.qicore.mcp.timescale.internal.db;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Looks at what the role of a server may do beyond reading tables. The checks of a statement are one fence; this role is
 * the other, and the one that holds if the first has a hole. Stateless.
 */
public final class RoleCheck {

    /** Rank of the last finding that is one for a role that writes, too. */
    private static final int LAST_FOR_WRITERS = 7;

    /**
     * Something that the role may do and a server for agents does not need.
     *
     * @param what it is, as the end of a sentence that begins with the role
     * @param fix SQL, for somebody who may, that changes it
     */
    public record Finding(String what, String fix) {}

    /**
     * The verdict on a role.
     *
     * @param role its name
     * @param findings empty if it may only read
     */
    public record Verdict(String role, List<Finding> findings) {

        /** Copies the list. */
        public Verdict {
            findings = List.copyOf(findings);
        }

        /** Whether nothing was found. */
        public boolean isLeastPrivilege() {
            return findings.isEmpty();
        }

        /** One sentence and, if there is something to change, the SQL for it; holds no secrets. */
        @Override
        public String toString() {
            if (findings.isEmpty()) {
                return "The database role '" + role + "' may only read.";
            }
            return "The database role '" + role + "' may do more than agents need: it "
                    + findings.stream().map(Finding::what).collect(Collectors.joining("; it ")) + ". To change that: "
                    + findings.stream().map(Finding::fix).distinct().collect(Collectors.joining(" "));
        }
    }

    /**
     * One row for each finding: what, and the SQL that changes it. Superusers have every privilege, so that for them the
     * one finding says all.
     */
    private static final String FINDINGS = """
            WITH me AS (SELECT oid, rolname, quote_ident(rolname) AS quoted, rolsuper, rolbypassrls, rolreplication,
                rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user)
            SELECT rank, what, fix FROM (
            SELECT 1 AS rank, 'is a superuser' AS what, 'CREATE ROLE mcp_reader LOGIN PASSWORD ''…''; GRANT CONNECT ON DATABASE '
                || quote_ident(current_database()) || ' TO mcp_reader; GRANT USAGE ON SCHEMA public TO mcp_reader;'
                || ' GRANT SELECT ON ALL TABLES IN SCHEMA public TO mcp_reader; -- and let this server log in as it' AS fix
                FROM me WHERE rolsuper
            UNION ALL SELECT 2, 'bypasses row security', 'ALTER ROLE ' || quoted || ' NOBYPASSRLS;'
                FROM me WHERE rolbypassrls AND NOT rolsuper
            UNION ALL SELECT 3, 'may replicate the whole cluster', 'ALTER ROLE ' || quoted || ' NOREPLICATION;'
                FROM me WHERE rolreplication AND NOT rolsuper
            UNION ALL SELECT 4, 'may create roles', 'ALTER ROLE ' || quoted || ' NOCREATEROLE;'
                FROM me WHERE rolcreaterole AND NOT rolsuper
            UNION ALL SELECT 5, 'may create databases', 'ALTER ROLE ' || quoted || ' NOCREATEDB;'
                FROM me WHERE rolcreatedb AND NOT rolsuper
            UNION ALL SELECT 6, 'is a member of ' || r.rolname, 'REVOKE ' || quote_ident(r.rolname) || ' FROM ' || quoted
                || ';' FROM me, pg_roles r WHERE NOT rolsuper AND pg_has_role(me.oid, r.oid, 'MEMBER')
                AND r.rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program',
                'pg_signal_backend', 'pg_read_all_data', 'pg_write_all_data', 'pg_read_all_settings', 'pg_monitor',
                'pg_maintain', 'pg_checkpoint', 'pg_create_subscription')
            UNION ALL SELECT 8, 'owns or may change ' || count(*) || ' tables, such as ' || min(format('%I.%I',
                n.nspname, c.relname)), 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA '
                || string_agg(DISTINCT quote_ident(n.nspname), ', ') || ' FROM ' || min(me.quoted)
                || '; -- and give tables that it owns to another role: ALTER TABLE … OWNER TO …;'
                FROM me, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE NOT rolsuper AND c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|_timescaledb_|information_schema$)'
                AND has_table_privilege(me.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') HAVING count(*) > 0
            UNION ALL SELECT 9, 'may create things in schema ' || string_agg(quote_ident(nspname), ', '),
                'REVOKE CREATE ON SCHEMA ' || string_agg(quote_ident(nspname), ', ') || ' FROM ' || min(me.quoted)
                || ', PUBLIC;'
                FROM me, pg_namespace n WHERE NOT rolsuper AND nspname !~ '^(pg_|_timescaledb_|information_schema$)'
                AND has_schema_privilege(me.oid, n.oid, 'CREATE') HAVING count(*) > 0
            UNION ALL SELECT 7, 'may call the functions of extension ' || e.extname || ', which reach other servers or'
                || ' files', 'DROP EXTENSION ' || quote_ident(e.extname) || '; -- or REVOKE EXECUTE ON its functions FROM'
                || ' PUBLIC' FROM pg_extension e, me WHERE NOT rolsuper
                AND extname IN ('dblink', 'http', 'pg_net', 'plpython3u', 'plperlu', 'pltclu', 'adminpack', 'aws_s3')
                AND EXISTS (SELECT FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
                WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
                AND d.classid = 'pg_proc'::regclass AND has_function_privilege(me.oid, p.oid, 'EXECUTE'))
            ) f WHERE rank <= CAST(? AS int) ORDER BY rank
            """;

    private RoleCheck() {}

    /**
     * Looks at the role of a session.
     *
     * @param writes whether the server is to create and change tables, so that it may
     */
    public static Verdict of(Session session, boolean writes) throws SQLException {
        String role =
                session.list("SELECT current_user", row -> row.getString(1)).get(0);
        List<Finding> findings = session.list(
                FINDINGS, row -> new Finding(row.getString(2), row.getString(3)), writes ? LAST_FOR_WRITERS : 9);
        return new Verdict(role, findings);
    }
}
