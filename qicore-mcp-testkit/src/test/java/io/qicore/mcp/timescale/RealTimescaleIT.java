package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.failure;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.RealTimescale;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Tools on a real TimescaleDB; see {@link RealTimescale}. */
@EnabledIf("io.qicore.mcp.fixture.RealTimescale#isThere")
class RealTimescaleIT {

    private static final String URL = System.getProperty("timescaledb.url", "");

    private static TimescaleMCPServer server;
    private static MCPClient client;

    @BeforeAll
    static void start() throws Exception {
        RealTimescale.execute("DROP SCHEMA IF EXISTS real_it CASCADE", "CREATE SCHEMA real_it");
        server = new TimescaleMCPServer(new TimescaleConnection(URL, null, null, 1));
        server.initialize();
        client = MCPClient.inProcess(server);
        client.call(
                "create_table",
                Map.of(
                        "table",
                        "real_it.candles",
                        "columns",
                        List.of(
                                Map.of("name", "time", "type", "timestamptz", "nullable", false),
                                Map.of("name", "symbol", "type", "text"),
                                Map.of("name", "open", "type", "numeric"),
                                Map.of("name", "high", "type", "numeric"),
                                Map.of("name", "low", "type", "numeric"),
                                Map.of("name", "close", "type", "double precision"),
                                Map.of("name", "volume", "type", "bigint")),
                        "primaryKey",
                        List.of("symbol", "time")));
        assertThat(client.call(
                        "create_hypertable",
                        Map.of("table", "real_it.candles", "timeColumn", "time", "chunkInterval", "1 day")))
                .isEqualTo(json("{'success': true, 'schema': 'real_it', 'table': 'candles', 'timeColumn': 'time',"
                        + " 'created': true}"));
        server.close();
        RealTimescale.execute(
                "INSERT INTO real_it.candles SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 minute', s,"
                        + " 100 + i, 110 + i, 90 + i, 100.5 + i, i FROM generate_series(0, 2879) i,"
                        + " unnest(ARRAY['BTC', 'ETH']) s",
                "ANALYZE real_it.candles",
                "CREATE TABLE real_it.filled (time timestamptz NOT NULL)",
                "INSERT INTO real_it.filled VALUES (now())");
        server.initialize();
        client = MCPClient.inProcess(server);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        RealTimescale.execute("DROP SCHEMA real_it CASCADE");
    }

    @Test
    void hypertable_isListedOnce_withTheRowsOfItsChunks() {
        JsonNode tables =
                client.call("list_tables", Map.of("schema", "real_it")).path("tables");
        assertThat(tables).hasSize(2);
        assertThat(tables.path(0).path("type").asText()).isEqualTo("hypertable");
        assertThat(tables.path(0).path("estimatedRows").asLong()).isEqualTo(5760);
        assertThat(tables.path(0).path("sizeBytes").asLong()).isGreaterThan(100_000);
    }

    @Test
    void hypertable_isDescribed() throws Exception {
        JsonNode table = client.call("describe_table", Map.of("table", "real_it.candles"));
        assertThat(table.path("type").asText()).isEqualTo("hypertable");
        assertThat(table.path("hypertable"))
                .isEqualTo(json("{'timeColumn': 'time', 'chunkInterval': 'P1D', 'chunks': 2,"
                        + " 'compressionEnabled': false, 'dimensions': [{'column': 'time', 'type': 'timestamp with time"
                        + " zone', 'kind': 'time', 'interval': 'P1D'}], 'policies': [], 'continuousAggregates': []}"));
    }

    @Test
    void candlesticks_areThoseOfPlainPostgreSql() throws Exception {
        assertThat(client.call(
                                "get_candlesticks",
                                Map.of(
                                        "table",
                                        "real_it.candles",
                                        "symbol",
                                        "BTC",
                                        "interval",
                                        "1h",
                                        "to",
                                        "2026-01-01T02:00:00Z"))
                        .path("candles"))
                .isEqualTo(json("""
                [{'symbol': 'BTC', 'time': '2026-01-01T00:00:00Z', 'open': 100, 'high': 169, 'low': 90, 'close': 159.5,
                  'volume': 1770, 'vwap': 139.83333333333334},
                 {'symbol': 'BTC', 'time': '2026-01-01T01:00:00Z', 'open': 160, 'high': 229, 'low': 150, 'close': 219.5,
                  'volume': 5370, 'vwap': 193.01769087523277}]"""));
        assertThat(client.call("get_candlesticks", Map.of("table", "real_it.candles", "interval", "1w"))
                        .path("candles")
                        .path(0)
                        .path("time")
                        .asText())
                .isEqualTo("2025-12-29T00:00:00Z");
    }

    @Test
    void existingHypertable_isAnErrorUnlessAllowed() {
        Map<String, Object> again = Map.of("table", "real_it.candles", "timeColumn", "time");
        assertThat(failure(client, "create_hypertable", again).is(TimescaleErrorCode.HYPERTABLE_EXISTS))
                .isTrue();
        assertThat(client.call(
                                "create_hypertable",
                                Map.of("table", "real_it.candles", "timeColumn", "time", "ifNotExists", true))
                        .path("created")
                        .asBoolean(true))
                .isFalse();
        assertThat(failure(client, "create_hypertable", Map.of("table", "real_it.filled", "timeColumn", "tiem")))
                .matches(e -> e.is(TimescaleErrorCode.COLUMN_NOT_FOUND))
                .hasMessageContaining("'time'");
    }

    @Test
    void tableWithRows_isMigratedOnlyOnRequest() {
        Map<String, Object> filled = Map.of("table", "real_it.filled", "timeColumn", "time");
        assertThat(failure(client, "create_hypertable", filled)).hasMessageContaining("migrateData: true");
        assertThat(client.call(
                                "create_hypertable",
                                Map.of("table", "real_it.filled", "timeColumn", "time", "migrateData", true))
                        .path("created")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void publicFunctionsOfTimescale_workInQuery_andInternalOnesDoNot() {
        assertThat(client.call(
                                "query",
                                Map.of(
                                        "sql",
                                        "SELECT time_bucket_gapfill('1 day', time) AS day, locf(last(close, time)) FROM"
                                                + " real_it.candles WHERE time >= :from AND time < :to GROUP BY 1",
                                        "parameters",
                                        Map.of("from", "2026-01-01T00:00:00Z", "to", "2026-01-05T00:00:00Z")))
                        .path("rowCount")
                        .asInt())
                .isEqualTo(4);
        assertThat(failure(client, "query", Map.of("sql", "SELECT drop_chunks('real_it.candles', older_than => now())"))
                        .is(TimescaleErrorCode.STATEMENT_NOT_ALLOWED))
                .isTrue();
        assertThat(client.call("query", Map.of("sql", "SELECT count(*) FROM real_it.candles"))
                        .path("rows")
                        .path(0)
                        .path(0)
                        .asInt())
                .isEqualTo(5760);
    }
}
