package io.qicore.mcp.timescale.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.timescale.TimescaleMCPServer;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.timescale.attack.AttackTarget.Role;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guard finds without being named in the statement, at every tool that reads a relation, and for how long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogGuardIT {

    private EmbeddedTarget target;

    @BeforeAll
    void start() throws Exception {
        target = new EmbeddedTarget();
        String program = "(time timestamptz, symbol text, price float8, volume float8)";
        target.execute(List.of(
                "CREATE TABLE ticks " + program,
                "INSERT INTO ticks VALUES (now(), 'A', 1, 1)",
                "CREATE VIEW good_ticks AS SELECT * FROM ticks WHERE upper(symbol) = symbol",
                "CREATE FOREIGN TABLE program_ticks " + program + " SERVER files OPTIONS (program 'echo "
                        + Fixture.SECRET + " > " + target.writableFolder() + "/pwned; true')",
                "CREATE VIEW file_ticks AS SELECT now() AS time, pg_read_file('" + target.writableFolder()
                        + "/secret') AS symbol, 1::float8 AS price, 1::float8 AS volume",
                "CREATE TABLE part_ticks " + program + " PARTITION BY LIST (symbol)",
                "CREATE FOREIGN TABLE part_ticks_a PARTITION OF part_ticks FOR VALUES IN ('A') SERVER files OPTIONS"
                        + " (filename '/dev/null')",
                "CREATE FUNCTION sly(text) RETURNS int LANGUAGE sql IMMUTABLE AS"
                        + " 'SELECT CASE WHEN pg_try_advisory_lock(60) THEN 1 END'"));
    }

    @AfterAll
    void stop() throws Exception {
        target.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"program_ticks", "file_ticks", "part_ticks", "public.program_ticks"})
    void toolsThatReadARelation_refuseWhatReachesOutside(String table) throws Exception {
        String world = target.world();
        withServer(TimescalePolicy.defaults(), client -> {
            for (var call : readingCalls(table).entrySet()) {
                assertThatThrownBy(() -> client.call(call.getKey(), call.getValue()))
                        .as(call.getKey())
                        .isInstanceOfSatisfying(
                                MCPToolError.class, e -> assertThat(e.code()).isEqualTo("STATEMENT_NOT_ALLOWED"))
                        .hasMessageNotContaining(Fixture.SECRET);
            }
        });
        assertThat(target.world()).isEqualTo(world);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticks", "good_ticks"})
    void toolsThatReadARelation_readTablesAndHarmlessViews(String table) throws Exception {
        withServer(TimescalePolicy.defaults(), client -> readingCalls(table)
                .forEach((tool, arguments) -> assertThatCode(() -> client.call(tool, arguments))
                        .as(tool)
                        .doesNotThrowAnyException()));
    }

    /** Casts, domains and the rest apply to any value, so they are examined for every statement. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE CAST (text AS int) WITH FUNCTION sly(text) AS ASSIGNMENT; DROP CAST (text AS int)",
                "CREATE CAST (text AS bytea) WITH FUNCTION pg_read_binary_file(text); DROP CAST (text AS bytea)",
                "CREATE DOMAIN sly_domain AS text CHECK (sly(VALUE) = 1); DROP DOMAIN sly_domain",
                "CREATE DOMAIN guess AS text CHECK (current_setting(VALUE, true) IS NULL); DROP DOMAIN guess",
                "CREATE DOMAIN slow_domain AS float8 CHECK (pg_sleep(VALUE) IS NOT NULL); DROP DOMAIN slow_domain",
                "CREATE TYPE pair AS (a int); CREATE FUNCTION hash_pair(pair) RETURNS int LANGUAGE sql IMMUTABLE AS"
                        + " 'SELECT sly(''x'')'; CREATE OPERATOR CLASS pairs DEFAULT FOR TYPE pair USING hash AS FUNCTION 1"
                        + " hash_pair(pair); DROP TYPE pair CASCADE"
            })
    void whatRunsWithoutBeingNamed_isExaminedForEveryStatement(String statements) throws Exception {
        String[] parts = statements.split("; ");
        target.execute(List.of(parts).subList(0, parts.length - 1));
        try {
            withServer(TimescalePolicy.defaults(), client -> assertThatThrownBy(
                            () -> client.call("query", Map.of("sql", "SELECT id, 'x' FROM t")))
                    .hasMessageContainingAll("refused: every statement is", "cast, domain, operator class or type"));
        } finally {
            target.execute(List.of(parts[parts.length - 1]));
        }
        withServer(TimescalePolicy.defaults(), client -> assertThatCode(
                        () -> client.call("query", Map.of("sql", "SELECT id, 'x' FROM t")))
                .doesNotThrowAnyException());
    }

    @ParameterizedTest
    @CsvSource({
        "SELECT * FROM nested_view, public.nested_view",
        "SELECT nested_locking(), public.nested_locking",
        "SELECT locker(id) FROM t, public.locker",
        "SELECT * FROM secured, public.secured",
    })
    void refusalOfWhatTheStatementDoesNotName_namesWhatLeadsThere(String sql, String beginning) throws Exception {
        withServer(
                TimescalePolicy.defaults(), client -> assertThatThrownBy(() -> client.call("query", Map.of("sql", sql)))
                        .hasMessageContaining("(behind '" + beginning + "')"));
    }

    /** The owner of a database can rename a language that a trusted extension brought, and so its functions. */
    @Test
    void functionInALanguageThatIsOnlyNamedPlpgsql_isRefused() throws Exception {
        target.execute(List.of(
                "ALTER LANGUAGE plpgsql RENAME TO renamed",
                "CREATE FUNCTION other_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql',"
                        + " 'plpgsql_inline_handler'",
                "CREATE LANGUAGE plpgsql HANDLER other_handler",
                "CREATE FUNCTION polyglot() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'"));
        try {
            withServer(TimescalePolicy.defaults(), client -> {
                assertThatThrownBy(() -> client.call("query", Map.of("sql", "SELECT polyglot()")))
                        .hasMessageContaining("another language");
                assertThatCode(() -> client.call("query", Map.of("sql", "SELECT factorial_of(3)")))
                        .doesNotThrowAnyException();
            });
        } finally {
            target.execute(List.of(
                    "DROP FUNCTION polyglot()",
                    "DROP LANGUAGE plpgsql",
                    "DROP FUNCTION other_handler()",
                    "ALTER LANGUAGE renamed RENAME TO plpgsql"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg_roles", "pg_user"})
    void settingsOfRoles_areNotShown_ifTheyMayHoldSecrets(String relation) throws Exception {
        Map<String, Object> statement = Map.of("sql", "SELECT * FROM " + relation);
        target.execute(List.of("ALTER ROLE reader SET app.token = 'x'"));
        try {
            withServer(TimescalePolicy.defaults(), client -> assertThatThrownBy(() -> client.call("query", statement))
                    .hasMessageContaining("settings of roles"));
        } finally {
            target.execute(List.of("ALTER ROLE reader RESET app.token", "ALTER ROLE reader SET work_mem = '5MB'"));
        }
        withServer(TimescalePolicy.defaults(), client -> assertThatCode(() -> client.call("query", statement))
                .doesNotThrowAnyException());
    }

    @Test
    void functionBehindAParameter_isRefused() throws Exception {
        Map<String, Object> statement =
                Map.of("sql", "SELECT :p.pg_read_file", "parameters", Map.of("p", target.writableFolder() + "/secret"));
        withServer(TimescalePolicy.defaults(), client -> assertThat(isRefused(client, statement))
                .isTrue());
    }

    @Test
    void schemaBeforePgCatalog_isRefused() throws Exception {
        try (HikariDataSource source = source("SET search_path = evil, pg_catalog, public")) {
            withServer(source, TimescalePolicy.defaults(), client -> assertThatThrownBy(
                            () -> client.call("query", Map.of("sql", "SELECT upper('x') FROM t")))
                    .hasMessageContaining("search_path"));
        }
    }

    /** A verdict holds for a few seconds, but only on the search path for which it was found. */
    @Test
    void verdict_endsWithItsTimeAndItsSearchPath() throws Exception {
        target.execute(List.of("CREATE FUNCTION changing() RETURNS bool LANGUAGE sql STABLE AS 'SELECT true'"));
        Map<String, Object> statement = Map.of("sql", "SELECT changing()");
        try (HikariDataSource source = source("SELECT 1")) {
            withServer(source, TimescalePolicy.defaults(), client -> {
                client.call("query", statement);
                run(
                        source,
                        "CREATE FUNCTION evil.changing() RETURNS bool LANGUAGE sql STABLE AS"
                                + " 'SELECT pg_try_advisory_lock(61)'; SET search_path = evil, public");
                assertThatThrownBy(() -> client.call("query", statement)).hasMessageContaining("pg_try_advisory_lock");
                run(source, "RESET search_path");
                client.call("query", statement);
                run(
                        source,
                        "CREATE OR REPLACE FUNCTION changing() RETURNS bool LANGUAGE sql STABLE AS"
                                + " 'SELECT pg_try_advisory_lock(61)'");
                Instant end = Instant.now().plus(Duration.ofSeconds(15));
                boolean refused = false;
                while (!refused && Instant.now().isBefore(end)) {
                    refused = isRefused(client, statement);
                }
                assertThat(refused).isTrue();
                run(source, "SELECT pg_advisory_unlock_all()");
            });
        }
    }

    @Test
    void attributeOfAParameter_isACall() throws Exception {
        withServer(TimescalePolicy.defaults(), client -> assertThatThrownBy(() -> client.call(
                        "query",
                        Map.of(
                                "sql",
                                "SELECT (:p::text).pg_read_file",
                                "parameters",
                                Map.of("p", target.writableFolder() + "/secret"))))
                .hasMessageContaining("pg_read_file")
                .hasMessageContaining("refused"));
    }

    @Test
    void operator_canTrustObjectsAndSettings() throws Exception {
        TimescalePolicy policy = TimescalePolicy.builder()
                .trustedObjects("public.locking_view", "public.file_t*")
                .readableSettings("App.*")
                .build();
        withServer(policy, client -> {
            client.call("query", Map.of("sql", "SELECT count(*) FROM file_table"));
            client.call("query", Map.of("sql", "SELECT current_setting('app.secret', true)"));
            client.call("query", Map.of("sql", "SELECT * FROM secret_view"));
            assertThatThrownBy(() -> client.call("query", Map.of("sql", "SELECT * FROM remote_table")))
                    .hasMessageContaining("foreign table");
            assertThatThrownBy(
                            () -> client.call("query", Map.of("sql", "SELECT current_setting('other.secret', true)")))
                    .hasMessageContaining("TIMESCALE_READABLE_SETTINGS");
        });
    }

    private static Map<String, Map<String, Object>> readingCalls(String table) {
        return Map.of(
                "get_latest", Map.of("table", table, "groupBy", "symbol"),
                "get_time_buckets",
                        Map.of("table", table, "interval", "1h", "from", "1d", "aggregates", List.of("avg(price)")),
                "get_candlesticks", Map.of("table", table, "symbol", "A", "interval", "1h", "from", "1d"),
                "get_ingest_health", Map.of("table", table, "groupBy", "symbol"));
    }

    private void withServer(TimescalePolicy policy, Consumer<MCPClient> test) throws Exception {
        withServer(target.source(Role.SUPERUSER), policy, test);
    }

    private static void withServer(DataSource source, TimescalePolicy policy, Consumer<MCPClient> test)
            throws Exception {
        TimescaleOptions options = TimescaleOptions.builder()
                .policy(policy)
                .roleCheck(RoleCheckMode.OFF)
                .build();
        try (TimescaleMCPServer server = new TimescaleMCPServer(source, options)) {
            server.initialize();
            test.accept(MCPClient.inProcess(server));
        }
    }

    private HikariDataSource source(String atConnect) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(target.jdbcUrl());
        config.setUsername("postgres");
        config.setMaximumPoolSize(1);
        config.setConnectionInitSql(atConnect);
        return new HikariDataSource(config);
    }

    private static void run(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRefused(MCPClient client, Map<String, Object> arguments) {
        try {
            client.call("query", arguments);
            return false;
        } catch (MCPToolError e) {
            return e.code().equals("STATEMENT_NOT_ALLOWED");
        }
    }
}
