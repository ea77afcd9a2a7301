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
    void nullInAKey_isRefused_insteadOfSkippingTheRow() {
        assertThatThrownBy(() -> page("SELECT id FROM gaps", List.of("id"), 2, false, null))
                .hasMessageContaining("NULL");
        assertThatThrownBy(() -> page("SELECT id FROM gaps", List.of("id"), 2, true, null))
                .hasMessageContaining("NULL");
    }

    @Test
    void cursor_isValidForItsOwnCallOnly() {
        String cursor = page("SELECT * FROM ticks", List.of("time", "symbol"), 5, false, null)
                .path("nextCursor")
                .asText();
        assertThatThrownBy(() -> page("SELECT * FROM gaps", List.of("id"), 5, false, cursor))
                .hasMessageContaining("belongs to another call");
        assertThatThrownBy(() -> page("SELECT * FROM ticks", List.of("time", "symbol"), 5, true, cursor))
                .hasMessageContaining("belongs to another call");
        assertThatThrownBy(() -> page("SELECT * FROM ticks", List.of("time", "symbol"), 5, false, "x!"))
                .hasMessageContaining("'cursor' is not a cursor");
        assertThatThrownBy(() -> world.call("query", Map.of("sql", "SELECT 1", "cursor", cursor)))
                .hasMessageContaining("pageBy");
    }

    @Test
    void missingOrDuplicateColumn_isNamed() {
        assertThatThrownBy(() -> page("SELECT 1 AS a", List.of("b"), 5, false, null))
                .hasMessageContaining("'b', which is no column");
        assertThatThrownBy(() -> page("SELECT 1 AS a, 2 AS a", List.of("a"), 5, false, null))
                .hasMessageContaining("several columns");
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
