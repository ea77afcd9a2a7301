package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaToolsIT {

    private static final List<Map<String, Object>> CANDLE_COLUMNS = List.of(
            Map.of("name", "time", "type", "timestamptz", "nullable", false),
            Map.of("name", "symbol", "type", "text"),
            Map.of("name", "close", "type", "numeric(20, 8)"),
            Map.of("name", "tags", "type", "TEXT[]"));

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE SCHEMA market",
                "CREATE TABLE market.trades (id bigint GENERATED ALWAYS AS IDENTITY, time timestamptz NOT NULL DEFAULT now(),"
                        + " \"Odd Name\" text, PRIMARY KEY (time, id))",
                "CREATE UNIQUE INDEX trades_id ON market.trades (id)",
                "COMMENT ON TABLE market.trades IS 'every trade'",
                "COMMENT ON COLUMN market.trades.time IS 'when it happened'",
                "INSERT INTO market.trades (\"Odd Name\") SELECT 'x' FROM generate_series(1, 100)",
                "ANALYZE market.trades",
                "CREATE VIEW market.recent AS SELECT * FROM market.trades",
                "CREATE MATERIALIZED VIEW market.daily AS SELECT count(*) FROM market.trades",
                "CREATE TABLE market.parts (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE market.parts_1 PARTITION OF market.parts FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE \"Mixed\" (a int)",
                "CREATE TABLE mixed (b int)");
    }

    @Test
    void listTables_showsTypesRowsAndSizes_withoutPartitionsAndSystemTables() {
        JsonNode result = world.call("list_tables", Map.of("schema", "market"));
        List<String> tables = new ArrayList<>();
        result.path("tables")
                .forEach(table -> tables.add(
                        table.path("name").asText() + " " + table.path("type").asText()));
        assertThat(tables)
                .containsExactly("daily materialized view", "parts partitioned table", "recent view", "trades table");
        JsonNode trades = result.path("tables").path(3);
        assertThat(trades.path("schema").asText()).isEqualTo("market");
        assertThat(trades.path("estimatedRows").asLong()).isEqualTo(100);
        assertThat(trades.path("sizeBytes").asLong()).isGreaterThan(8000);
        assertThat(result.path("tables").path(2).has("sizeBytes")).isFalse();
        assertThat(result.path("truncated").asBoolean()).isFalse();
        world.call("list_tables", Map.of())
                .path("tables")
                .forEach(table -> assertThat(table.path("schema").asText()).isIn("market", "public"));
    }

    @Test
    void listTables_ofAnUnknownSchema_suggestsTheNearestName() {
        assertThat(world.failure("list_tables", Map.of("schema", "markt")))
                .matches(e -> e.is(TimescaleErrorCode.SCHEMA_NOT_FOUND))
                .hasMessageContaining("'market'");
    }

    @Test
    void describeTable_showsColumnsKeysAndIndexes() throws Exception {
        assertThat(world.call("describe_table", Map.of("table", "market.trades")))
                .isEqualTo(json("""
                {'schema': 'market', 'table': 'trades', 'type': 'table', 'comment': 'every trade',
                 'columns': [
                  {'name': 'id', 'type': 'bigint', 'nullable': false, 'defaultValue': 'generated as identity'},
                  {'name': 'time', 'type': 'timestamp with time zone', 'nullable': false, 'defaultValue': 'now()',
                   'comment': 'when it happened'},
                  {'name': 'Odd Name', 'type': 'text', 'nullable': true}],
                 'primaryKey': ['time', 'id'],
                 'constraints': [],
                 'indexes': [
                  {'name': 'trades_id', 'definition': 'CREATE UNIQUE INDEX trades_id ON market.trades USING btree (id)',
                   'unique': true},
                  {'name': 'trades_pkey',
                   'definition': 'CREATE UNIQUE INDEX trades_pkey ON market.trades USING btree (\\"time\\", id)',
                   'unique': true}]}"""));
    }

    @Test
    void describeTable_prefersTheExactNameToTheLowerCaseOne() {
        assertThat(describedColumn("Mixed")).isEqualTo("a");
        assertThat(describedColumn("\"Mixed\"")).isEqualTo("a");
        assertThat(describedColumn("mixed")).isEqualTo("b");
        assertThat(describedColumn("PUBLIC.MIXED")).isEqualTo("b");
    }

    @Test
    void unknownTable_isRefused_withTheNearestName() {
        assertThat(describeFailure("market.tradse"))
                .matches(e -> e.is(TimescaleErrorCode.TABLE_NOT_FOUND))
                .hasMessageContaining("'market.trades'");
        assertThat(describeFailure("trades")).hasMessageContaining("'market.trades'");
        assertThat(describeFailure("mixedd")).hasMessageContainingAll("Did you mean", "ixed'");
        assertThat(describeFailure("pg_catalog.pg_class")).matches(e -> e.is(TimescaleErrorCode.TABLE_NOT_FOUND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\"; DROP TABLE mixed", "a.b.c", "\"open", "a..b", ".", "m'); --", "\"\"", " "})
    void invalidTableName_isRefusedOrNotFound(String name) throws Exception {
        assertThat(describeFailure(name).code()).isIn("INVALID_ARGUMENT", "TABLE_NOT_FOUND");
        assertThat(world.database.fetch("SELECT count(*) FROM mixed")).isEqualTo("0");
    }

    @Test
    void createTable_createsTheTableOnce() throws Exception {
        Map<String, Object> table =
                Map.of("table", "market.Candles", "columns", CANDLE_COLUMNS, "primaryKey", List.of("symbol", "time"));
        assertThat(world.call("create_table", table))
                .isEqualTo(json("{'success': true, 'schema': 'market', 'table': 'candles', 'created': true}"));
        JsonNode described = world.call("describe_table", Map.of("table", "market.candles"));
        assertThat(described.path("primaryKey")).isEqualTo(json("['symbol', 'time']"));
        assertThat(described.path("columns").path(2).path("type").asText()).isEqualTo("numeric(20,8)");
        assertThat(described.path("columns").path(3).path("type").asText()).isEqualTo("text[]");

        assertThat(world.failure("create_table", table))
                .matches(e -> e.is(TimescaleErrorCode.TABLE_EXISTS))
                .hasMessageContaining("market.candles");
        assertThat(world.call(
                                "create_table",
                                Map.of("table", "market.candles", "columns", CANDLE_COLUMNS, "ifNotExists", true))
                        .path("created")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void createTable_refusesInvalidNamesAndTypes() throws Exception {
        for (String name : List.of("x\"y", "1st", "a b", "drop table;", "é", "x".repeat(64))) {
            assertThat(create(name, "a", "int").code()).as(name).isEqualTo("INVALID_ARGUMENT");
            assertThat(create("ok", name, "int").code()).as(name).isEqualTo("INVALID_ARGUMENT");
        }
        for (String type : List.of(
                "int); DROP TABLE mixed; --",
                "serial",
                "money",
                "int(3)",
                "varchar(0)",
                "int DEFAULT 1",
                "numeric(3,9)")) {
            assertThat(create("ok", "a", type)).as(type).matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT));
        }
        assertThat(create("nosuch.x", "a", "int")).matches(e -> e.is(TimescaleErrorCode.SCHEMA_NOT_FOUND));
        assertThat(create("pg_catalog.x", "a", "int")).matches(e -> e.is(TimescaleErrorCode.SCHEMA_NOT_FOUND));
        assertThat(world.database.fetch("SELECT count(*) FROM pg_class WHERE relname = 'ok'"))
                .isEqualTo("0");
    }

    @Test
    void createHypertable_withoutTheExtension_saysWhatToDo() {
        assertThat(world.failure("create_hypertable", Map.of("table", "market.trades", "timeColumn", "time")))
                .matches(e -> e.is(TimescaleErrorCode.TIMESCALE_NOT_INSTALLED))
                .hasMessageContaining("CREATE EXTENSION timescaledb")
                .hasMessageContaining("ordinary table");
    }

    @Test
    void createHypertable_withAnInvalidInterval_isRefusedBeforeTheExtensionIsChecked() {
        assertThat(world.failure(
                        "create_hypertable",
                        Map.of("table", "market.trades", "timeColumn", "time", "chunkInterval", "1 fortnight")))
                .matches(e -> e.is(TimescaleErrorCode.INVALID_INTERVAL));
    }

    @Test
    void readOnlyServer_hasNoToolsThatWrite() {
        try (var server = new TimescaleMCPServer(
                world.database.dataSource(),
                TimescaleOptions.builder()
                        .policy(TimescalePolicy.builder().readOnly(true).build())
                        .build())) {
            assertThat(server.tools()).allMatch(tool -> tool.annotations().readOnlyHint());
            assertThat(server.tools()).isNotEmpty();
        }
    }

    private static String describedColumn(String table) {
        return world.call("describe_table", Map.of("table", table))
                .path("columns")
                .path(0)
                .path("name")
                .asText();
    }

    private static MCPToolError describeFailure(String table) {
        return world.failure("describe_table", Map.of("table", table));
    }

    private static MCPToolError create(String table, String column, String type) {
        return world.failure(
                "create_table", Map.of("table", table, "columns", List.of(Map.of("name", column, "type", type))));
    }
}
