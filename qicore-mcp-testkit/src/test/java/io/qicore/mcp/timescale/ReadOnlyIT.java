package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.tool.MCPToolError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is known to break read-only modes, sent as superuser: refused, and nothing of it lasts. */
class ReadOnlyIT {

    /** Where {@code COPY} would write. */
    private static final Path FILE = Path.of(System.getProperty("java.io.tmpdir"), "qicore-read-only-it");

    private static final String FINGERPRINT =
            "SELECT concat_ws(E'\\n', (SELECT string_agg(id::text, ',' ORDER BY id) FROM t),"
                    + " (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace),"
                    + " (SELECT last_value || ',' || is_called FROM s), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),"
                    + " (SELECT count(*) FROM pg_replication_slots), (SELECT count(*) FROM pg_prepared_xacts),"
                    + " (SELECT count(*) FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_db_role_setting),"
                    + " (SELECT count(*) FROM pg_authid), (SELECT count(*) FROM pg_collation))";

    private static TimescaleWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = TimescaleWorld.start();
        world.execute(
                "CREATE TABLE t (id int)",
                "INSERT INTO t VALUES (1), (2)",
                "CREATE SEQUENCE s",
                "CREATE FUNCTION deleting() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS"
                        + " 'BEGIN DELETE FROM t; RETURN 1; END'",
                "CREATE FUNCTION locking() RETURNS int LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_advisory_lock(42); RETURN 1; END'",
                "CREATE VIEW deleting_view AS SELECT deleting()",
                "CREATE PROCEDURE committing() LANGUAGE plpgsql AS 'BEGIN COMMIT; DELETE FROM t; END'",
                "CREATE FUNCTION erasing() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN DELETE FROM t; RETURN 1; END'",
                "CREATE EXTENSION IF NOT EXISTS dblink");
        Files.deleteIfExists(FILE);
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
        Files.deleteIfExists(FILE);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void attack_isRefusedAndLeavesNothing(String sql) throws Exception {
        String before = world.fetch(FINGERPRINT);
        MCPToolError error = world.failure("query", Map.of("sql", sql));
        assertThat(error).as(sql).isNotNull();
        assertThat(error.code()).isIn("STATEMENT_NOT_ALLOWED", "INVALID_SQL", "INVALID_ARGUMENT");
        assertThat(world.fetch(FINGERPRINT)).isEqualTo(before);
        assertThat(FILE).doesNotExist();
        assertThat(world.cell("SELECT count(*) FROM t").asInt()).isEqualTo(2);
    }

