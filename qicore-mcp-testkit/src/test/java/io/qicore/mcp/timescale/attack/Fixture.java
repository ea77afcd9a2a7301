package io.qicore.mcp.timescale.attack;

import java.util.List;

/** Statements that create the content of an attacked database. */
final class Fixture {

    /** The content of a file outside the database, which must not be in any answer. */
    static final String SECRET = "qicore-secret-6f1d";

    static final List<String> COMMON = List.of(
            "CREATE TABLE t (id int)",
            "INSERT INTO t VALUES (1), (2)",
            "CREATE TABLE locked_log (lock int, copy text)",
            "CREATE TABLE prices (symbol text, price numeric, tags text[])",
            "CREATE SEQUENCE s",
            "SELECT nextval('s')",
            "CREATE FUNCTION deleting() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS"
                    + " 'BEGIN DELETE FROM t; RETURN 1; END'",
            "CREATE FUNCTION locking() RETURNS int LANGUAGE plpgsql AS"
                    + " 'BEGIN PERFORM pg_advisory_lock(42); RETURN 1; END'",
            "CREATE FUNCTION nested_locking() RETURNS int LANGUAGE sql AS 'SELECT public.locking()'",
            "CREATE FUNCTION immutable_locking() RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                    + " 'BEGIN PERFORM \"pg_advisory_lock\"(42); RETURN 1; END'",
            "CREATE FUNCTION erasing() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN DELETE FROM t; RETURN 1; END'",
            "CREATE FUNCTION dynamic(text) RETURNS int LANGUAGE plpgsql AS 'BEGIN EXECUTE $1; RETURN 1; END'",
            "CREATE FUNCTION sleeping() RETURNS void LANGUAGE sql AS 'SELECT pg_sleep(60)'",
            "CREATE FUNCTION row_reader(t) RETURNS bool LANGUAGE sql AS 'SELECT pg_try_advisory_lock($1.id)'",
            "CREATE FUNCTION reading_file(text) RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT pg_read_file($1)'",
            "CREATE FUNCTION sql_standard() RETURNS bool RETURN pg_try_advisory_lock(44)",
            "CREATE FUNCTION harmless(x int) RETURNS int LANGUAGE sql AS 'SELECT x + 1'",
            "CREATE FUNCTION harmless_plpgsql(int) RETURNS text LANGUAGE plpgsql AS"
                    + " $$DECLARE r text := 'none'; BEGIN SELECT upper('id ' || id) INTO r FROM t WHERE id = $1; RETURN r; END$$",
            "CREATE VIEW harmless_view AS SELECT harmless(id), upper('x') FROM t",
            "CREATE VIEW deleting_view AS SELECT deleting()",
            "CREATE VIEW nested_view AS SELECT * FROM deleting_view",
            "CREATE VIEW locking_view AS SELECT pg_try_advisory_lock(id) FROM t",
            "CREATE PROCEDURE committing() LANGUAGE plpgsql AS 'BEGIN COMMIT; DELETE FROM t; END'",
            "CREATE ROLE reader LOGIN PASSWORD 'reader'",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");

    /** Returns statements that create foreign tables on a port and on a file of the test, as ways out of the database. */
    static List<String> waysOut(int port, String secretFile) {
        return List.of(
                "CREATE EXTENSION dblink",
                "CREATE EXTENSION postgres_fdw",
                "CREATE EXTENSION file_fdw",
                "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '" + port
                        + "', dbname 'postgres')",
                "CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (user 'u', password 'p')",
                "CREATE FOREIGN TABLE remote_table (id int) SERVER elsewhere",
                "CREATE VIEW remote_view AS SELECT * FROM remote_table",
                "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
                "CREATE FOREIGN TABLE file_table (line text) SERVER files OPTIONS (filename '" + secretFile + "')",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    }

    static final List<String> TIMESCALE = List.of(
            "CREATE TABLE hyper (time timestamptz NOT NULL, price float8)",
            "SELECT create_hypertable('hyper', 'time', chunk_time_interval => interval '1 day')",
            "INSERT INTO hyper SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 hour', i"
                    + " FROM generate_series(0, 119) i",
            "ALTER TABLE hyper SET (timescaledb.compress)",
            "SELECT compress_chunk(c) FROM show_chunks('hyper') c LIMIT 2",
            "SELECT add_retention_policy('hyper', interval '10 years')",
            "CREATE MATERIALIZED VIEW agg WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS"
                    + " SELECT time_bucket('1 day', time) AS day, avg(price) FROM hyper GROUP BY 1 WITH NO DATA",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");

    private Fixture() {}
}
