package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.LimitedCaller;
import io.qicore.mcp.fixture.LimitedCaller.Forbidden;
import io.qicore.mcp.fixture.LimitedCaller.ToolCall;
import io.qicore.mcp.fixture.LimitedCaller.Values;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A caller that may use schema {@code a} learns nothing of schema {@code b-secret} and of the tables in {@code public}, and cannot
 * change them, on any way. The user of the server is a superuser, which is the worst case.
 */
class CallerSchemasIT {

    private static final String SECRET = "b-secret";
    private static final String VALUE = "s3cr3t-value";

    private static final Caller LIMITED =
            Caller.of("narrow").withLimits(Map.of(Caller.SCHEMAS, NamePatterns.of("schemas", List.of("a", "a_*"))));
    private static final Caller UNLIMITED = Caller.of("wide");

    private static final Map<String, Values> VALUES = new HashMap<>();

    static {
        VALUES.put("table", new Values("a.data", "b-secret.data", "b-nosuch.data"));
        VALUES.put("schema", new Values("a", SECRET, "b-nosuch"));
        VALUES.put("name", new Values("a.view", "b-secret.view", "b-nosuch.view"));
        VALUES.put("create_table.table", new Values("a.created", "b-secret.created", "b-nosuch.created"));
        VALUES.put("columns", Values.of(List.of(Map.of("name", "x", "type", "int"))));
        VALUES.put(
                "sql",
                new Values(
                        "SELECT * FROM a.through",
                        "SELECT * FROM \"b-secret\".data",
                        "SELECT * FROM \"b-nosuch\".data"));
        VALUES.put("timeColumn", Values.of("time"));
        VALUES.put("interval", Values.of("1h"));
        VALUES.put("width", Values.of("1h"));
        VALUES.put("chunkInterval", Values.of("1d"));
        VALUES.put("aggregates", Values.of(List.of("max(value)")));
        VALUES.put("values", Values.of(List.of("value")));
        VALUES.put("groupBy", Values.of("name"));
        VALUES.put("get_time_buckets.groupBy", Values.of(List.of("name")));
        VALUES.put("create_continuous_aggregate.groupBy", Values.of(List.of("name")));
        VALUES.put("price", Values.of("value"));
        VALUES.put("type", Values.of("retention"));
        VALUES.put("window", Values.of("1h"));
        VALUES.put("pid", Values.of(1));
        VALUES.put("jobId", Values.of(1));
        VALUES.put("from", Values.of("2026-01-01T00:00:00Z"));
        VALUES.put("to", Values.of("2026-01-02T00:00:00Z"));
        VALUES.put("enabled", Values.of(true));
        VALUES.put("olderThan", Values.of("1d"));
        VALUES.put("after", Values.of("1d"));
        VALUES.put("key", Values.of("name"));
    }

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared(
            "CREATE SCHEMA a",
            "CREATE SCHEMA \"b-secret\"",
            "CREATE TYPE \"b-secret\".mood AS ENUM ('" + VALUE + "', 'other')",
            "CREATE SEQUENCE \"b-secret\".numbers",
            "CREATE TABLE \"b-secret\".data (time timestamptz, name text, value float8, secret_column text, id int PRIMARY KEY)",
            "INSERT INTO \"b-secret\".data VALUES (now(), '" + VALUE + "', 42, '" + VALUE + "', 1)",
            "CREATE FUNCTION \"b-secret\".twice(x float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x'",
            "CREATE FUNCTION \"b-secret\".reads() RETURNS text LANGUAGE sql STABLE AS"
                    + " 'SELECT secret_column FROM \"b-secret\".data'",
            "CREATE FUNCTION \"b-secret\".changes() RETURNS int LANGUAGE sql SET statement_timeout = 0 AS 'SELECT 1'",
            "CREATE OPERATOR \"b-secret\".@@@ (FUNCTION = \"b-secret\".twice, RIGHTARG = float8)",
            "CREATE VIEW \"b-secret\".view AS SELECT * FROM \"b-secret\".data",
            "CREATE TABLE public.hidden (secret_column text)",
            "INSERT INTO public.hidden VALUES ('" + VALUE + "')",
            "CREATE TABLE a.data (time timestamptz DEFAULT now(), name text, value float8"
                    + " CHECK (\"b-secret\".twice(value) < 1000), number int DEFAULT nextval('\"b-secret\".numbers'),"
                    + " mood \"b-secret\".mood, id int REFERENCES \"b-secret\".data (id))",
            "CREATE INDEX ON a.data (\"b-secret\".twice(value))",
            "COMMENT ON TABLE a.data IS 'made from \"b-secret\".data'",
            "INSERT INTO a.data VALUES ('2026-01-01 10:00Z', 'x', 1), ('2026-01-01 11:00Z', 'x', 2)",
            "CREATE VIEW a.through AS SELECT time, value FROM \"b-secret\".data",
            "CREATE VIEW a.changing AS SELECT \"b-secret\".changes()",
            "CREATE VIEW a.view AS SELECT 1 AS x",
            "CREATE VIEW a.typed AS SELECT mood FROM a.data",
            "CREATE ROLE limits_reader",
            "GRANT USAGE ON SCHEMA a TO limits_reader",
            "CREATE VIEW a.invoker WITH (security_invoker) AS SELECT value FROM \"b-secret\".data",
            "GRANT SELECT ON ALL TABLES IN SCHEMA a TO limits_reader");

