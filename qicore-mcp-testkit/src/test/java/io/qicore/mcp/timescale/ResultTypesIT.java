package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every type of the catalogue, with the extensions that PostgreSQL brings: alone, in an array, in a composite, and NULL. */
class ResultTypesIT {

    private static final List<String> EXTENSIONS =
            List.of("citext", "hstore", "ltree", "cube", "seg", "isn", "intarray", "pg_trgm", "btree_gist", "lo");

    /** A value of each type that has an input function for users; two where the form of the text differs. */
    private static final Map<String, List<String>> SAMPLES = samples();

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    private static final List<String> types = new ArrayList<>();

    @BeforeAll
    static void createTypes() throws Exception {
        for (String extension : EXTENSIONS) {
            world.database.execute("CREATE EXTENSION " + extension);
        }
        world.database.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'very happy')",
                "CREATE DOMAIN big AS int8",
                "CREATE DOMAIN bigs AS int8[]",
                "CREATE DOMAIN deep AS big",
                "CREATE TYPE pair AS (\"first One\" int8, at timestamptz, tags text[])",
                "CREATE TYPE nested AS (p pair, ps pair[])",
                "CREATE TYPE empty AS ()",
                "CREATE TYPE timerange AS RANGE (subtype = timestamptz, multirange_type_name = timeranges)");
        try (Connection connection = world.database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT CAST(t.oid AS regtype), t.typname FROM pg_type t LEFT JOIN"
                                + " pg_class c ON c.oid = t.typrelid WHERE t.typtype <> 'p' AND (t.typtype <> 'c' OR c.relkind = 'c') AND"
                                + " t.typnamespace NOT IN ('information_schema'::regnamespace, 'pg_toast'::regnamespace) AND NOT"
                                + " (t.typcategory = 'A' AND t.typname LIKE '\\_%') ORDER BY 1")) {
            while (result.next()) {
                types.add(result.getString(1));
            }
        }
        for (String type : types) {
            world.database.execute("CREATE TYPE " + holder(type) + " AS (v " + type + ")");
        }
    }

    @Test
    void everyType_hasTheSameJsonAlone_inArrays_andInComposites() throws Exception {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (String type : types) {
            for (String sample : SAMPLES.getOrDefault(type, List.of())) {
                String value = sample.startsWith("=")
                        ? sample.substring(1)
                        : "CAST('" + sample.replace("'", "''") + "' AS " + type + ")";
                if (isVectorOrArray(type)) {
                    // An array of arrays is one array.
                    JsonNode both =
                            row("SELECT v, CAST(ROW(v) AS " + holder(type) + ") FROM (SELECT " + value + ") AS s (v)");
                    if (!both.path(0).isArray() || !both.path(1).path("v").equals(both.path(0))) {
                        wrong.add(type + ": " + both);
                    }
                    continue;
                }
                JsonNode row = row("SELECT v, ARRAY[v, NULL], ARRAY[ARRAY[v], ARRAY[v]], CAST(ROW(v) AS " + holder(type)
                        + "), ARRAY[CAST(ROW(v) AS " + holder(type) + ")], CAST(NULL AS " + type + ") FROM (SELECT "
                        + value
                        + ") AS s (v)");
                JsonNode alone = row.path(0);
                String all = row.toString();
                String expected =
                        "[%1$s,[%1$s,null],[[%1$s],[%1$s]],{\"v\":%1$s},[{\"v\":%1$s}],null]".formatted(alone);
                if (!all.equals(expected) || alone.isNull()) {
                    wrong.add(type + ": " + all);
                }
                checked++;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThan(120);
    }

    @Test
    void everyType_hasASample_orCannotBeWritten() {
        List<String> missing = types.stream()
                .filter(type -> !SAMPLES.containsKey(type))
                .filter(type -> !type.matches(
                        // Internal forms of statistics, indexes and trees.
                        "pg_node_tree|pg_ndistinct|pg_dependencies|pg_mcv_list|pg_brin_.*|gtsvector|ghstore|gtrgm|gbtree.*|"
                                + "ltree_gist|ltxtquery_gist|intbig_gkey|h_.*"))
                .toList();
        assertThat(missing).isEmpty();
        for (String type : types) {
            assertThat(row("SELECT CAST(NULL AS " + type + ")").toString())
                    .as(type)
                    .isEqualTo("[null]");
        }
    }

    @Test
    void typesWithoutAFormOfTheirOwn_areTheTextOfPostgres() throws Exception {
        try (Connection connection = world.database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'iso_8601'");
            for (String type : types) {
                for (String sample : SAMPLES.getOrDefault(type, List.of())) {
                    if (sample.startsWith("=")) {
                        continue;
                    }
                    String value = "CAST('" + sample.replace("'", "''") + "' AS " + type + ")";
                    JsonNode cell = row("SELECT " + value).path(0);
                    try (ResultSet result = statement.executeQuery("SELECT format('%s', " + value + ")")) {
                        result.next();
                        if (cell.isTextual()
                                && !List.of(
                                                "bytea",
                                                "json",
                                                "jsonb",
                                                "timestamp with time zone",
                                                "timestamp without time zone")
                                        .contains(type)
                                && !type.matches("ts.*range|time.?range.*")) {
                            assertThat(cell.textValue()).as(type).isEqualTo(result.getString(1));
                        }
                    }
                }
            }
        }
    }

    @Test
    void partsOfComposites_areWrittenAsAlone() throws Exception {
        String pair = "CAST(ROW(9007199254740993, '2026-01-01 00:00+02', ARRAY['a,b', NULL, '\"x\\y\"']) AS pair)";
        JsonNode expected = json("{'first One': '9007199254740993', 'at': '2025-12-31T22:00:00Z'}");
        assertThat(row("SELECT " + pair).path(0).path("first One")).isEqualTo(expected.path("first One"));
        JsonNode nested = row("SELECT CAST(ROW(" + pair + ", ARRAY[" + pair + ", NULL]) AS nested)")
                .path(0);
        assertThat(nested.path("p").path("at")).isEqualTo(expected.path("at"));
        assertThat(nested.path("ps").path(0)).isEqualTo(nested.path("p"));
        assertThat(nested.path("ps").path(1).isNull()).isTrue();
        assertThat(nested.path("p").path("tags").toString()).isEqualTo("[\"a,b\",null,\"\\\"x\\\\y\\\"\"]");
        assertThat(row("SELECT CAST(ROW(NULL, NULL, NULL) AS pair), CAST(ROW() AS empty), CAST(NULL AS pair)"))
                .isEqualTo(json("[{'first One': null, 'at': null, 'tags': null}, {}, null]"));
        assertThat(row("SELECT ROW(1, 'x', 9007199254740993), ARRAY[ROW(1)]"))
                .isEqualTo(json("[{'f1': 1, 'f2': 'x', 'f3': '9007199254740993'}, [{'f1': 1}]]"));
    }

    @Test
    void valuesOfOneType_areTheSameInEveryPlace() {
        assertThat(
                        row("SELECT CAST(9007199254740993 AS int8), ARRAY[9007199254740993], '{\"a\":9007199254740993}'::jsonb,"
                                        + " '[0:0]={9007199254740993}'::int8[], CAST(9007199254740993 AS deep),"
                                        + " CAST(ARRAY[9007199254740993] AS bigs)")
                                .toString())
                .isEqualTo(
                        "[\"9007199254740993\",[\"9007199254740993\"],{\"a\":\"9007199254740993\"},[\"9007199254740993\"],"
                                + "\"9007199254740993\",[\"9007199254740993\"]]");
        assertThat(row("SELECT ARRAY[bytea '\\xDEADBEEF'], ARRAY[timestamptz '2026-01-01 00:00+00', 'infinity'],"
                                + " ARRAY[1.50, 'NaN'], tstzrange('2026-01-01', NULL), ARRAY[interval '1 day']")
                        .toString())
                .isEqualTo("[[\"3q2+7w==\"],[\"2026-01-01T00:00:00Z\",\"infinity\"],[1.5,\"NaN\"],"
                        + "\"[2026-01-01T00:00:00Z,)\",[\"P1D\"]]");
        assertThat(row("SELECT 'ab '::char(4), ARRAY['ab '::char(4)]").toString())
                .isEqualTo("[\"ab  \",[\"ab  \"]]");
    }

    @Test
    void jsonText_keepsDigitsAndOrder() {
        assertThat(text("SELECT '{\"z\": 1.10, \"a\": 1e5, \"n\": null}'::json AS v"))
                .contains("[[{\"z\":1.10,\"a\":1e5,\"n\":null}]]");
        assertThat(text("SELECT '{\"a\":1.10,\"a\":2}'::json AS v")).contains("[[\"{\\\"a\\\":1.10,\\\"a\\\":2}\"]]");
    }

    @Test
    void hugeNumbersOfJson_areNotExpanded() {
        JsonNode cell =
                row("SELECT ('[' || repeat('1e9999,', 4600) || '1]')::json").path(0);
        assertThat(cell).hasSize(4601);
        assertThat(cell.path(0).textValue()).isEqualTo("1e9999");
        JsonNode rows = world.query("SELECT ('[' || repeat('1e9999,', 4600) || '1]')::json FROM generate_series(1, 7)");
        assertThat(rows.path("truncated").asBoolean()).isTrue();
        assertThat(rows.toString().length()).isLessThan(300_000);
    }

    @Test
    void result_matchesItsSchema() {
        MCPTool query = tool();
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(query.outputSchema());
        for (String sql :
                List.of("SELECT 1 WHERE false", "SELECT 1, NULL, ARRAY[1], ROW(1), '{}'::json", "VALUES (1), (2)")) {
            assertThat(schema.validate(world.query(sql))).as(sql).isEmpty();
        }
        JsonNode page =
                world.call("query", Map.of("sql", "VALUES (1), (2)", "maxRows", 1, "pageBy", List.of("column1")));
        assertThat(page.has("nextCursor")).isTrue();
        assertThat(schema.validate(page)).isEmpty();
    }

    @Test
    void schemaOfTheResult_saysHowEachKindOfTypeIsWritten() {
        String meaning = tool().outputSchema()
                .path("properties")
                .path("rows")
                .path("description")
                .asText();
        assertThat(meaning)
                .contains(
                        "2^53-1",
                        "15 digits",
                        "NaN",
                        "timestamp with time zone",
                        "infinity",
                        "interval",
                        "bytea",
                        "Arrays")
                .contains("composite", "json", "oid", "enums", "ranges", "NULL", "hstore");
    }

    private static boolean isVectorOrArray(String type) {
        return type.endsWith("vector") && !type.equals("tsvector") || type.equals("bigs") || type.endsWith("[]");
    }

    private static String holder(String type) {
        return "h_" + type.replaceAll("\\W", "_");
    }

    private static JsonNode row(String sql) {
        return world.query(sql).path("rows").path(0);
    }

    private static String text(String sql) {
        MCPTool query = tool();
        ToolResult result = query.callAsync(
                        JsonNodeFactory.instance.objectNode().put("sql", sql),
                        RequestContext.ofTimeout(Duration.ofSeconds(10)))
                .toCompletableFuture()
                .join();
        return ((ToolResult.WrittenJson) ((ToolResult.Complete) result).structured()).text();
    }

    private static MCPTool tool() {
        return world.server.tools().stream()
                .filter(tool -> tool.name().equals("query"))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, List<String>> samples() {
        Map<String, List<String>> samples = new LinkedHashMap<>();
        String lines = """
                boolean¦true¦false
                bytea¦\\xDEADBEEF¦
                "char"¦x
                name¦a "b"
                bigint¦9223372036854775807¦-1
                smallint¦-5
                integer¦7
                text¦a,"b"\\{}()¦NULL¦
                oid¦4294967295
                tid¦(1,2)
                xid¦7
                cid¦7
                xid8¦12345678901234567890
                json¦{"a": 1.10, "b": [1, null]}¦"x"
                jsonb¦{"a": 12345678901234567890}¦1
                jsonpath¦$."a"
                xml¦<a b="1">x</a>
                real¦0.1¦NaN¦3.4e38
                double precision¦0.1¦-Infinity¦1e300¦1
                numeric¦1.50¦NaN¦12345678901234567890.5¦Infinity
                money¦1234.50
                point¦(1,2.5)
                line¦{1,2,3}
                lseg¦[(1,2),(3,4)]
                box¦(3,4),(1,2)
                path¦((1,2),(3,4))¦[(1,2)]
                polygon¦((1,2),(3,4))
                circle¦<(1,2),3>
                inet¦10.0.0.1¦10.0.0.0/8
                cidr¦10.0.0.0/8
                macaddr¦08:00:2b:01:02:03
                macaddr8¦08:00:2b:01:02:03:04:05
                bit¦1
                bit varying¦101
                uuid¦8d3e2a30-0000-4000-8000-000000000001
                date¦2026-01-31¦infinity¦0044-03-15 BC
                time without time zone¦12:30:00.5
                time with time zone¦12:30:00+02
                timestamp without time zone¦2026-01-01 12:00:00.123456¦infinity¦294276-12-31 23:59:59
                timestamp with time zone¦2026-01-01 12:00:00+02¦-infinity¦0044-03-15 00:00:00+00 BC¦294276-12-31 23:59:59+00
                interval¦1 day 2 hours¦-1 month
                character¦x
                character varying¦x y
                tsvector¦'a':1 'b':2
                tsquery¦'a' & 'b'
                refcursor¦c
                pg_lsn¦16/B374D848
                txid_snapshot¦10:20:10,14
                pg_snapshot¦10:20:10,14
                aclitem¦postgres=r/postgres
                regproc¦now
                regprocedure¦lower(text)
                regoper¦pg_catalog.||/
                regoperator¦+(integer,integer)
                regclass¦pg_class
                regtype¦integer
                regrole¦postgres
                regnamespace¦pg_catalog
                regconfig¦english
                regdictionary¦simple
                regcollation¦"C"
                int2vector¦1 2¦
                oidvector¦1 2
                int4range¦[1,5)¦empty
                int8range¦[1,9007199254740993)
                numrange¦[1.5,2)
                daterange¦[2026-01-01,2026-02-01)
                tsrange¦["2026-01-01 00:00:00","2026-01-02 00:00:00")
                tstzrange¦["2026-01-01 00:00:00+00",)
                int4multirange¦{[1,5),[7,9)}
                int8multirange¦{[1,5)}
                nummultirange¦{[1.5,2)}
                datemultirange¦{[2026-01-01,2026-02-01)}
                tsmultirange¦{["2026-01-01 00:00:00","2026-01-02 00:00:00")}
                tstzmultirange¦{["2026-01-01 00:00:00+00","2026-01-02 00:00:00+00")}
                citext¦Ab
                hstore¦"a"=>"1", "b"=>NULL
                ltree¦a.b
                lquery¦*.b
                ltxtquery¦a & b
                cube¦(1, 2),(3, 4)
                seg¦1 .. 2
                ean13¦978-0-393-04002-9
                isbn¦0-393-04002-X
                isbn13¦978-0-393-04002-9
                ismn¦M-2306-7118-7
                ismn13¦979-0-2306-7118-7
                issn¦1436-4522
                issn13¦977-1436-45200-8
                upc¦220356483481
                query_int¦1 & 2
                lo¦7
                mood¦very happy
                big¦9007199254740993
                deep¦9007199254740993
                bigs¦{9007199254740993,1}
                timerange¦["2026-01-01 00:00:00+00","2026-01-02 00:00:00+00")
                timeranges¦{["2026-01-01 00:00:00+00","2026-01-02 00:00:00+00")}
                pair¦(1,"2026-01-01 00:00:00+00","{a,NULL}")
                nested¦("(1,,)",{})
                empty¦()
                """;
        for (String line : lines.lines().toList()) {
            List<String> parts = List.of(line.split("¦", -1));
            samples.put(parts.get(0), parts.subList(1, parts.size()));
        }
        return samples;
    }
}
