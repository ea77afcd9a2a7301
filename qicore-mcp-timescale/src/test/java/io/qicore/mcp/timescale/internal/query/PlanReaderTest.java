package io.qicore.mcp.timescale.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.internal.query.PlanSummary.Scan;
import io.qicore.mcp.timescale.internal.query.PlanSummary.Step;
import io.qicore.mcp.tool.MCPToolError;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plans are of TimescaleDB 2.23 on PostgreSQL 17, without the members that are not read. */
class PlanReaderTest {

    @Test
    void excludedChunks_areCounted_andTheRestIsOneScan() throws Exception {
        PlanSummary summary = summary("chunks-excluded-analyzed.json", plan -> plan);
        assertThat(summary.scans())
                .containsExactly(new Scan("ticks", List.of("ChunkAppend", "Index Scan"), 2, 0, 3, 47, 47L));
        assertThat(summary.actualRows()).isEqualTo(47);
        assertThat(summary.planningMillis()).isEqualTo(0.628);
        assertThat(summary.executionMillis()).isEqualTo(0.181);
        assertThat(summary.expensiveSteps().get(0)).isEqualTo(new Step("ChunkAppend on ticks", 0.034));
    }

    @Test
    void chunksExcludedAtRuntime_areCounted_too() throws Exception {
        PlanSummary summary = summary(
                "chunks-excluded-analyzed.json",
                plan -> plan.replace(
                        "\"Chunks excluded during startup\": 3",
                        "\"Chunks excluded during startup\": 1, \"Chunks excluded during runtime\": 4"));
        assertThat(summary.scans()).extracting(Scan::excludedChunks).containsExactly(5);
    }

    /** Before 2.22 it was called DecompressChunk. */
    @ParameterizedTest
    @ValueSource(strings = {"ColumnarScan", "DecompressChunk"})
    void chunksOfTheColumnstore_areCounted_andNotTheTablesBehindThem(String name) throws Exception {
        PlanSummary summary = summary("columnar-scan.json", plan -> plan.replace("ColumnarScan", name));
        assertThat(summary.scans())
                .containsExactly(new Scan("hypertable 1", List.of(name, "Seq Scan"), 5, 2, 0, 2072, null));
        assertThat(summary.actualRows()).isNull();
        assertThat(summary.executionMillis()).isNull();
        assertThat(summary.expensiveSteps())
                .extracting(Step::step)
                .contains("Seq Scan on compress_hyper_2_6_chunk", "Seq Scan on _hyper_1_3_chunk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ColumnarScan", "DecompressChunk"})
    void aggregateAboveTheColumnstore_hidesNoChunks(String name) throws Exception {
        PlanSummary summary = summary("vector-aggregate-analyzed.json", plan -> plan.replace("ColumnarScan", name));
        assertThat(summary.scans())
                .containsExactly(new Scan("ticks", List.of("ChunkAppend", name, "Index Scan"), 5, 2, 0, 2072, 120L));
        assertThat(summary.expensiveSteps()).hasSize(5);
    }

    /** {@code ConstraintAwareAppend} has the hypertable's name in a member of its own. */
    @Test
    void constraintAwareAppend_isAnAppendOfChunks() throws Exception {
        PlanSummary summary =
                summary("chunks-excluded-analyzed.json", plan -> plan.replace("ChunkAppend", "ConstraintAwareAppend")
                        .replace("\"Relation Name\": \"ticks\"", "\"Hypertable\": \"ticks\""));
        assertThat(summary.scans())
                .containsExactly(new Scan("ticks", List.of("ConstraintAwareAppend", "Index Scan"), 2, 0, 3, 47, 47L));
    }

    @Test
    void chunksExcludedByThePlanner_areNotKnown() throws Exception {
        PlanSummary summary = summary("excluded-by-planner.json", plan -> plan);
        assertThat(summary.scans()).containsExactly(new Scan("hypertable 1", List.of("Index Scan"), 2, 0, 0, 48, null));
    }

    @Test
    void hypertableBelowAPlainAppend_hasTheNameThatWasLookedUp() throws Exception {
        try (InputStream stream =
                Objects.requireNonNull(PlanReaderTest.class.getResourceAsStream("excluded-by-planner.json"))) {
            var explained = PlanReader.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(PlanReader.chunks(explained.path("Plan"))).isEqualTo(Map.of("1", "_hyper_1_4_chunk"));
            assertThat(PlanReader.summarize(explained, Map.of("1", "ticks")).scans())
                    .extracting(Scan::table)
                    .containsExactly("ticks");
        }
    }

    /** Rows are given for each loop, from PostgreSQL 18 on with decimals. */
    @Test
    void rowsOfLoops_areMultiplied() {
        PlanSummary summary = summarize("""
                [{"Plan": {"Node Type": "Index Scan", "Relation Name": "t", "Total Cost": 8.2, "Plan Rows": 1,
                "Actual Total Time": 0.002, "Actual Rows": 1.50, "Actual Loops": 100}, "Planning Time": 0.1,
                "Execution Time": 0.3}]""");
        assertThat(summary.scans()).containsExactly(new Scan("t", List.of("Index Scan"), null, null, null, 1, 150L));
        assertThat(summary.expensiveSteps()).containsExactly(new Step("Index Scan on t", 0.2));
    }

    @Test
    void whatIsWorthALook_isSaid() {
        PlanSummary summary = summarize("""
                [{"Plan": {"Node Type": "Sort", "Sort Space Type": "Disk", "Plan Rows": 1, "Actual Rows": 5,
                "Actual Loops": 1, "Total Cost": 9, "Actual Total Time": 3, "Plans": [{"Node Type": "Seq Scan",
                "Relation Name": "t", "Plan Rows": 4000, "Actual Rows": 5, "Actual Loops": 1, "Rows Removed by Filter": 99999,
                "Total Cost": 5, "Actual Total Time": 2}]}, "Planning Time": 0.1, "Execution Time": 3}]""");
        assertThat(summary.hints())
                .containsExactlyInAnyOrder(
                        "A sort did not fit into work_mem and went to disk.",
                        "'t' was read as a whole to keep few rows: an index on the columns of its condition may help.",
                        "Rows of 't' were expected to be 4000 and were 5: ANALYZE may be due.");
    }

    @Test
    void manyChunks_areNamed() {
        StringBuilder chunks = new StringBuilder();
        for (int i = 1; i <= 101; i++) {
            chunks.append(i == 1 ? "" : ",")
                    .append("{\"Node Type\": \"Seq Scan\", \"Plan Rows\": 1, \"Total Cost\": 1, \"Relation Name\":"
                            + " \"_hyper_7_" + i + "_chunk\"}");
        }
        PlanSummary summary =
                summarize("[{\"Plan\": {\"Node Type\": \"Append\", \"Plan Rows\": 101, \"Total Cost\": 101,"
                        + " \"Plans\": [" + chunks + "]}}]");
        assertThat(summary.scans()).extracting(Scan::chunks).containsExactly(101);
        assertThat(summary.hints())
                .containsExactly("'hypertable 7' reads 101 chunks: bound its time column by constants or parameters.");
    }

    @Test
    void noJson_isAnError() {
        assertThatThrownBy(() -> PlanReader.parse("Seq Scan on t"))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("JSON");
    }

    private static PlanSummary summary(String file, UnaryOperator<String> change) throws Exception {
        try (InputStream stream = Objects.requireNonNull(PlanReaderTest.class.getResourceAsStream(file), file)) {
            return summarize(change.apply(new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    private static PlanSummary summarize(String json) {
        return PlanReader.summarize(PlanReader.parse(json), Map.of());
    }
}
