package io.qicore.mcp.timescale.internal.role;

/**
 * The query of {@link RoleCheck}. Each rule returns rows of (order, whether the privilege is too much, the finding,
 * the SQL that corrects it). Superusers have every privilege, so they get one row only.
 */
final class RoleRules {

    /**
     * The common tables of the rules: the role, the roles granted to it, the objects that it may change and through
     * which role, and the role that it should be. {@code writes} stands for whether the server writes.
     */
    private static final String FACTS = """
            WITH me AS (SELECT r.*, current_database() AS db, d.datdba = r.oid AS owns_db
                FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()),
            plain AS (SELECT * FROM me WHERE NOT rolsuper),
            schemas AS (SELECT n.*, has_schema_privilege(n.oid, 'USAGE') AS usable FROM pg_namespace n
                WHERE n.nspname !~ '^(pg_|_timescaledb_|timescaledb_|toolkit_experimental$|information_schema$)'),
            relations AS (SELECT n.nspname, n.usable, c.* FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
            readable AS (SELECT nspname, usable, count(*) AS count,
                count(*) FILTER (WHERE has_any_column_privilege(oid, 'SELECT')) AS granted
                FROM relations GROUP BY nspname, usable),
            granted AS (SELECT g.oid, g.rolname FROM plain, pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                WHERE m.member = plain.oid),
            changeable AS (
                SELECT 'change ' || format('%I.%I', c.nspname, c.relname) AS what, 1 AS kind, c.relowner AS owner, a.grantee,
                    format('INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA %I', c.nspname) AS privilege
                    FROM relations c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
                    WHERE c.relkind <> 'm' AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
                UNION ALL SELECT 'create things in schema ' || quote_ident(n.nspname), 2, n.nspowner, a.grantee,
                    format('CREATE ON SCHEMA %I', n.nspname)
                    FROM schemas n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
                    WHERE a.privilege_type = 'CREATE'
                UNION ALL SELECT 'create schemas in database ' || quote_ident(d.datname), 3, d.datdba, a.grantee,
                    format('CREATE ON DATABASE %I', d.datname)
                    FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                    WHERE d.datname = current_database() AND a.privilege_type = 'CREATE'),
            held AS (
                SELECT c.*, CASE WHEN c.grantee = 0 THEN 'PUBLIC'
                    WHEN c.grantee = me.oid AND c.owner <> me.oid THEN quote_ident(me.rolname)
                    WHEN c.grantee = me.oid OR me.owns_db AND c.grantee = to_regrole('pg_database_owner') THEN 'itself'
                    END AS through FROM changeable c, plain me
                UNION ALL SELECT c.*, g.rolname FROM changeable c, granted g
                    WHERE c.grantee <> 0 AND pg_has_role(g.oid, c.grantee, 'MEMBER')),
            dangers (rolname, danger, for_writers) AS (VALUES
                ('pg_read_server_files', 'reads files of the server', true),
                ('pg_write_server_files', 'writes files of the server', true),
                ('pg_execute_server_program', 'runs programs on the server', true),
                ('pg_create_subscription', 'connects to other servers', true),
                ('pg_read_all_data', 'reads everything, password hashes included', true),
                ('pg_checkpoint', 'forces checkpoints', true),
                ('pg_write_all_data', 'changes every table', false),
                ('pg_maintain', 'locks and rewrites every table', false),
                ('pg_signal_backend', 'ends statements and sessions of others', false)),
            wanted AS (SELECT format('CREATE ROLE %1$s LOGIN PASSWORD ''…''; GRANT CONNECT ON DATABASE %2$I TO %1$s;',
                name, current_database()) || coalesce(format(' GRANT USAGE%3$s ON SCHEMA %2$s TO %1$s;'
                || ' GRANT SELECT ON ALL TABLES IN SCHEMA %2$s TO %1$s;', name, (SELECT string_agg(quote_ident(nspname),
                ', ' ORDER BY nspname) FROM schemas), creating), '') || coalesce(' REVOKE SELECT ON '
                || (SELECT string_agg(format('%I.%I', nspname, relname), ', ' ORDER BY nspname, relname) FROM relations
                WHERE relkind = 'f') || ' FROM ' || name || ';', '') AS sql, name FROM (SELECT CASE WHEN ${writes}
                THEN 'mcp_writer' ELSE 'mcp_reader' END AS name, CASE WHEN ${writes} THEN ', CREATE' ELSE '' END AS creating) w)
            """;

