package io.qicore.mcp.timescale.attack;

import java.util.List;
import java.util.stream.IntStream;

/** Statements that create the content of an attacked database. */
final class Fixture {

    /** The content of a file outside the database, which must not be in any answer. */
    static final String SECRET = "qicore-secret-6f1d";

    /** A name of the largest length that PostgreSQL keeps. */
    private static final String LONG_NAME = "l" + "o".repeat(61) + "g";

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
            // Functions that hide what they do in another object or another schema
            "CREATE FUNCTION defaulted(t, text DEFAULT 'x') RETURNS bool LANGUAGE sql AS 'SELECT pg_try_advisory_lock(45)'",
            "CREATE FUNCTION with_default(bool DEFAULT pg_try_advisory_lock(46)) RETURNS bool LANGUAGE sql AS 'SELECT $1'",
            "CREATE SCHEMA api",
            "CREATE SCHEMA impl",
            "CREATE SCHEMA evil",
            "CREATE FUNCTION impl.get_x() RETURNS bool LANGUAGE sql AS 'SELECT pg_try_advisory_lock(47)'",
            "CREATE FUNCTION api.get_x() RETURNS bool LANGUAGE sql AS 'SELECT impl.get_x()'",
            "CREATE FUNCTION helper() RETURNS bool LANGUAGE sql AS 'SELECT true'",
            "CREATE FUNCTION evil.helper() RETURNS bool LANGUAGE sql AS 'SELECT pg_try_advisory_lock(48)'",
            "CREATE FUNCTION calls_helper() RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN helper(); END'",
            "CREATE FUNCTION calls_with_path() RETURNS bool LANGUAGE plpgsql SET search_path = evil, public AS"
                    + " 'BEGIN RETURN calls_helper(); END'",
            "CREATE FUNCTION as_another() RETURNS int LANGUAGE sql SET role = postgres AS 'SELECT 1'",
            "CREATE FUNCTION to_program() RETURNS int LANGUAGE plpgsql STABLE AS"
                    + " $$BEGIN COPY t TO PROGRAM 'cat > /tmp/qicore-pwned'; RETURN 1; END$$",
            "CREATE FUNCTION to_program_if() RETURNS int LANGUAGE plpgsql STABLE AS"
                    + " $$BEGIN IF 1 = 1 case THEN COPY t TO PROGRAM 'cat > /tmp/qicore-pwned'; END IF; RETURN 1; END$$",
            "CREATE FUNCTION loads() RETURNS int LANGUAGE plpgsql STABLE AS $$BEGIN LOAD 'auto_explain'; RETURN 1; END$$",
            "CREATE FUNCTION does() RETURNS int LANGUAGE plpgsql STABLE AS"
                    + " $$BEGIN DO 'BEGIN PERFORM pg_advisory_lock(49); END'; RETURN 1; END$$",
            "CREATE FUNCTION hashes() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER STABLE AS"
                    + " 'SELECT rolpassword FROM pg_catalog.pg_authid'",
            "CREATE FUNCTION setting_of(text) RETURNS text LANGUAGE sql STABLE AS 'SELECT current_setting($1, true)'",
            "CREATE FUNCTION secret_setting() RETURNS text LANGUAGE sql STABLE AS $$SELECT current_setting('app.secret', true)$$",
            "CREATE FUNCTION parsed_setting(text) RETURNS text STABLE RETURN current_setting($1, true)",
            "CREATE VIEW secret_view AS SELECT current_setting('app.secret', true) AS secret",
            "CREATE VIEW built_setting_view AS SELECT current_setting('data_' || 'directory', true) AS d",
            "CREATE VIEW hash_view AS SELECT rolname, rolpassword FROM pg_authid",
            "CREATE VIEW activity_view AS SELECT pid, query FROM pg_stat_activity",
            "CREATE VIEW shown_settings AS SELECT * FROM pg_settings",
            "CREATE FUNCTION lock_step(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS"
                    + " 'SELECT CASE WHEN pg_try_advisory_lock($2) THEN 1 END'",
            "CREATE AGGREGATE locker(int) (SFUNC = lock_step, STYPE = int, INITCOND = '0')",
            "CREATE FUNCTION lock_end(int) RETURNS int LANGUAGE sql IMMUTABLE AS"
                    + " 'SELECT CASE WHEN pg_try_advisory_lock(50) THEN 1 END'",
            "CREATE AGGREGATE late_locker(int) (SFUNC = int4larger, STYPE = int, FINALFUNC = lock_end)",
            "CREATE OPERATOR @@@ (FUNCTION = lock_step, LEFTARG = int, RIGHTARG = int)",
            "CREATE VIEW operator_view AS SELECT 1 @@@ 2 AS x",
            "CREATE OPERATOR ### (FUNCTION = current_setting, RIGHTARG = text)",
            "CREATE TABLE secured (id int)",
            "INSERT INTO secured VALUES (1)",
            "ALTER TABLE secured ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY locking ON secured USING (pg_try_advisory_lock(51))",
            "CREATE TABLE tenants (tenant text)",
            "ALTER TABLE tenants ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY own ON tenants USING (tenant = current_setting('app.tenant', true))",
            "CREATE TABLE ranges (id int) PARTITION BY RANGE (id)",
            "CREATE TABLE range_1 PARTITION OF ranges FOR VALUES FROM (0) TO (10)",
            "CREATE FUNCTION planned() RETURNS bool IMMUTABLE LANGUAGE plpgsql AS"
                    + " 'BEGIN RETURN pg_try_advisory_lock(52); END'",
            "CREATE TABLE checked (id int) PARTITION BY RANGE (id)",
            "CREATE TABLE checked_1 PARTITION OF checked (CHECK (planned())) FOR VALUES FROM (0) TO (10)",
            "CREATE FUNCTION \"" + LONG_NAME + "\"() RETURNS bool LANGUAGE sql AS 'SELECT pg_try_advisory_lock(53)'",
            "CREATE FUNCTION \"ÄRGER\"() RETURNS bool LANGUAGE sql AS 'SELECT pg_try_advisory_lock(54)'",
            "CREATE FUNCTION reader_of_internals(text) RETURNS text LANGUAGE internal STRICT IMMUTABLE AS 'pg_read_file_all'",
            // What the planner runs instead, and what compares settings without showing them
            "CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2'",
            "CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = int, NEGATOR = !==)",
            "CREATE OPERATOR !== (FUNCTION = pg_try_advisory_lock, LEFTARG = int, RIGHTARG = int, NEGATOR = ===)",
            "CREATE TABLE guesses (name text, value text)",
            "INSERT INTO guesses VALUES ('data_directory', 'x')",
            "ALTER TABLE guesses ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY right_ones ON guesses USING (current_setting(name, true) <> value)",
            // Bodies that hide SQL or a call
            plpgsql("dynamic_return", "RETURN QUERY EXECUTE 'SELECT pg_try_advisory_lock(64)'"),
            plpgsql(
                    "dynamic_loop",
                    "FOR r IN EXECUTE 'SELECT pg_try_advisory_lock(65)' LOOP RETURN NEXT true; END LOOP"),
            plpgsql("dynamic_cursor", "OPEN c NO SCROLL FOR EXECUTE 'SELECT pg_try_advisory_lock(66)'; FETCH c INTO r"),
            plpgsql("labelled", "<<a>> BEGIN IF true THEN EXECUTE 'SELECT pg_try_advisory_lock(67)'; END IF; END"),
            plpgsql("asserting", "ASSERT pg_try_advisory_lock(68)"),
            plpgsql("raising", "RAISE DEBUG '%', pg_try_advisory_lock(69)"),
            plpgsql("exiting", "LOOP EXIT WHEN pg_try_advisory_lock(70); END LOOP"),
            plpgsql("subscripting", "a[pg_try_advisory_lock(71)::int] := 1"),
            plpgsql("by_attribute", "RETURN NEXT (72::bigint).pg_try_advisory_lock"),
            plpgsql("catching", "PERFORM 1 / 0; EXCEPTION WHEN others THEN PERFORM pg_try_advisory_lock(73)"),
            plpgsql("choosing", "CASE 1 WHEN 1 THEN COPY t TO PROGRAM 'cat'; ELSE NULL; END CASE"),
            plpgsql("bound_cursor", "OPEN b(74); FETCH b INTO r"),
            "CREATE FUNCTION bracketed() RETURNS bool LANGUAGE sql AS '(SELECT pg_try_advisory_lock(75))'",
            "CREATE FUNCTION with_common_table() RETURNS int LANGUAGE sql AS"
                    + " 'WITH x AS MATERIALIZED (SELECT pg_try_advisory_lock(76)) SELECT 1 FROM x'",
            "CREATE FUNCTION second_statement() RETURNS int LANGUAGE sql AS 'SELECT 1; LISTEN c; SELECT 2'",
            // Objects that look alike and are harmless
            "CREATE FUNCTION next_id() RETURNS int LANGUAGE sql AS 'SELECT nextval(''s'')::int'",
            "CREATE DOMAIN numbered AS int DEFAULT next_id()",
            "CREATE DOMAIN bounded AS text CHECK"
                    + " (length(VALUE) < coalesce(nullif(current_setting('app.most', true), ''), '10')::int)",
            "CREATE FUNCTION escaped() RETURNS text LANGUAGE plpgsql AS"
                    + " $$BEGIN RETURN E'it\\'s' || U&'\\0041' || (SELECT id::text AS U&\"d\\0061t\" FROM t LIMIT 1); END$$",
            "CREATE FUNCTION with_argument(execute int) RETURNS int LANGUAGE sql AS 'SELECT execute + 1'",
            "CREATE FUNCTION factorial_of(n int) RETURNS numeric LANGUAGE plpgsql AS"
                    + " 'BEGIN RETURN CASE WHEN n <= 1 THEN 1 ELSE n * factorial_of(n - 1) END; END'",
            "CREATE FUNCTION with_path() RETURNS int LANGUAGE sql SET search_path = public, pg_temp AS"
                    + " 'SELECT count(*)::int FROM t'",
            "CREATE AGGREGATE biggest(int) (SFUNC = int4larger, STYPE = int, SORTOP = >)",
            "CREATE OPERATOR +#+ (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)",
            "CREATE DOMAIN positive AS int CHECK (VALUE > 0 AND harmless(VALUE) > 0)",
            "CREATE SCHEMA other",
            "CREATE FUNCTION other.upper(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'",
            "CREATE VIEW chain_0 AS SELECT id FROM t",
            "CREATE ROLE reader LOGIN PASSWORD 'reader'",
            "GRANT USAGE ON SCHEMA api, impl, evil, other TO reader",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");

