package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Zones, calendars, integer times, the cost of statements, and inputs that nobody expects. */
class SeriesTimeIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE hourly (time timestamptz, v int)",
                // Each hour from October 2025 to the end of 2026.
                "INSERT INTO hourly SELECT t, 1 FROM generate_series(timestamptz '2025-10-01 00:00+00', '2026-12-31 23:00+00',"
                        + " '1 hour') t",
                "CREATE TABLE days (day date, v int)",
                "INSERT INTO days SELECT d, 1 FROM generate_series(date '2026-01-01', '2026-03-31', '1 day') d",
                "CREATE TABLE steps (step int, \"Series\" text, v float8)",
                "INSERT INTO steps SELECT i, 's' || abs(i) % 2, i FROM generate_series(-25, 24) i",
                "CREATE TABLE distant (time timestamptz, price numeric)",
                "INSERT INTO distant VALUES ('0044-03-15 00:00+00 BC', 1), ('2024-02-29 12:00+00', 2),"
                        + " ('294276-12-31 23:00+00', 3), ('infinity', 4), ('-infinity', 5), (NULL, 6)",
                "CREATE TABLE indexed (\"Sym\" text, time timestamptz, v int)",
                "INSERT INTO indexed SELECT 's' || i % 20, timestamptz '2026-01-01 00:00+00' + i * interval '1 s', i FROM"
                        + " generate_series(0, 99999) i",
                "INSERT INTO indexed VALUES ('s3', 'infinity', -1), ('s4', '-infinity', -1), (NULL, '2026-01-01', -2),"
                        + " ('s5', NULL, -3), ('only', 'infinity', -4)",
                "CREATE INDEX ON indexed (\"Sym\", time)",
                "VACUUM ANALYZE indexed",
                "CREATE VIEW indexed_view AS SELECT * FROM indexed",
                "CREATE TABLE parts (sym varchar(9), time timestamptz, v int, twice int GENERATED ALWAYS AS (v * 2) STORED)"
                        + " PARTITION BY RANGE (time)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
                "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
                "CREATE INDEX ON parts (sym, time DESC)",
                "INSERT INTO parts SELECT 'p' || i % 3, timestamptz '2026-01-15' + i * interval '1 hour', i FROM"
                        + " generate_series(0, 500) i",
                "CREATE TABLE parent (sym text, time timestamptz)",
                "CREATE TABLE child () INHERITS (parent)",
                "CREATE INDEX ON parent (sym, time)",
                "INSERT INTO child VALUES ('c', '2026-01-01')",
                "CREATE TABLE two_times (a timestamptz, b timestamptz, price int)",
                "CREATE TABLE no_time (price int)",
                "CREATE TABLE no_symbol (time timestamptz, price int)",
                "CREATE TABLE no_price (time timestamptz, symbol text)");
    }

    @Test
    void days_haveTheHoursThatTheyHave() throws Exception {
        JsonNode rows = buckets("hourly", "1d", "2026-03-28", "2026-03-31", Map.of("timezone", "Europe/Berlin"))
                .path("rows");
        assertThat(rows)
                .isEqualTo(json("[['2026-03-28T00:00:00+01:00', 24], ['2026-03-29T00:00:00+01:00', 23],"
                        + " ['2026-03-30T00:00:00+02:00', 24]]"));
        assertThat(buckets("hourly", "1d", "2026-11-01", "2026-11-02", Map.of("timezone", "America/New_York"))
                        .path("rows"))
                .isEqualTo(json("[['2026-11-01T00:00:00-04:00', 25]]"));
        assertThat(buckets("hourly", "1d", "2026-03-28", "2026-03-30", Map.of()).path("rows"))
                .isEqualTo(json("[['2026-03-28T00:00:00Z', 24], ['2026-03-29T00:00:00Z', 24]]"));
    }

    @Test
    void monthsQuartersAndYears_areThoseOfTheCalendar() throws Exception {
        assertThat(buckets("hourly", "1mo", "2026-02-01", "2026-04-01", Map.of("timezone", "Europe/Berlin"))
                        .path("rows"))
                .isEqualTo(json("[['2026-02-01T00:00:00+01:00', 672], ['2026-03-01T00:00:00+01:00', 743]]"));
        assertThat(buckets("hourly", "1 quarter", "2026-01-01", "2027-01-01", Map.of())
                        .path("rows"))
                .isEqualTo(json("[['2026-01-01T00:00:00Z', 2160], ['2026-04-01T00:00:00Z', 2184],"
                        + " ['2026-07-01T00:00:00Z', 2208], ['2026-10-01T00:00:00Z', 2208]]"));
        assertThat(buckets("hourly", "1y", "2024-01-01", "2027-01-01", Map.of("fill", "null"))
                        .path("rows"))
                .isEqualTo(json("[['2024-01-01T00:00:00Z', 0], ['2025-01-01T00:00:00Z', 2208],"
                        + " ['2026-01-01T00:00:00Z', 8760]]"));
    }

    @Test
    void gapsAreFilled_acrossChangesOfClocks() {
        JsonNode rows = buckets(
                        "hourly",
                        "1h",
                        "2025-09-30T00:00",
                        "2025-10-27T00:00",
                        Map.of("timezone", "Europe/Berlin", "fill", "null"))
                .path("rows");
        // 27 days, one of which has 25 hours.
        assertThat(rows).hasSize(27 * 24 + 1);
        assertThat(rows.toString()).contains("2025-10-26T02:00:00+02:00", "2025-10-26T02:00:00+01:00");
    }

    @Test
    void datesHaveNoZone() throws Exception {
        assertThat(buckets("days", "1mo", "2026-01-01", "2026-04-01", Map.of("timezone", "America/Los_Angeles"))
                        .path("rows"))
                .isEqualTo(json(
                        "[['2026-01-01T00:00:00Z', 31], ['2026-02-01T00:00:00Z', 28], ['2026-03-01T00:00:00Z', 31]]"));
    }

    @Test
    void integerTimes_haveIntegerBuckets() throws Exception {
        assertThat(buckets("steps", "10", "-25", null, Map.of("timeColumn", "step"))
                        .path("rows"))
                .isEqualTo(json("[[-30, 5], [-20, 10], [-10, 10], [0, 10], [10, 10], [20, 5]]"));
        assertThat(buckets("steps", "10", "0", "40", Map.of("timeColumn", "step", "fill", "null", "groupBy", "Series"))
                        .path("rows"))
                .hasSize(8);
        assertThat(world.call("get_latest", Map.of("table", "steps", "timeColumn", "step", "groupBy", "Series"))
                        .path("rows"))
                .isEqualTo(json("[[24, 's0', 24.0], [23, 's1', 23.0]]"));
        assertThat(world.call("get_latest", Map.of("table", "steps", "timeColumn", "step", "from", "24"))
                        .path("rows"))
                .hasSize(1);
        assertThat(world.call(
                                "get_candlesticks",
                                Map.of("table", "steps", "timeColumn", "step", "priceColumn", "v", "interval", "25"))
                        .path("candles"))
                .isEqualTo(json("[{'time': '-25', 'open': -25, 'high': -1, 'low': -25, 'close': -1},"
                        + " {'time': '0', 'open': 0, 'high': 24, 'low': 0, 'close': 24}]"));
        for (String interval : List.of("0", "-5", "1h", "1.5", "99999999999999999999")) {
            assertThat(world.failure(
                            "get_time_buckets", arguments("steps", interval, "0", "9", Map.of("timeColumn", "step"))))
                    .hasMessageContaining("for interval");
        }
        assertThat(world.failure(
                        "get_time_buckets", arguments("steps", "1", "24h", null, Map.of("timeColumn", "step"))))
                .hasMessageContaining("whole number");
        assertThat(world.failure(
                        "get_time_buckets", arguments("steps", "1", "-9000", "9000", Map.of("timeColumn", "step"))))
                .hasMessageContaining("18000 buckets");
        assertThat(world.failure("get_ingest_health", Map.of("table", "steps", "timeColumn", "step")))
                .hasMessageContaining("is an integer");
    }

    @Test
    void distantAndInfiniteTimes_doNotBreakAnything() throws Exception {
        assertThat(world.call("get_latest", Map.of("table", "distant", "limit", 2))
                        .path("rows"))
                .isEqualTo(json("[['294276-12-31T23:00:00Z', 3], ['2024-02-29T12:00:00Z', 2]]"));
        for (String interval : List.of("1d", "1w", "12h")) {
            JsonNode candles = world.call("get_candlesticks", Map.of("table", "distant", "interval", interval))
                    .path("candles");
            assertThat(candles).as(interval).hasSize(3);
            assertThat(candles.path(0).path("time").asText()).endsWith(" BC");
        }
        JsonNode leap = world.call(
                "get_candlesticks",
                Map.of(
                        "table",
                        "distant",
                        "interval",
                        "1mo",
                        "from",
                        "2024-01-01",
                        "to",
                        "2025-01-01",
                        "timezone",
                        "Asia/Kathmandu"));
        assertThat(leap.path("candles").path(0).path("time").asText()).isEqualTo("2024-02-01T00:00:00+05:45");
        JsonNode years = world.call("get_candlesticks", Map.of("table", "distant", "interval", "100y"));
        assertThat(years.path("candles")).hasSize(3);
        JsonNode months = world.call("get_candlesticks", Map.of("table", "distant", "interval", "1mo"));
        assertThat(months.path("candles")).hasSize(1);
        assertThat(months.path("truncated").asBoolean()).isTrue();
    }

    @Test
    void latestRow_isTheSameWithAndWithoutAnIndex() {
        for (Map<String, ?> more : List.<Map<String, ?>>of(
                Map.of("limit", 200),
                Map.of("limit", 5),
                Map.of("from", "2026-01-02T03:46:30Z"),
                Map.of("series", List.of("s1", "s7", "nosuch", "s1")),
                Map.of("series", List.of()))) {
            Map<String, Object> arguments = new HashMap<>(more);
            arguments.put("groupBy", "Sym");
            arguments.put("table", "indexed");
            JsonNode fast = world.call("get_latest", arguments);
            arguments.put("table", "indexed_view");
            JsonNode slow = world.call("get_latest", arguments);
            assertThat(fast.path("rows")).as(String.valueOf(more)).isEqualTo(slow.path("rows"));
            assertThat(fast.path("truncated")).isEqualTo(slow.path("truncated"));
        }
        assertThat(world.call("get_latest", Map.of("table", "parts", "groupBy", "sym"))
                        .path("rows")
                        .toString())
                .isEqualTo("[[\"p0\",\"2026-02-04T18:00:00Z\",498,996],[\"p1\",\"2026-02-04T19:00:00Z\",499,998],"
                        + "[\"p2\",\"2026-02-04T20:00:00Z\",500,1000]]");
        assertThat(world.call("get_latest", Map.of("table", "parent", "groupBy", "sym"))
                        .path("rows"))
                .hasSize(1);
    }

    @Test
    void latestRowOfEachSeries_isFoundByTheIndex_withoutReadingTheTable() {
        long before = settled(0);
        long start = System.nanoTime();
        JsonNode latest = world.call("get_latest", Map.of("table", "indexed", "groupBy", "Sym", "limit", 200));
        long micros = (System.nanoTime() - start) / 1000;
        assertThat(latest.path("rows")).hasSize(21);
        long read = settled(0) - before;
        System.out.printf("latest of 20 series of 5,000 rows: %d rows read, %d µs%n", read, micros);
        // A scan reads 100,000.
        assertThat(read).isLessThan(500);
    }

    @Test
    void buckets_areComputedInOneScan() {
        long before = settled(0);
        JsonNode rows = buckets("indexed", "1h", "2026-01-01", "2026-01-03", Map.of("groupBy", "Sym"))
                .path("rows");
        assertThat(rows).hasSizeGreaterThan(500);
        // Parallel workers report at once and their leader later, so the lower end is open. Two scans read 200,000.
        assertThat(settled(before + 1) - before).isLessThan(150_000);
    }

    /** Returns how many rows of the table and its index have been read. Statistics arrive some time after a statement. */
    private static long settled(long atLeast) {
        long[] last = {-1};
        Awaitility.await()
                .pollDelay(Duration.ofMillis(1100))
                .pollInterval(Duration.ofMillis(1100))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    long now = world.cell(
                                    "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_all_tables WHERE"
                                            + " relname = 'indexed'")
                            .asLong();
                    boolean same = now == last[0] && now >= atLeast;
                    last[0] = now;
                    return same;
                });
        return last[0];
    }

    @Test
    void tooManyRows_areToldOrRefused() {
        assertThat(buckets("indexed", "1m", "2026-01-01", "2026-01-01T16:00:00Z", Map.of("groupBy", "Sym"))
                        .path("truncated")
                        .asBoolean())
                .isTrue();
        MCPToolError error = world.failure(
                "get_time_buckets",
                arguments("indexed", "1h", "2026-01-01", "2026-01-03", Map.of("groupBy", "Sym", "fill", "null")));
        assertThat(error).hasMessageContaining("48 buckets for each of 21 series");
    }

    /** A message must not tell an agent to pass an argument that the tool does not have. */
    @Test
    void messages_nameArgumentsOfTheirToolOnly() {
        List<MCPTool> tools = world.server.tools();
        TreeSet<String> all = new TreeSet<>();
        tools.forEach(tool -> tool.inputSchema().path("properties").fieldNames().forEachRemaining(all::add));
        // Words of every sentence.
        all.removeAll(List.of(
                "table", "name", "from", "to", "limit", "series", "type", "sql", "columns", "schema", "symbol"));
        List<String> wrong = new ArrayList<>();
        int messages = 0;
        for (MCPTool tool : tools) {
            TreeSet<String> own = new TreeSet<>();
            tool.inputSchema().path("properties").fieldNames().forEachRemaining(own::add);
            for (Map<String, Object> arguments : oddArguments(own)) {
                MCPToolError error;
                try {
                    world.call(tool.name(), arguments);
                    continue;
                } catch (MCPToolError e) {
                    error = e;
                }
                messages++;
                for (String argument : all) {
                    boolean named = error.getMessage().matches("(?s).*(Pass |[Uu]se |')" + argument + "\\b.*");
                    if (named && !own.contains(argument) && !error.getMessage().contains("has no argument")) {
                        wrong.add(tool.name() + " " + arguments + ": " + error.getMessage());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(messages).isGreaterThan(100);
    }

    private static List<Map<String, Object>> oddArguments(TreeSet<String> own) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String table :
                List.of("two_times", "no_time", "no_symbol", "no_price", "hourly", "steps", "nosuch", "days")) {
            Map<String, Object> usual = new HashMap<>();
            put(own, usual, "table", table);
            put(own, usual, "name", table);
            put(own, usual, "interval", "1h");
            put(own, usual, "from", "2026-01-01");
            put(own, usual, "aggregates", List.of("count(*)"));
            put(own, usual, "timeColumn", null);
            all.add(usual);
            for (Map.Entry<String, Object> odd : Map.<String, Object>of(
                            "groupBy", "nosuch",
                            "series", List.of("a"),
                            "symbol", "BTC",
                            "timezone", "Nowhere",
                            "interval", "0d",
                            "from", "never",
                            "to", "1900-01-01",
                            "fill", "interpolate",
                            "timeColumn", "price")
                    .entrySet()) {
                if (own.contains(odd.getKey())) {
                    Map<String, Object> arguments = new HashMap<>(usual);
                    arguments.put(odd.getKey(), odd.getValue());
                    all.add(arguments);
                }
            }
        }
        return all;
    }

    private static void put(TreeSet<String> own, Map<String, Object> arguments, String name, Object value) {
        if (own.contains(name) && value != null) {
            arguments.put(name, value);
        }
    }

    private static JsonNode buckets(String table, String interval, String from, String to, Map<String, ?> more) {
        return world.call("get_time_buckets", arguments(table, interval, from, to, more));
    }

    private static Map<String, Object> arguments(
            String table, String interval, String from, String to, Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.putAll(Map.of("table", table, "interval", interval, "from", from, "aggregates", List.of("count(*)")));
        if (to != null) {
            arguments.put("to", to);
        }
        return arguments;
    }
}