    static Stream<String> attacks() {
        return Stream.of(
                "SELECT 1; DROP TABLE t",
                "COMMIT; DROP TABLE t",
                "ROLLBACK; DROP TABLE t",
                "END; DELETE FROM t",
                "SET TRANSACTION READ WRITE; DELETE FROM t; COMMIT",
                "SET TRANSACTION READ WRITE",
                "SELECT 1 AS a$$; COMMIT; DROP TABLE t; --$$",
                "SELECT E'\\''; COMMIT; DROP TABLE t; --'",
                "SELECT '\\'; COMMIT; DROP TABLE t; --'",
                "SELECT 1 AS é$$; COMMIT; DROP TABLE t; --$$",
                "SELECT 1 AS \u00a0$$; COMMIT; DROP TABLE t; --$$",
                "SELECT 1 -- x\n; DROP TABLE t",
                "SELECT 1 -- x\r; DROP TABLE t",
                "SELECT /* /* */ 1; COMMIT; DROP TABLE t; -- */ */",
                "SELECT 1 LIMIT 5) q; COMMIT; DROP TABLE t; SELECT * FROM (SELECT 1",
                "SELECT 1) q --",
                "SELECT 1) q /*",
                "SELECT 1) a CROSS JOIN (SELECT 2",
                "SELECT E'a'\n'\\'; DROP TABLE t; --'",
                "SELECT 1E'\\'; DROP TABLE t; --'",
                "SELECT $a$ $a; DROP TABLE t; --$a$ $a$ 1",
                "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
                "WITH d AS (INSERT INTO t VALUES (9) RETURNING *) TABLE d",
                "WITH d AS (WITH x AS (SELECT 1) DELETE FROM t RETURNING *) SELECT * FROM d",
                "WITH d AS MATERIALIZED (UPDATE t SET id = 9 RETURNING *) SELECT * FROM d",
                "SELECT * INTO pwned FROM t",
                "SELECT 1 INTO TEMP pwned",
                "INSERT INTO t VALUES (9)",
                "UPDATE t SET id = 9",
                "DELETE FROM t",
                "MERGE INTO t USING t AS u ON t.id = u.id WHEN MATCHED THEN DELETE",
                "TRUNCATE t",
                "CREATE TEMP TABLE x(a int)",
                "CREATE TABLE x AS SELECT 1",
                "EXPLAIN ANALYZE DELETE FROM t",
                "EXPLAIN (ANALYZE) CREATE TABLE x AS SELECT 1",
                "EXPLAIN SELECT * FROM t WHERE id = erasing()",
                "SELECT * FROM t WHERE id = erasing()",
                "DO $$BEGIN DELETE FROM t; END$$",
                "DO $$BEGIN PERFORM pg_sleep(10); END$$",
                "CALL committing()",
                "SELECT deleting()",
                "SELECT * FROM deleting_view",
                "COPY t TO '" + FILE + "'",
                "COPY (SELECT 1) TO PROGRAM 'touch " + FILE + "'",
                "COPY t FROM PROGRAM 'echo 9'",
                "COPY t TO STDOUT",
                "SELECT pg_read_file('/etc/passwd')",
                "SELECT pg_read_binary_file('/etc/passwd')",
                "SELECT pg_ls_dir('.')",
                "SELECT pg_stat_file('/etc/passwd')",
                "SELECT \"pg_read_file\"('/etc/passwd')",
                "SELECT U&\"\\0070g_read_file\"('/etc/passwd')",
                "SELECT pg_catalog.pg_read_file('/etc/passwd')",
                "SELECT pg_read_file/**/('/etc/passwd')",
                "SELECT PG_Read_File ('/etc/passwd')",
                "SELECT * FROM pg_read_file('/etc/passwd')",
                "SELECT * FROM ROWS FROM (pg_read_file('/etc/passwd'), pg_ls_dir('.'))",
                "SELECT query_to_xml('SELECT pg_read_file(''/etc/passwd'')', true, true, '')",
                "SELECT database_to_xml(true, true, '')",
                "SELECT table_to_xml('pg_authid', true, true, '')",
                "SELECT ts_stat('SELECT pg_read_file(''/etc/passwd'')::tsvector')",
                "SELECT ts_rewrite('a'::tsquery, 'SELECT 1')",
                "SELECT lo_import('/etc/passwd')",
                "SELECT lo_export(1, '" + FILE + "')",
                "SELECT lo_create(0)",
                "SELECT lo_from_bytea(0, 'x')",
                "SELECT dblink_exec('dbname=postgres', 'DROP TABLE t')",
                "SELECT * FROM dblink('dbname=postgres', 'DELETE FROM t RETURNING id') AS d(id int)",
                "SELECT set_config('transaction_read_only', 'off', false), deleting()",
                "SELECT set_config('statement_timeout', '0', true)",
                "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
                "SET statement_timeout = 0",
                "SET ROLE postgres",
                "RESET ALL",
                "DISCARD ALL",
                "VACUUM t",
                "ALTER SYSTEM SET work_mem = '1MB'",
                "ANALYZE t",
                "CHECKPOINT",
                "REINDEX TABLE t",
                "LOAD 'auto_explain'",
                "LOCK TABLE t IN ACCESS EXCLUSIVE MODE",
                "SELECT * FROM t FOR UPDATE",
                "SELECT * FROM t FOR KEY SHARE",
                "PREPARE p AS DELETE FROM t",
                "PREPARE TRANSACTION 'x'",
                "EXECUTE p",
                "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
                "SAVEPOINT a",
                "LISTEN ch",
                "NOTIFY ch",
                "SELECT pg_notify('ch', 'x')",
                "SELECT nextval('s')",
                "SELECT setval('s', 1000)",
                "SELECT pg_advisory_lock(42)",
                "SELECT pg_try_advisory_lock_shared(42)",
                "SELECT pg_advisory_xact_lock(42)",
                "SELECT pg_sleep(10)",
                "SELECT pg_sleep_for('10 s')",
                "SELECT pg_terminate_backend(pg_backend_pid())",
                "SELECT pg_cancel_backend(pg_backend_pid())",
                "SELECT pg_reload_conf()",
                "SELECT pg_switch_wal()",
                "SELECT pg_create_restore_point('x')",
                "SELECT pg_create_physical_replication_slot('x')",
                "SELECT pg_replication_origin_create('x')",
                "SELECT pg_logical_emit_message(false, 'a', 'b')",
                "SELECT pg_stat_reset()",
                "SELECT pg_export_snapshot()",
                "SELECT pg_import_system_collations('public')",
                "SELECT passwd FROM pg_shadow",
                "SELECT rolpassword FROM pg_catalog.\"pg_authid\"",
                "TABLE pg_user_mappings",
                "SELECT query FROM pg_stat_activity",
                "SELECT * FROM pg_stat_get_activity(NULL)",
                "SELECT _timescaledb_functions.drop_chunk('c')",
                "SELECT \"_timescaledb_functions\" . drop_chunk('c')",
                "SELECT {fn now()}",
                "SELECT $1::int",
                "",
                ";;;",
                "-- nothing",
                "SELECT 1 \0",
                "SELECT '\ud800'",
                "SELECT '" + "x".repeat(100_000) + "'");
    }