    @AfterAll
    static void dropRole() throws Exception {
        world.database.execute("DROP OWNED BY limits_reader", "DROP ROLE limits_reader");
    }

    private static TimescaleMCPServer server;

    @BeforeAll
    static void start() throws Exception {
        // With the schemas on the search path, names without schema could mean what is hidden.
        var connection = world.connection();
        server = new TimescaleMCPServer(
                new TimescaleConnection(
                        world.database.jdbcUrl() + "?currentSchema=b-secret,public,a",
                        connection.user(),
                        connection.password()),
                TimescaleWorld.OPTIONS);
        server.initialize();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static LimitedCaller limited() {
        return new LimitedCaller(server, LIMITED);
    }

    private static String query(String sql) throws Exception {
        return limited().send(new ToolCall("query", Map.of("sql", sql)));
    }

    @Test
    void callsThatNameNothingHidden_showNothingHidden() throws Exception {
        for (ToolCall call : limited().harmless(VALUES)) {
            assertThat(limited().send(call)).as(call.toString()).doesNotContain(SECRET, "secret_column", VALUE);
        }
        world.database.execute("DROP TABLE IF EXISTS a.created");
    }

    @Test
    void sameCalls_showItToACallerWithoutLimits() throws Exception {
        LimitedCaller unlimited = new LimitedCaller(server, UNLIMITED);
        Set<String> telling = new TreeSet<>();
        for (ToolCall call : unlimited.harmless(VALUES)) {
            if (unlimited.send(call).contains(SECRET)) {
                telling.add(call.tool());
            }
        }
        world.database.execute("DROP TABLE IF EXISTS a.created");
        assertThat(telling).contains("list_schemas", "list_tables", "describe_table");
    }

    @Test
    void hiddenNames_areAnsweredLikeMissingOnes() throws Exception {
        for (Forbidden call : limited().forbidden(VALUES)) {
            String answer = limited().send(call.hidden());
            assertThat(answer.replace(SECRET, "b-nosuch"))
                    .as(call.hidden().toString())
                    .isEqualTo(limited().send(call.missing()));
            assertThat(answer).as(call.hidden().toString()).contains("\"isError\":true");
        }
        assertThat(world.database.fetch("SELECT count(*) FROM pg_tables WHERE schemaname = 'b-secret'"))
                .isEqualTo("1");
    }

    @Test
    void allowedSchema_canBeUsed() throws Exception {
        assertThat(query("SELECT count(*) FROM a.data")).contains("[[2]]");
        // Found on the rest of the search path, in which the hidden table of this name is not.
        assertThat(query("SELECT count(*), max(d.value), min(d.name) FROM data d"))
                .contains("[[2,2.0,\"x\"]]");
        // A view is a grant of its owner.
        assertThat(query("SELECT value FROM a.through")).contains("[[42.0]]");
        assertThat(query("WITH hidden AS (SELECT 1 AS data) SELECT hidden.data FROM hidden"))
                .contains("[[1]]");
        assertThat(query(
                        "SELECT d.time::date, extract(hour FROM d.time), d.name IS DISTINCT FROM d.name FROM a.data d"))
                .contains("2026-01-01");
        assertThat(query("SELECT to_char(sum(x), '99'), length(lower('A')) FROM generate_series(1, 3) AS g (x)"))
                .contains("6");
        try (MCPClient client = MCPClient.inProcess(server, LIMITED)) {
            assertThat(client.call("list_schemas", Map.of()).path("schemas")).hasSize(1);
            assertThat(client.call("describe_table", Map.of("table", "data"))
                            .path("schema")
                            .asText())
                    .isEqualTo("a");
            assertThat(client.call("query", Map.of("sql", "SELECT mood FROM a.typed", "pageBy", List.of("mood")))
                            .path("columns")
                            .path(0)
                            .path("type")
                            .asText())
                    .isEqualTo("(hidden)");
            assertThat(Tools.failure(client, "query", Map.of("sql", "SELECT 1 FROM nosuch")))
                    .hasMessageContaining("schemas a, a_*");
        }
    }

    /** Statements that would tell something of what is hidden. */
    static List<String> attacks() {
        return List.of(
                "SELECT * FROM \"b-secret\".data",
                "SELECT * FROM U&\"b\\002dsecret\".data",
                "TABLE \"b-secret\".data",
                "SELECT * FROM ONLY \"b-secret\".data",
                "SELECT * FROM (\"b-secret\".data CROSS JOIN a.data)",
                "SELECT (SELECT secret_column FROM \"b-secret\".data)",
                "SELECT * FROM a.data, \"b-secret\".data b",
                "SELECT * FROM a.data JOIN \"b-secret\".data b ON true",
                "SELECT * FROM a.data d, LATERAL (SELECT secret_column FROM \"b-secret\".data) x",
                "WITH x AS (SELECT * FROM \"b-secret\".data) SELECT * FROM x",
                "WITH data AS (SELECT 1) SELECT * FROM \"b-secret\".data",
                "WITH \"b-secret\" AS (SELECT 1) SELECT * FROM \"b-secret\".data",
                "SELECT * FROM \"b-secret\".view",
                "SELECT * FROM \"b-secret\".numbers",
                "SELECT last_value FROM \"b-secret\".numbers",
                "SELECT * FROM hidden",
                "SELECT * FROM public.hidden",
                "SELECT * FROM \"public\".\"hidden\"",
                "SELECT /* a */ * FROM public /* b */ . /* c */ hidden",
                "SELECT secret_column FROM public.hidden UNION ALL SELECT name FROM a.data",
                "SELECT name FROM a.data WHERE EXISTS (SELECT FROM public.hidden)",
                "SELECT name FROM a.data WHERE name IN (SELECT secret_column FROM public.hidden)",
                "SELECT array(SELECT secret_column FROM public.hidden)",
                "VALUES ((SELECT secret_column FROM public.hidden))",
                "SELECT * FROM ROWS FROM (generate_series(1, 2)) g, public.hidden",
                "SELECT \"b-secret\".twice(2)",
                "SELECT \"b-secret\".reads()",
                "SELECT reads()",
                "SELECT * FROM \"b-secret\".reads()",
                "SELECT * FROM reads()",
                "SELECT d.value FROM a.data d WHERE OPERATOR(\"b-secret\".@@@) d.value > 1",
                "SELECT @@@ value FROM a.data",
                "SELECT (1::float8).twice",
                "SELECT NULL::\"b-secret\".data",
                "SELECT (NULL::\"b-secret\".data).*",
                "SELECT (CAST(NULL AS \"b-secret\".data)).secret_column",
                "SELECT (NULL::hidden).*",
                "SELECT (NULL::public.hidden).*",
                "SELECT \"b-secret\".mood '" + VALUE + "'",
                "SELECT 'other'::\"b-secret\".mood",
                "SELECT enum_range(NULL::\"b-secret\".mood)",
                "SELECT enum_range(NULL::mood)",
                "SELECT ARRAY[]::\"b-secret\".mood[]",
                "SELECT * FROM jsonb_to_record('{}') AS t(c \"b-secret\".data)",
                "SELECT * FROM json_populate_record(NULL::\"b-secret\".data, '{}')",
                "SELECT * FROM json_populate_record(NULL::hidden, '{}')",
                "SELECT relname FROM pg_class",
                "SELECT relname FROM pg_catalog.pg_class",
                "SELECT nspname FROM pg_namespace",
                "SELECT * FROM pg_tables",
                "SELECT * FROM pg_stats",
                "SELECT count(*) FROM pg_stat_activity",
                "SELECT table_schema FROM information_schema.tables",
                "SELECT * FROM information_schema.schemata",
                "SELECT n::oid::regclass::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT n::oid::\"regclass\"::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT CAST(n::oid AS pg_catalog.regclass)::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT n::oid::U&\"regcl\\0061ss\"::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT n::oid::regtype::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT n::oid::regproc::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT n::oid::regnamespace::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT ('{' || string_agg(n::text, ',') || '}')::_regclass FROM generate_series(16384, 17000) AS g (n)",
                "SELECT regclass '16384'",
                "SELECT d.tableoid::regclass FROM a.data d",
                "SELECT \"regclass\"(n::oid::text) FROM generate_series(16384, 17000) AS g (n)",
                "SELECT format_type(n::oid, NULL) FROM generate_series(16384, 20000) AS g (n)",
                "SELECT pg_get_viewdef('a.through')",
                "SELECT pg_get_viewdef('a.through'::regclass)",
                "SELECT pg_describe_object(1259, n::oid, 0) FROM generate_series(16384, 20000) AS g (n)",
                "SELECT (pg_identify_object(1259, n::oid, 0)).schema FROM generate_series(16384, 20000) AS g (n)",
                "SELECT obj_description(n::oid, 'pg_class') FROM generate_series(16384, 20000) AS g (n)",
                "SELECT obj_description(n::oid) FROM generate_series(16384, 20000) AS g (n)",
                "SELECT n::oid::regdictionary::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT n::oid::regconfig::text FROM generate_series(16384, 20000) AS g (n)",
                "SELECT to_regtypemod('\"b-secret\".mood')",
                "SELECT to_regclass('b-secret.data')",
                "SELECT to_regclass('\"b-secret\".data')::text",
                "SELECT has_table_privilege('\"b-secret\".data', 'SELECT')",
                "SELECT has_schema_privilege('b-secret', 'USAGE')",
                "SELECT pg_relation_size('\"b-secret\".data')",
                "SELECT currval('\"b-secret\".numbers')",
                "SELECT nextval('\"b-secret\".numbers')",
                "SELECT query_to_xml('SELECT * FROM public.hidden', true, true, '')",
                "SELECT table_to_xml('public.hidden', true, true, '')",
                "SELECT schema_to_xml('b-secret', true, true, '')",
                "SELECT current_schemas(true)",
                "SELECT pg_typeof(mood) FROM a.data",
                "SELECT (mood).pg_typeof FROM a.data",
                "SELECT jsonb_populate_record(NULL::pg_type, jsonb_build_object('typinput', n))::text"
                        + " FROM generate_series(16384, 20000) AS g (n)",
                "SELECT jsonb_populate_record(NULL::pg_catalog.pg_aggregate, jsonb_build_object('aggfnoid', n))::text"
                        + " FROM generate_series(16384, 20000) AS g (n)",
                "SELECT pg_input_is_valid('\"b-secret\".data', 'regclass')",
                "SELECT 'x' COLLATE \"b-secret\".c",
                "SELECT ts_stat('SELECT secret_column::tsvector FROM public.hidden')",
                "SELECT * FROM a.changing",
                "SELECT data.secret_column FROM a.data",
                "SELECT data FROM data, hidden",
                "SELECT set_config('search_path', 'b-secret', false)",
                "SELECT current_setting('search_path')",
                "SELECT 1 FROM a.data WHERE 1 = (SELECT count(*) FROM hidden h)",
                "SELECT currtid2('hidden', '(0,1)')",
                "SELECT row_security_active('hidden')",
                "SELECT lo_get(16384)",
                "SELECT XMLSERIALIZE(CONTENT '<x/>'::xml AS \"b-secret\".mood)",
                "SELECT * FROM XMLTABLE('/a' PASSING '<a/>'::xml COLUMNS c \"b-secret\".mood PATH '.')");
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void attack_showsNothing(String sql) throws Exception {
        for (ToolCall call : List.of(
                new ToolCall("query", Map.of("sql", sql)),
                new ToolCall("query", Map.of("sql", sql, "pageBy", List.of("x"))),
                new ToolCall("explain_query", Map.of("sql", sql, "fullPlan", true)),
                new ToolCall("explain_query", Map.of("sql", sql, "analyze", true)))) {
            String answer = limited().send(call);
            // What the statement itself says may be repeated.
            String own = sql.contains(SECRET) ? "(?!x)x" : SECRET;
            assertThat(answer).as(call.toString()).doesNotContainPattern(own).doesNotContain("\"" + VALUE);
            if (!sql.contains("current_setting")) {
                assertThat(answer).as(call.toString()).contains("\"isError\":true");
            }
        }
    }

    /** Whether it exists makes no difference, in whatever order names come and whatever else is wrong. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM \"b-secret\".data",
                "SELECT nosuch FROM \"b-secret\".data",
                "SELECT nosuch, (SELECT 1 FROM \"b-secret\".data) FROM a.data",
                "SELECT 1 FROM a.nosuch, \"b-secret\".data",
                "SELECT 1 FROM \"b-secret\".data, a.nosuch",
                "SELECT \"b-secret\".reads()",
                "SELECT \"b-secret\".reads(1, 2)",
                "SELECT \"b-secret\".twice(1)",
                "SELECT NULL::\"b-secret\".mood",
                "SELECT 'x'::\"b-secret\".data",
                "SELECT OPERATOR(\"b-secret\".@@@) 1.0",
                "SELECT 'x' COLLATE \"b-secret\".c"
            })
    void existence_cannotBeTold(String sql) throws Exception {
        assertThat(query(sql).replace(SECRET, "b-nosuch"))
                .isEqualTo(query(sql.replace(SECRET, "b-nosuch")))
                .contains("\"isError\":true");
    }

    @Test
    void knowledgeOfOneCaller_isNotUsedForAnother() throws Exception {
        String sql = "SELECT secret_column FROM hidden";
        ToolCall call = new ToolCall("query", Map.of("sql", sql));
        LimitedCaller unlimited = new LimitedCaller(server, UNLIMITED);
        for (int round = 0; round < 3; round++) {
            assertThat(unlimited.send(call)).contains(VALUE);
            assertThat(limited().send(call)).contains("\"isError\":true").doesNotContain(VALUE);
        }
        // The same names mean another table for each of them.
        ToolCall count = new ToolCall("query", Map.of("sql", "SELECT count(*) FROM data"));
        for (int round = 0; round < 3; round++) {
            assertThat(limited().send(count)).contains("[[2]]");
            assertThat(unlimited.send(count)).contains("[[1]]");
        }
        // A refusal names what is behind a view only to those who may know it.
        ToolCall changing = new ToolCall("query", Map.of("sql", "SELECT * FROM a.changing"));
        assertThat(unlimited.send(changing)).contains("b-secret.changes");
        assertThat(limited().send(changing)).contains("\"isError\":true").doesNotContain(SECRET, "changes()");
        String cursor;
        try (MCPClient wide = MCPClient.inProcess(server, UNLIMITED)) {
            cursor = wide.call(
                            "query",
                            Map.of("sql", "SELECT value FROM a.data", "pageBy", List.of("value"), "maxRows", 1))
                    .path("nextCursor")
                    .asText();
        }
        assertThat(limited()
                        .send(new ToolCall(
                                "query",
                                Map.of(
                                        "sql",
                                        "SELECT value FROM hidden",
                                        "pageBy",
                                        List.of("value"),
                                        "maxRows",
                                        1,
                                        "cursor",
                                        cursor))))
                .contains("\"isError\":true");
    }

    @Test
    void deniedObjectBehindAView_isNotNamed() throws Exception {
        var connection = world.connection();
        try (var asReader = new TimescaleMCPServer(
                connection,
                TimescaleOptions.builder()
                        .roleCheck(RoleCheckMode.OFF)
                        .readRole("limits_reader")
                        .build())) {
            asReader.initialize();
            ToolCall call = new ToolCall("query", Map.of("sql", "SELECT * FROM a.invoker"));
            assertThat(new LimitedCaller(asReader, UNLIMITED).send(call)).contains("permission denied for table data");
            assertThat(new LimitedCaller(asReader, LIMITED).send(call))
                    .contains("NOT_AUTHORIZED")
                    .doesNotContain(SECRET, "table data");
        }
    }

    @Test
    void resourcesAndCompletions_showNothingHidden() throws Exception {
        for (String list : List.of("tools/list", "resources/list", "resources/templates/list", "prompts/list")) {
            assertThat(limited().send(list, Map.of())).as(list).doesNotContain(SECRET);
        }
        assertThat(limited()
                        .send("resources/read", Map.of("uri", "timescale://tables/b-secret.data"))
                        .replace(SECRET, "b-nosuch"))
                .isEqualTo(limited().send("resources/read", Map.of("uri", "timescale://tables/b-nosuch.data")))
                .contains("error");
        assertThat(limited().send("resources/read", Map.of("uri", "timescale://tables/a.data")))
                .contains("contents")
                .doesNotContain(SECRET);
        for (String variable : List.of("schema", "table")) {
            for (String typed : List.of("", "b", "h", "d")) {
                for (Map<String, Object> arguments :
                        List.of(Map.<String, Object>of(), Map.<String, Object>of("schema", SECRET))) {
                    Map<String, Object> completion = Map.of(
                            "ref",
                            Map.of("type", "ref/resource", "uri", "timescale://tables/{schema}.{table}"),
                            "argument",
                            Map.of("name", variable, "value", typed),
                            "context",
                            Map.of("arguments", arguments));
                    assertThat(limited().send("completion/complete", completion))
                            .as(completion.toString())
                            .doesNotContain(SECRET, "hidden");
                }
            }
        }
    }
}
