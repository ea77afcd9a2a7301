package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QueryPagesIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE ticks (time timestamptz NOT NULL, symbol text NOT NULL, price float8)",
                "INSERT INTO ticks SELECT '2026-01-01 00:00+00'::timestamptz + i / 3 * interval '1.000001 s',"
                        + " 's' || i % 3, i / 7.0 FROM generate_series(0, 999) i",
                "CREATE TABLE gaps (id int)",
                "INSERT INTO gaps VALUES (1), (2), (3), (NULL)");
    }

    @Test
    void pages_haveEachRowOnce_inOrder() {
        for (boolean descending : new boolean[] {false, true}) {
            for (int size : new int[] {1, 7, 250, 1000}) {
                List<String> rows = all("SELECT * FROM ticks", List.of("time", "symbol"), size, descending);
                assertThat(rows).hasSize(1000);
                assertThat(new HashSet<>(rows)).hasSize(1000);
            }
        }
    }

    @Test
    void rowsWithTheSameKey_areNotSplitOverPages() {
        // Three rows have the same time.
        List<String> rows = all("SELECT time, symbol FROM ticks", List.of("time"), 4, false);
        assertThat(rows).hasSize(1000);
        assertThat(new HashSet<>(rows)).hasSize(1000);
        assertThatThrownBy(() -> page("SELECT time, symbol FROM ticks", List.of("time"), 2, false, null))
                .hasMessageContaining("Add a column");
    }

    @Test
    void floatKeys_continueExactly() {
        assertThat(all("SELECT price FROM ticks", List.of("price"), 99, false)).hasSize(1000);
    }

    @Test
    void byteLimit_endsAPageAfterACompleteRow() {
        List<String> rows =
                all("SELECT i, repeat('x', 20000) FROM generate_series(1, 40) i", List.of("i"), 1000, false);
        assertThat(rows).hasSize(40);
    }

    @Test
    void rowsWithNullInAKey_comeLast() {
        assertThat(all("SELECT id FROM gaps", List.of("id"), 2, false)).containsExactly("[1]", "[2]", "[3]", "[null]");
        assertThat(all("SELECT id FROM gaps", List.of("id"), 2, true)).containsExactly("[3]", "[2]", "[1]", "[null]");
        assertThat(all("SELECT id FROM gaps", List.of("id"), 3, false)).hasSize(4);
        assertThat(all("SELECT id FROM gaps WHERE id IS NULL", List.of("id"), 3, false))
                .containsExactly("[null]");
        assertThat(all("SELECT id FROM gaps WHERE false", List.of("id"), 3, false))
                .isEmpty();
    }

    /** Keys that are equal and print differently, NULLs, infinities, and rows that differ in nothing but the last key. */
    @Test
    void pagesOfRandomKeys_haveEachRowOnce() throws Exception {
        world.database.execute(
                "CREATE EXTENSION citext",
                "CREATE COLLATION ignoring (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        String[] keys = {
            "(ARRAY[1, 1.0, 1.00, 10, 10.0, 'NaN', 'Infinity', NULL]::numeric[])[1 + (random() * 7)::int]",
            "(ARRAY['-0', '0', 'NaN', '1e-300', '0.1', '-Infinity', NULL]::float8[])[1 + (random() * 6)::int]",
            "(ARRAY[0.1, '-0', 0, 'NaN']::float4[])[1 + (random() * 3)::int]",
            "timestamptz '2026-01-01 00:00+00' + (random() * 3)::int * interval '1 microsecond'",
            "(ARRAY['infinity', '-infinity', '0044-03-15 00:00:00 BC', '2026-01-01', NULL]::timestamp[])[1 + (random() *"
                    + " 4)::int]",
            "(ARRAY['1 mon', '30 days', '720 hours', '1 day', '24:00']::interval[])[1 + (random() * 4)::int]",
            "(ARRAY['a', 'A', 'b', 'B', NULL]::citext[])[1 + (random() * 4)::int]",
            "(ARRAY['a', 'A', 'ä', 'Ä', '', NULL]::text[])[1 + (random() * 5)::int] COLLATE ignoring",
            "(ARRAY['a', 'a ', 'b', '']::char(3)[])[1 + (random() * 3)::int]",
            "(ARRAY['{\"a\":1}', '{\"a\":1.0}', '[1]', 'null', NULL]::jsonb[])[1 + (random() * 4)::int]",
            "(ARRAY['10.0.0.1', '10.0.0.1/24', '::1']::inet[])[1 + (random() * 2)::int]",
            "ARRAY[(random() * 2)::int, NULL]",
            "(ARRAY['pg_class', 'pg_type', 'pg_proc']::regclass[])[1 + (random() * 2)::int]",
            "(ARRAY['x', 'a\"b', E'\\\\', ',', ')']::text[])[1 + (random() * 4)::int]",
            "random() < 0.5",
            "'\\x00'::bytea || (ARRAY['a', 'b']::bytea[])[1 + random()::int]",
            "(ARRAY[1, 9007199254740993]::int8[])[1 + random()::int]",
            "uuid '8d3e2a30-0000-4000-8000-000000000001'",
            "(ARRAY['12:00+00', '13:00+01', '12:00:00.000001+00']::timetz[])[1 + (random() * 2)::int]",
            "B'10' || (ARRAY[B'1', B'0'])[1 + random()::int]",
            "int4range((random() * 3)::int, 5)",
            "(ARRAY['$1.00', '$2.50']::money[])[1 + random()::int]"
        };
        Random random = new Random(1);
        for (int i = 0; i < keys.length; i++) {
            String first = keys[i];
            String second = keys[random.nextInt(keys.length)];
            world.database.execute(
                    "DROP TABLE IF EXISTS random_keys",
                    "CREATE TABLE random_keys AS SELECT " + first + " AS \"First\", " + second
                            + " AS second, n FROM generate_series(1, 60) n");
            boolean descending = random.nextBoolean();
            List<String> rows = all(
                    "SELECT * FROM random_keys", List.of("First", "second", "n"), 1 + random.nextInt(9), descending);
            assertThat(rows).as(first + ", " + second).hasSize(60);
            assertThat(new HashSet<>(rows)).as(first + ", " + second).hasSize(60);
            // Groups of equal keys are not split, whatever they look like.
            List<String> groups = all("SELECT * FROM random_keys", List.of("First"), 60, descending);
            assertThat(new HashSet<>(groups)).as(first).hasSize(60);
            int largest = world.cell("SELECT max(n) FROM (SELECT count(*) AS n FROM random_keys GROUP BY \"First\") g")
                    .asInt();
            assertThat(new HashSet<>(all("SELECT * FROM random_keys", List.of("First"), largest, descending)))
                    .as(first)
                    .hasSize(60);
        }
    }

    @Test
    void keysWithoutComparableText_areRefused() {
        assertThatThrownBy(() -> page("SELECT ROW(i) AS r FROM generate_series(1, 9) i", List.of("r"), 2, false, null))
                .hasMessageContaining("'r', which is of type record");
        assertThatThrownBy(() ->
                        page("SELECT point(i, i) AS r FROM generate_series(1, 9) i", List.of("r"), 2, false, null))
                .hasMessageContaining("ordering operator");
    }

    @Test
    void laterPage_isFoundByTheIndex() throws Exception {
        world.database.execute(
                "CREATE TABLE many (id int8 PRIMARY KEY)",
                "INSERT INTO many SELECT generate_series(1, 200000)",
                "VACUUM ANALYZE many");
        String cursor = page("SELECT id FROM many", List.of("id"), 5, false, null)
                .path("nextCursor")
                .asText();
        JsonNode plan = world.call(
                        "explain_query",
                        Map.of(
                                "sql",
                                "SELECT id FROM many WHERE (id, 1) > (150000, 1) ORDER BY id LIMIT 6",
                                "fullPlan",
                                true))
                .path("plan");
        assertThat(plan.toString()).contains("Index").doesNotContain("Seq Scan", "Sort");
        assertThat(page("SELECT id FROM many", List.of("id"), 5, false, cursor)
                        .path("rows")
                        .path(0)
                        .path(0)
                        .asInt())
                .isEqualTo(6);
    }

    private static List<String> all(String sql, List<String> pageBy, int size, boolean descending) {
        List<String> rows = new ArrayList<>();
        String cursor = null;
        do {
            JsonNode page = page(sql, pageBy, size, descending, cursor);
            page.path("rows").forEach(row -> rows.add(row.toString()));
            assertThat(page.path("truncated").asBoolean()).isEqualTo(page.has("nextCursor"));
            cursor = page.path("nextCursor").asText(null);
        } while (cursor != null);
        return rows;
    }

    private static JsonNode page(String sql, List<String> pageBy, int size, boolean descending, String cursor) {
        Map<String, Object> arguments =
                new HashMap<>(Map.of("sql", sql, "pageBy", pageBy, "maxRows", size, "descending", descending));
        if (cursor != null) {
            arguments.put("cursor", cursor);
        }
        return world.call("query", arguments);
    }
}
