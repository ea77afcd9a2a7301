package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Candles and buckets of random rows, compared with a plain computation of the same. */
class SeriesValuesIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    /** A tick; null stands for NULL. */
    private record Tick(Instant time, Double price, Double volume) {}

    @ParameterizedTest
    @CsvSource({
        "float8, float8, timestamptz, UTC, 1h",
        "numeric, numeric, timestamptz, America/New_York, 1d",
        "numeric, float8, timestamp, Europe/Berlin, 6h",
        "int8, int4, timestamptz, Asia/Kathmandu, 1d",
        "float4, int8, timestamptz, UTC, 1mo",
        "numeric, int8, timestamptz, America/St_Johns, 1w",
        "money, numeric, timestamptz, UTC, 1d"
    })
    void candlesAndBuckets_areThoseOfAPlainComputation(
            String price, String volume, String time, String zone, String interval) throws Exception {
        Random random = new Random(Objects.hash(price, volume, zone, interval));
        List<Tick> ticks = ticks(random, price, volume);
        world.database.execute(
                "DROP TABLE IF EXISTS random_ticks",
                "CREATE TABLE random_ticks (\"Time\" " + time + ", price " + price + ", volume " + volume + ")");
        StringBuilder values = new StringBuilder();
        for (Tick tick : ticks) {
            values.append(values.isEmpty() ? "" : ", ")
                    .append("('%s', %s, %s)".formatted(tick.time(), sql(tick.price()), sql(tick.volume())));
        }
        world.database.execute("INSERT INTO random_ticks VALUES " + values);
        Map<Instant, List<Tick>> expected = new TreeMap<>();
        for (Tick tick : ticks) {
            expected.computeIfAbsent(start(tick.time(), ZoneId.of(zone), interval), key -> new ArrayList<>())
                    .add(tick);
        }
        compareCandles(expected, zone, interval);
        if (!price.equals("money")) {
            compareBuckets(expected, zone, interval);
        }
    }

    private static void compareCandles(Map<Instant, List<Tick>> expected, String zone, String interval) {
        JsonNode candles = world.call(
                        "get_candlesticks",
                        Map.of("table", "random_ticks", "interval", interval, "timezone", zone, "limit", 1000))
                .path("candles");
        assertThat(candles).hasSize(expected.size());
        int i = 0;
        for (Map.Entry<Instant, List<Tick>> bucket : expected.entrySet()) {
            JsonNode candle = candles.path(i++);
            assertThat(Instant.from(
                            java.time.OffsetDateTime.parse(candle.path("time").asText())))
                    .isEqualTo(bucket.getKey());
            List<Tick> priced = bucket.getValue().stream()
                    .filter(tick -> isNumber(tick.price()))
                    .toList();
            List<Tick> weighed =
                    priced.stream().filter(tick -> isNumber(tick.volume())).toList();
            double[] prices = priced.stream().mapToDouble(Tick::price).toArray();
            same(candle, "open", priced.isEmpty() ? null : prices[0]);
            same(candle, "close", priced.isEmpty() ? null : prices[prices.length - 1]);
            same(
                    candle,
                    "high",
                    priced.isEmpty()
                            ? null
                            : priced.stream().mapToDouble(Tick::price).max().getAsDouble());
            same(
                    candle,
                    "low",
                    priced.isEmpty()
                            ? null
                            : priced.stream().mapToDouble(Tick::price).min().getAsDouble());
            List<Double> volumes = bucket.getValue().stream()
                    .map(Tick::volume)
                    .filter(SeriesValuesIT::isNumber)
                    .toList();
            same(
                    candle,
                    "volume",
                    volumes.isEmpty()
                            ? null
                            : volumes.stream().mapToDouble(v -> v).sum());
            double weight = weighed.stream().mapToDouble(Tick::volume).sum();
            same(
                    candle,
                    "vwap",
                    weight == 0
                            ? null
                            : weighed.stream()
                                            .mapToDouble(t -> t.price() * t.volume())
                                            .sum()
                                    / weight);
        }
    }

    private static void compareBuckets(Map<Instant, List<Tick>> expected, String zone, String interval) {
        Map<String, Object> arguments = new HashMap<>(Map.of(
                "table", "random_ticks",
                "interval", interval,
                "timezone", zone,
                "from", "2026-03-01",
                "to", "2026-04-11",
                "fill", "null",
                "aggregates", List.of("first(volume)", "last(volume)", "count(volume)", "count(*)", "min(volume)")));
        JsonNode rows = world.call("get_time_buckets", arguments).path("rows");
        Map<Instant, JsonNode> byStart = new TreeMap<>();
        rows.forEach(row -> byStart.put(
                Instant.from(java.time.OffsetDateTime.parse(row.path(0).asText())), row));
        assertThat(byStart).hasSize(rows.size());
        int all = 0;
        for (JsonNode row : rows) {
            all += row.path(4).asInt();
        }
        assertThat(all)
                .isEqualTo(expected.values().stream().mapToInt(List::size).sum());
        expected.forEach((start, ticks) -> {
            List<Double> volumes =
                    ticks.stream().map(Tick::volume).filter(Objects::nonNull).toList();
            JsonNode row = byStart.get(start);
            assertThat(row).as(start + " in " + byStart.keySet()).isNotNull();
            sameValue(row.path(1), volumes.isEmpty() ? null : volumes.get(0));
            sameValue(row.path(2), volumes.isEmpty() ? null : volumes.get(volumes.size() - 1));
            assertThat(row.path(3).asInt()).isEqualTo(volumes.size());
        });
    }

    /** Times from March to April, in which clocks change in America and Europe. */
    private static List<Tick> ticks(Random random, String priceType, String volumeType) {
        TreeMap<Instant, Tick> ticks = new TreeMap<>();
        Instant begin = Instant.parse("2026-03-01T12:00:00Z");
        for (int i = 0; i < 300; i++) {
            Instant time = begin.plusSeconds(random.nextInt(39 * 86_400));
            ticks.put(time, new Tick(time, value(random, priceType), value(random, volumeType)));
        }
        return List.copyOf(ticks.values());
    }

    private static Double value(Random random, String type) {
        boolean whole = type.startsWith("int");
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> whole || type.equals("money") ? null : (Double) Double.NaN;
            case 2 -> whole || type.equals("money") ? null : (Double) Double.POSITIVE_INFINITY;
            default -> whole ? 1 + random.nextInt(1000) : (double) (1 + random.nextInt(4000)) / 4;
        };
    }

    private static String sql(Double value) {
        if (value != null && value.isInfinite()) {
            return "'Infinity'";
        }
        return value == null
                ? "NULL"
                : "'" + (value == Math.rint(value) ? String.valueOf(value.longValue()) : value) + "'";
    }

    private static boolean isNumber(Double value) {
        return value != null && !value.isNaN() && !value.isInfinite();
    }

    private static Instant start(Instant time, ZoneId zone, String interval) {
        ZonedDateTime local = time.atZone(zone);
        return switch (interval) {
            case "1h" -> local.truncatedTo(ChronoUnit.HOURS).toInstant();
            case "6h" ->
                local.truncatedTo(ChronoUnit.DAYS)
                        .withHour(local.getHour() / 6 * 6)
                        .toInstant();
            case "1d" -> local.toLocalDate().atStartOfDay(zone).toInstant();
            case "1w" ->
                local.toLocalDate()
                        .minusDays(local.getDayOfWeek().getValue() - 1L)
                        .atStartOfDay(zone)
                        .toInstant();
            default -> local.toLocalDate().withDayOfMonth(1).atStartOfDay(zone).toInstant();
        };
    }

    private static void same(JsonNode candle, String part, Double expected) {
        if (expected == null) {
            assertThat(candle.has(part)).as(part + " of " + candle).isFalse();
        } else {
            assertThat(candle.path(part).asDouble())
                    .as(part + " of " + candle)
                    .isCloseTo(expected, within(Math.abs(expected) * 1e-9));
        }
    }

    private static void sameValue(JsonNode cell, Double expected) {
        if (expected == null) {
            assertThat(cell.isNull()).isTrue();
        } else if (isNumber(expected)) {
            assertThat(cell.asDouble()).isCloseTo(expected, within(Math.abs(expected) * 1e-9));
        } else {
            assertThat(cell.asText()).isEqualTo(expected.toString());
        }
    }

    @Test
    void volumeWithoutAPrice_doesNotWeigh() throws Exception {
        world.database.execute(
                "CREATE TABLE unpriced (time timestamptz, price numeric, volume numeric)",
                "INSERT INTO unpriced VALUES ('2026-01-01 00:00+00', NULL, 1000), ('2026-01-01 00:01+00', 10, 1),"
                        + " ('2026-01-01 00:02+00', 20, 3), ('2026-01-01 00:03+00', NULL, 5), ('infinity', 1, 1), ('-infinity', 2, 2)");
        JsonNode candles = world.call("get_candlesticks", Map.of("table", "unpriced", "interval", "1h"))
                .path("candles");
        assertThat(candles).hasSize(1);
        JsonNode candle = candles.path(0);
        assertThat(candle.path("vwap").asDouble()).isEqualTo(17.5);
        assertThat(candle.path("open").asInt()).isEqualTo(10);
        assertThat(candle.path("close").asInt()).isEqualTo(20);
        assertThat(candle.path("volume").asInt()).isEqualTo(1009);
    }

    @Test
    void interpolation_hasNumbersOfEveryType_andRefusesOthers() throws Exception {
        for (String type : List.of("int2", "int4", "int8", "numeric", "numeric(20,8)", "float4", "float8")) {
            world.database.execute(
                    "DROP TABLE IF EXISTS sparse",
                    "CREATE TABLE sparse (time timestamptz, v " + type + ", note text, tags text[])",
                    "INSERT INTO sparse VALUES ('2026-01-01 00:00+00', 1, 'a', '{a,b}'), ('2026-01-01 03:00+00', 2, 'b', '{c}')");
            for (String aggregate : List.of("avg(v)", "sum(v)", "last(v)", "min(v)")) {
                JsonNode rows = filled(aggregate, "interpolate").path("rows");
                assertThat(rows).hasSize(4);
                assertThat(rows.path(1).path(1).asDouble())
                        .as(type + " " + aggregate + rows)
                        .isCloseTo(4 / 3.0, within(1e-6));
            }
        }
        assertThat(world.failure("get_time_buckets", arguments("last(note)", "interpolate")))
                .hasMessageContaining("'last_note' is of type text")
                .hasMessageContaining("locf");
        assertThat(filled("last(tags)", "locf").path("rows").path(1).path(1).toString())
                .isEqualTo("[\"a\",\"b\"]");
        assertThat(filled("first(tags)", "none").path("rows").path(1).path(1).toString())
                .isEqualTo("[\"c\"]");
    }

    @Test
    void seriesWhoseNamesAreEqual_areOneSeries() throws Exception {
        world.database.execute(
                "CREATE TABLE named (time timestamptz, s numeric, v int)",
                "INSERT INTO named VALUES ('2026-01-01 00:00+00', 10, 1), ('2026-01-01 01:00+00', 10.0, 2),"
                        + " ('2026-01-01 02:00+00', NULL, 3)");
        Map<String, Object> arguments = new HashMap<>(arguments("sum(v)", "null"));
        arguments.putAll(Map.of("table", "named", "groupBy", "s"));
        assertThat(world.call("get_time_buckets", arguments).path("rows")).hasSize(8);
    }

    private static JsonNode filled(String aggregate, String fill) {
        return world.call("get_time_buckets", arguments(aggregate, fill));
    }

    private static Map<String, Object> arguments(String aggregate, String fill) {
        return Map.of(
                "table", "sparse",
                "interval", "1h",
                "from", "2026-01-01",
                "to", "2026-01-01T04:00:00Z",
                "fill", fill,
                "aggregates", List.of(aggregate));
    }
}