    @Test
    void lockTakenBehindTheChecks_isReleased() throws Exception {
        assertThat(world.cell("SELECT locking()").asInt()).isEqualTo(1);
        assertThat(world.fetch("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                .isEqualTo("0");
    }

    @Test
    void applicationsConnection_comesBackAsItWas() throws Exception {
        try (var single = world.postgres.dataSource().getConnection()) {
            var source = SingleConnectionDataSource.of(single);
            single.setAutoCommit(false);
            try (var server = new TimescaleMCPServer(source)) {
                server.initialize();
                var client = io.qicore.mcp.client.MCPClient.inProcess(server);
                client.call("query", Map.of("sql", "SELECT 1"));
            }
            assertThat(single.isClosed()).isFalse();
            assertThat(single.getAutoCommit()).isFalse();
            assertThat(single.getNetworkTimeout()).isZero();
            try (var statement = single.createStatement();
                    var result = statement.executeQuery("SHOW transaction_read_only")) {
                result.next();
                assertThat(result.getString(1)).isEqualTo("off");
            }
            single.rollback();
        }
    }

    @Test
    void applicationsOpenTransaction_isLeftAlone() throws Exception {
        try (var single = world.postgres.dataSource().getConnection();
                var statement = single.createStatement()) {
            single.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (3)");
            try (var server = new TimescaleMCPServer(SingleConnectionDataSource.of(single))) {
                server.initialize();
                var client = io.qicore.mcp.client.MCPClient.inProcess(server);
                MCPToolError error = org.assertj.core.api.Assertions.catchThrowableOfType(
                        MCPToolError.class, () -> client.call("query", Map.of("sql", "SELECT 1")));
                assertThat(error).hasMessageContaining("idle connections");
            }
            try (var result = statement.executeQuery("SELECT count(*) FROM t")) {
                result.next();
                assertThat(result.getInt(1)).isEqualTo(3);
            }
            single.rollback();
        }
    }
}
