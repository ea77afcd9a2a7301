package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE prices (time timestamptz NOT NULL, symbol text NOT NULL, price numeric, tags text[],"
                        + " doc jsonb)",
                "INSERT INTO prices VALUES ('2026-01-01 10:00+00', 'BTC', 42000.50, '{a,NULL,\"b c\"}', '{\"k\": [1, null]}'),"
                        + " ('2026-01-01 11:00+00', 'ETH', NULL, NULL, NULL)",
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE TABLE t (id int)");
    }

    @Test
    void result_isCompactAndKeepsNulls() throws Exception {
        assertThat(world.query("SELECT * FROM prices ORDER BY time;")).isEqualTo(json("""
                {'columns': [
                  {'name': 'time', 'type': 'timestamp with time zone'}, {'name': 'symbol', 'type': 'text'},
                  {'name': 'price', 'type': 'numeric'}, {'name': 'tags', 'type': 'text[]'},
                  {'name': 'doc', 'type': 'jsonb'}],
                 'rows': [
                  ['2026-01-01T10:00:00Z', 'BTC', 42000.5, ['a', null, 'b c'], {'k': [1, null]}],
                  ['2026-01-01T11:00:00Z', 'ETH', null, null, null]],
                 'rowCount': 2, 'truncated': false}"""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "9223372036854775807::int8                   | '9223372036854775807'",
                "9007199254740991::int8                      | 9007199254740991",
                "100::numeric                                | 100",
                "0.1::numeric                                | 0.1",
                "123456789012.345::numeric                   | 123456789012.345",
                "12345678901234567890.5::numeric             | '12345678901234567890.5'",
                "'NaN'::numeric                              | 'NaN'",
                "'NaN'::float8                               | 'NaN'",
                "'-Infinity'::float8                         | '-Infinity'",
                "1.5e300::float8                             | 1.5E300",
                "0.1::float4                                 | 0.1",
                "true                                        | true",
                "'2026-01-01 12:00:00.123456+02'::timestamptz| '2026-01-01T10:00:00.123456Z'",
                "'infinity'::timestamptz                     | 'infinity'",
                "'12000-01-01 00:00+00'::timestamptz         | '12000-01-01T00:00:00Z'",
                "'2026-01-01 12:00'::timestamp               | '2026-01-01T12:00:00'",
                "'2026-01-31'::date                          | '2026-01-31'",
                "'12:30'::time                               | '12:30:00'",
                "'1 day 2 hours'::interval                   | 'P1DT2H'",
                "'\\xDEADBEEF'::bytea                        | '3q2+7w=='",
                "'8d3e2a30-0000-4000-8000-000000000001'::uuid| '8d3e2a30-0000-4000-8000-000000000001'",
                "'{\"a\": 1.50, \"b\": null}'::json          | {'a': 1.50, 'b': null}",
                "'[1, {\"b\": null}]'::jsonb                 | [1, {'b': null}]",
                "'{{1,2},{3,NULL}}'::int[]                   | [[1, 2], [3, null]]",
                "ARRAY['2026-01-01 00:00+00'::timestamptz]   | ['2026-01-01T00:00:00Z']",
                "ROW(1, 'x')                                 | {'f1': 1, 'f2': 'x'}",
                "'happy'::mood                               | 'happy'",
                "'10.0.0.1'::inet                            | '10.0.0.1'",
                "int4range(1, 5)                             | '[1,5)'",
                "NULL::int                                   | null",
                "''                                          | ''",
                "current_setting('TimeZone')                 | 'UTC'"
            })
    void value_isConvertedToJsonWithoutLoss(String expression, String expected) throws Exception {
        JsonNode cell = world.cell("SELECT " + expression);
        JsonNode wanted = json(expected);
        if (wanted.isNumber()) {
            assertThat(cell.isNumber()).isTrue();
            assertThat(cell.decimalValue()).isEqualByComparingTo(wanted.decimalValue());
        } else {
            assertThat(cell).hasToString(wanted.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ';' AS semi, $q$;$q$, 1 AS \";\"",
                "SELECT $tag$ ; DROP TABLE t; $tag$",
                "SELECT $a$ $b$ ; $a$",
                "SELECT U&'!003B' UESCAPE '!'",
                "SELECT e'\\';'",
                "SELECT 'a'\n'b;c'",
                "SELECT 1 AS \"a\"\"b;\"",
                "SELECT 1 AS a$$",
                "TABLE t",
                "VALUES (1),(2)",
                "(SELECT 1) UNION ALL (SELECT 2) ORDER BY 1",
                "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT * FROM r",
                "SELECT 1 AS a, 2 AS a",
                "SELECT '{\"a\": 1}'::jsonb ? 'a', '{\"a\": 1}'::jsonb ?| array['a', 'b']",
                "SELECT id FROM t FETCH FIRST 3 ROWS ONLY",
                "SELECT 1;",
                "SELECT 1;--",
                "SELECT 1; -- x",
                "SELECT 1 /* ; */ ;",
                "-- leading\nSELECT 1",
                "SELECT 1 -- trailing",
                "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FROM prices",
                "SELECT (ARRAY[1,2,3])[1:2], (ARRAY[1,2,3])[2]",
                "SELECT 'update', 1 AS lock, 2 AS set, 3 AS copy, 4 AS do",
                "WITH x AS (SELECT 1 AS update) SELECT update FROM x",
                "SELECT 1 AS into",
                "SELECT $${fn now()}$$, '{d}'",
                "SELECT * FROM prices, LATERAL unnest(tags) AS tag",
                "SELECT e'\\\\', ';', '\\'"
            })
    void readingStatement_isAccepted(String sql) {
        assertThat(world.query(sql).path("rowCount").isInt()).isTrue();
    }

    @Test
    void serialColumn_isAnInteger() throws Exception {
        world.database.execute(
                "CREATE TABLE counted (id bigserial, small smallserial)", "INSERT INTO counted DEFAULT VALUES");
        assertThat(world.query("SELECT * FROM counted"))
                .isEqualTo(json("{'columns': [{'name': 'id', 'type': 'bigint'}, {'name': 'small', 'type': 'smallint'}],"
                        + " 'rows': [[1, 1]], 'rowCount': 1, 'truncated': false}"));
    }

    /** A single time is read from its microseconds, one in an array from the text that PostgreSQL writes. */
    @Test
    void time_isWrittenAsPostgresWritesIt() {
        String sql = "WITH edges AS (SELECT unnest(ARRAY['infinity', '-infinity', '4713-11-24 00:00 BC', '294276-12-31"
                + " 23:59:59.999999', '0001-12-31 23:59:59.999999 BC', '0001-01-01 00:00', '9999-12-31 23:59:59.999999',"
                + " '10000-01-01', '1999-12-31 23:59:59.999999', '2000-01-01', '2000-01-01 00:00:00.000001', '1970-01-01',"
                + " '2024-02-29 12:30:00.5', '1883-11-18 12:00', '1582-10-04', '1582-10-15']::timestamptz[]) AS t),"
                + " many AS (SELECT '4713-11-24 00:00 BC'::timestamptz + i * interval '2190 days 07:11:13.000137' AS t"
                + " FROM generate_series(1, 900) i) SELECT t, ARRAY[t] AS text FROM (TABLE edges UNION ALL TABLE many) AS a";
        JsonNode rows = world.call("query", Map.of("sql", sql, "maxRows", 1000)).path("rows");
        assertThat(rows).hasSize(916).allSatisfy(row -> assertThat(row.path(0))
                .isEqualTo(row.path(1).path(0)));
        assertThat(rows.toString()).contains("\"4713-11-24T00:00:00Z BC\"", "\"294276-12-31T23:59:59.999999Z\"");
    }

    @Test
    void statement_doesNotLeavePreparedStatements() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(world.database.jdbcUrl());
        config.setUsername(world.database.postgres().username());
        config.setPassword(world.database.postgres().password());
        config.setMaximumPoolSize(1);
        try (HikariDataSource session = new HikariDataSource(config);
                TimescaleMCPServer server = new TimescaleMCPServer(session, TimescaleWorld.OPTIONS)) {
            server.initialize();
            for (int i = 0; i < 10; i++) {
                Tools.call(server, "query", Map.of("sql", "SELECT symbol, price FROM prices"));
                Tools.call(server, "list_tables", Map.of());
            }
            try (Connection connection = session.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet count = statement.executeQuery("SELECT count(*) FROM pg_prepared_statements")) {
                count.next();
                assertThat(count.getInt(1)).isZero();
            }
        }
    }

    @Test
    void parameters_takeTheTypeOfTheirPosition() throws Exception {
        assertThat(rows(
                        "SELECT symbol FROM prices WHERE time >= :from AND symbol = ANY(:symbols) AND price > :price LIMIT :n",
                        Map.of(
                                "from",
                                "2026-01-01T10:00:00Z",
                                "symbols",
                                List.of("BTC", "x\"y\\,{}"),
                                "price",
                                1.5,
                                "n",
                                5)))
                .isEqualTo(json("[['BTC']]"));
        assertThat(rows(
                        "SELECT :doc::jsonb -> 'a', :flag::bool, :list::int[], '{\"k\":1}'::jsonb ? :key",
                        Map.of("doc", Map.of("a", List.of(1)), "flag", true, "list", List.of(1, 2), "key", "k")))
                .isEqualTo(json("[[[1], true, [1, 2], true]]"));
    }

    @Test
    void parameterThatIsNull_isSqlNull() throws Exception {
        Map<String, Object> values = new HashMap<>();
        values.put("x", null);
        values.put("list", Arrays.asList("a", null));
        assertThat(rows("SELECT :x::int IS NULL, :list::text[]", values)).isEqualTo(json("[[true, ['a', null]]]"));
    }

    @Test
    void parameterThatLooksLikeSql_isAValue() throws Exception {
        assertThat(rows("SELECT symbol FROM prices WHERE symbol = :s", Map.of("s", "' OR 1=1; DROP TABLE t; --")))
                .isEmpty();
    }

    @Test
    void parameterMissingOrUnknown_isNamed() {
        assertThat(error("SELECT :a", Map.of()))
                .hasMessageContaining(":a")
                .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT));
        assertThat(error("SELECT 1", Map.of("b", 1)))
                .hasMessageContaining("'b'")
                .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT));
        assertThat(error("SELECT $1", Map.of()))
                .hasMessageContaining(":name")
                .matches(e -> e.is(TimescaleErrorCode.INVALID_SQL));
    }

    @Test
    void rowsBeyondMaxRows_areTruncated() {
        JsonNode all = world.call("query", Map.of("sql", "SELECT generate_series(1, 5)", "maxRows", 5));
        assertThat(all.path("rowCount").asInt()).isEqualTo(5);
        assertThat(all.path("truncated").asBoolean()).isFalse();
        JsonNode cut = world.call("query", Map.of("sql", "SELECT generate_series(1, 6) LIMIT 6", "maxRows", 5));
        assertThat(cut.path("rowCount").asInt()).isEqualTo(5);
        assertThat(cut.path("truncated").asBoolean()).isTrue();
        assertThat(world.query("SELECT generate_series(1, 1000)")
                        .path("rowCount")
                        .asInt())
                .isEqualTo(100);
    }

    @Test
    void rowsThatAreTooLargeTogether_areTruncated() {
        JsonNode result = world.call(
                "query", Map.of("sql", "SELECT repeat('x', 30000) FROM generate_series(1, 1000)", "maxRows", 1000));
        assertThat(result.path("rowCount").asInt()).isEqualTo(8);
        assertThat(result.path("truncated").asBoolean()).isTrue();
    }

    @Test
    void valueThatIsTooLarge_isRefused_withWhatToDoInstead() {
        for (String sql : List.of(
                "SELECT 1 AS a, repeat('x', 30000000) AS big",
                "SELECT 1 AS a, (10::numeric ^ 100000) AS big",
                "SELECT 1 AS a, convert_to(repeat('x', 1000000), 'UTF8') AS big",
                "SELECT 1 AS a, array_agg(i) AS big FROM generate_series(1, 100000) i")) {
            assertThat(error(sql, Map.of()))
                    .as(sql)
                    .matches(e -> e.is(TimescaleErrorCode.RESULT_TOO_LARGE))
                    .hasMessageContaining("'big'")
                    .hasMessageContaining("left(");
        }
    }

    @Test
    void manyWideColumns_areReadInParts_andAreComplete() {
        String columns = "repeat('x', 10), ".repeat(49) + "repeat('x', 10)";
        JsonNode result = world.call(
                "query", Map.of("sql", "SELECT " + columns + " FROM generate_series(1, 200)", "maxRows", 200));
        assertThat(result.path("rowCount").asInt()).isEqualTo(200);
        assertThat(result.path("truncated").asBoolean()).isFalse();
    }

    @Test
    void faultyStatement_isRefused_withThePositionOfTheError() {
        MCPToolError column = error("SELECT :a::int + :b::int, nosuch FROM prices", Map.of("a", 1, "b", 2));
        assertThat(column.is(TimescaleErrorCode.COLUMN_NOT_FOUND)).isTrue();
        assertThat(column.context())
                .containsEntry("sqlState", "42703")
                .containsEntry("stage", "prepare")
                .containsEntry("position", 27);
        assertThat(error("SELECT * FROM pricez", Map.of()))
                .matches(e -> e.is(TimescaleErrorCode.TABLE_NOT_FOUND))
                .hasMessageContaining("pricez")
                .matches(e -> e.context().get("position").equals(15));
        assertThat(error("SELECT 1 +", Map.of())).matches(e -> e.is(TimescaleErrorCode.INVALID_SQL));
        assertThat(error("SELECT 1 / (i - i) FROM generate_series(1, 9) i", Map.of()))
                .matches(e -> e.is(TimescaleErrorCode.INVALID_SQL))
                .hasMessageContaining("division by zero")
                .matches(e -> e.context().get("stage").equals("run"));
        assertThat(error("SELECT FROM t", Map.of())).matches(e -> e.is(TimescaleErrorCode.INVALID_SQL));
        assertThat(error("SELECT 1 = ?", Map.of())).matches(e -> e.is(TimescaleErrorCode.INVALID_SQL));
    }

    @Test
    void missingPrivilege_isNotAuthorized() throws Exception {
        world.database.execute(
                "CREATE ROLE reader LOGIN PASSWORD 'secret'",
                "CREATE TABLE hidden (x int)",
                "GRANT SELECT ON prices TO reader");
        try (var server = new TimescaleMCPServer(world.connection("reader", "secret"));
                var client = initialized(server)) {
            assertThat(client.call("query", Map.of("sql", "SELECT count(*) FROM prices"))
                            .path("rows")
                            .path(0)
                            .path(0)
                            .asInt())
                    .isEqualTo(2);
            assertThat(Tools.failure(client, "query", Map.of("sql", "TABLE hidden")))
                    .matches(e -> e.is(StandardErrorCode.NOT_AUTHORIZED))
                    .hasMessageContaining("hidden");
        }
    }

    private static MCPClient initialized(TimescaleMCPServer server) throws Exception {
        server.initialize();
        return MCPClient.inProcess(server);
    }

    private static JsonNode rows(String sql, Map<String, ?> parameters) {
        return world.call("query", Map.of("sql", sql, "parameters", parameters)).path("rows");
    }

    private static MCPToolError error(String sql, Map<String, ?> parameters) {
        return world.failure("query", Map.of("sql", sql, "parameters", parameters));
    }
}