    private static final String ATTRIBUTES = """
            SELECT 1 AS rank, true AS too_much, 'is a superuser, whom no privilege holds back: let this server log in as '
                || name || ' instead' AS what, sql AS fix FROM me, wanted WHERE rolsuper
            UNION ALL SELECT 2, true, 'bypasses row security', format('ALTER ROLE %I NOBYPASSRLS;', rolname)
                FROM plain WHERE rolbypassrls
            UNION ALL SELECT 3, true, 'may replicate the whole cluster', format('ALTER ROLE %I NOREPLICATION;', rolname)
                FROM plain WHERE rolreplication
            UNION ALL SELECT 4, true, 'may create roles', format('ALTER ROLE %I NOCREATEROLE;', rolname)
                FROM plain WHERE rolcreaterole
            UNION ALL SELECT 5, true, 'may create databases', format('ALTER ROLE %I NOCREATEDB;', rolname)
                FROM plain WHERE rolcreatedb
            UNION ALL SELECT 6, true, 'is a member of ' || quote_ident(g.rolname) || CASE WHEN g.rolname = r.rolname THEN ''
                ELSE ' and through it of ' || quote_ident(r.rolname) END || ', which ' || coalesce(danger, 'is a superuser'),
                format('REVOKE %I FROM %I;', g.rolname, plain.rolname)
                FROM plain, granted g, pg_roles r LEFT JOIN dangers d ON d.rolname = r.rolname
                AND (d.for_writers OR NOT ${writes})
                WHERE pg_has_role(g.oid, r.oid, 'MEMBER') AND (d.danger IS NOT NULL OR r.rolsuper)
                AND NOT (d.danger IS NOT NULL AND EXISTS (SELECT FROM pg_roles s WHERE s.oid = g.oid AND s.rolsuper))
            UNION ALL SELECT 7, true, 'may call the functions of extension ' || e.extname || ', which reach other servers'
                || ' or files', 'DO $$BEGIN EXECUTE (SELECT string_agg(''REVOKE EXECUTE ON FUNCTION '' || objid::regprocedure'
                || ' || ' || quote_literal(format(' FROM PUBLIC, %I', plain.rolname)) || ', ''; '') FROM pg_depend WHERE'
                || ' refclassid = ''pg_extension''::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = '
                || quote_literal(e.extname) || ') AND deptype = ''e'' AND classid = ''pg_proc''::regclass); END$$;'
                FROM pg_extension e, plain WHERE extname IN ('dblink', 'http', 'pg_net', 'adminpack', 'aws_s3')
                AND EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
                AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass AND has_function_privilege(d.objid, 'EXECUTE'))
            """;

    private static final String CHANGES = """
            UNION ALL SELECT 8, true, CASE through WHEN 'itself' THEN 'owns what it may ' ELSE 'may ' END || min(h.what)
                || CASE count(DISTINCT h.what) WHEN 1 THEN '' ELSE ' and ' || count(DISTINCT h.what) - 1 || ' more' END
                || CASE WHEN through = 'itself' THEN ': let this server log in as ' || min(name) || ' instead'
                WHEN through NOT IN ('PUBLIC', quote_ident(plain.rolname)) THEN ', as a member of ' || through ELSE '' END,
                CASE WHEN through = 'itself' THEN min(sql) WHEN through IN ('PUBLIC', quote_ident(plain.rolname))
                THEN string_agg(DISTINCT format('REVOKE %s FROM %s;', privilege, through), ' ')
                ELSE format('REVOKE %I FROM %I;', through, plain.rolname) END
                FROM held h, plain, wanted WHERE NOT ${writes} AND through IS NOT NULL
                GROUP BY kind, through, plain.rolname
            """;

    private static final String GAPS = """
            UNION ALL SELECT 9, false, 'has been granted tables of schema ' || quote_ident(nspname) || ' and not the schema',
                format('GRANT USAGE ON SCHEMA %I TO %I;', nspname, rolname)
                FROM readable, plain WHERE granted > 0 AND NOT usable
            UNION ALL SELECT 10, false, 'may read none of the tables of schema ' || string_agg(quote_ident(nspname), ', '
                ORDER BY nspname), format('GRANT USAGE ON SCHEMA %1$s TO %2$I; GRANT SELECT ON ALL TABLES IN SCHEMA %1$s TO'
                || ' %2$I;', string_agg(quote_ident(nspname), ', ' ORDER BY nspname), rolname)
                FROM readable, plain GROUP BY rolname HAVING max(granted) = 0
            UNION ALL SELECT 11, false, 'may create tables in no schema and owns none',
                format('GRANT USAGE, CREATE ON SCHEMA %I TO %I;', coalesce((SELECT nspname FROM schemas
                ORDER BY nspname <> 'public', nspname LIMIT 1), 'public'), rolname)
                FROM plain WHERE ${writes} AND NOT EXISTS (SELECT FROM schemas WHERE usable
                AND has_schema_privilege(oid, 'CREATE'))
                AND NOT EXISTS (SELECT FROM relations WHERE pg_has_role(relowner, 'MEMBER'))
            """;

    private RoleRules() {}

    /**
     * Returns the query.
     *
     * @param writes whether the server is to create and change tables
     */
    static String sql(boolean writes) {
        return (FACTS + "SELECT too_much, what, fix FROM (\n" + ATTRIBUTES + CHANGES + GAPS
                        + ") f ORDER BY rank, what, fix")
                .replace("${writes}", String.valueOf(writes));
    }
}