    private static String plpgsql(String name, String statements) {
        return "CREATE FUNCTION " + name + "() RETURNS SETOF bool LANGUAGE plpgsql STABLE AS $$DECLARE r record;"
                + " a int[]; c refcursor; b CURSOR (k int) FOR SELECT pg_try_advisory_lock(k); BEGIN " + statements
                + "; END$$";
    }

    /** Statements that create a chain of views. */
    static List<String> chain() {
        return IntStream.rangeClosed(1, 12)
                .mapToObj(i -> "CREATE VIEW chain_" + i + " AS SELECT * FROM chain_" + (i - 1))
                .toList();
    }

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
                "CREATE EXTENSION pgcrypto",
                "CREATE EXTENSION isn",
                "CREATE EXTENSION tablefunc",
                "CREATE TABLE with_foreign_part (id int) PARTITION BY LIST (id)",
                "CREATE TABLE with_inner_part PARTITION OF with_foreign_part FOR VALUES IN (1) PARTITION BY LIST (id)",
                "CREATE FOREIGN TABLE foreign_part PARTITION OF with_inner_part FOR VALUES IN (1) SERVER elsewhere",
                "CREATE TABLE with_heir (line text)",
                "CREATE FOREIGN TABLE heir () INHERITS (with_heir) SERVER files OPTIONS (filename '" + secretFile
                        + "')",
                "CREATE VIEW over_heir AS SELECT * FROM with_heir",
                "CREATE FUNCTION over_file() RETURNS SETOF text LANGUAGE sql STABLE AS 'SELECT line FROM file_table'",
                "CREATE TABLE file_programs (time timestamptz, symbol text)",
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
