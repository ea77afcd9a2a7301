package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.tool.MCPToolError;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits on the memory and the size of one answer. */
class QueryBoundsIT {

    private static final long MB = 1024 * 1024;

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE prices (time timestamptz NOT NULL, symbol text NOT NULL, close numeric(20,8) NOT NULL)",
                "INSERT INTO prices SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 minute', 'BTC-USD',"
                        + " 50000 + i % 977 * 1.37 FROM generate_series(1, 1000) i");
    }

    @Test
    void fiftyThousandRowsOfAKilobyte_allocateFewMegabytes() {
        String sql = "SELECT i, repeat('x', 1000) FROM generate_series(1, 50000) i";
        world.query(sql);
        long before = allocated();
        JsonNode result = world.call("query", Map.of("sql", sql, "maxRows", 1000));
        assertThat(result.path("truncated").asBoolean()).isTrue();
        assertThat(result.path("rows").toString().length()).isLessThan(300_000);
        // All memory that the server, the engine and the client have allocated, including what is garbage by now.
        assertThat(allocated() - before).isLessThan(40 * MB);
    }

    @Test
    void cellOf300Megabytes_neverReachesTheJvm() {
        long before = allocated();
        MCPToolError error = world.failure("query", Map.of("sql", "SELECT repeat('x', 300000000) AS big"));
        // Building the text takes seconds in which PostgreSQL does not check its timeout. On a busy machine the
        // deadline may pass.
        assertThat(error.code()).isIn("RESULT_TOO_LARGE", "QUERY_TIMEOUT", "DEADLINE_EXCEEDED");
        // The value alone would take twice its length. The measurement includes the other threads of this JVM, brokers
        // among
        // them, for as long as the call takes.
        assertThat(allocated() - before).as(error.toString()).isLessThan(500 * MB);
    }

    @Test
    void answerOfAThousandRows_isMuchSmallerThanOneObjectPerRow() {
        JsonNode result = world.call(
                "query", Map.of("sql", "SELECT time, symbol, close FROM prices ORDER BY time", "maxRows", 1000));
        assertThat(result.path("rowCount").asInt()).isEqualTo(1000);
        // As PostgreSQL itself writes one object for each row.
        int objects = world.cell(
                        "SELECT sum(length(row_to_json(p)::text) + 1) + 1 FROM (SELECT time, symbol, close FROM"
                                + " prices) p")
                .asInt();
        double ratio = (double) result.toString().length() / objects;
        System.out.printf("1,000 rows: %.2f of the bytes of one object per row%n", ratio);
        assertThat(ratio).isLessThanOrEqualTo(0.6);
    }

    /** Returns the number of bytes that all live threads have allocated. */
    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
