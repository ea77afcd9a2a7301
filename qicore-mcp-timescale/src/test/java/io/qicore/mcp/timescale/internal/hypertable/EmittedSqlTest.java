package io.qicore.mcp.timescale.internal.hypertable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent to a TimescaleDB, by its version. */
class EmittedSqlTest {

    private static final SchemaLimits ALL = SchemaLimits.of(Caller.ANONYMOUS);

    private static final TimescaleExtension V2_11 = extension("2.11.2");
    private static final TimescaleExtension V2_17 = extension("2.17.2");
    private static final TimescaleExtension V2_18 = extension("2.18.0");

    @Test
    void columnstorePolicy_isAProcedureFrom218_andAFunctionOfAnotherNameBefore() {
        assertThat(addColumnstore(V2_17).text())
                .isEqualTo(
                        "SELECT ts.add_compression_policy(CAST(? AS regclass), compress_after => CAST(? AS interval))");
        assertThat(addColumnstore(V2_18).text())
                .isEqualTo("CALL ts.add_columnstore_policy(CAST(? AS regclass), after => CAST(? AS interval))");
        assertThat(addColumnstore(V2_18).arguments()).isEqualTo(List.of("public.m", "7 days"));
        assertThat(PolicySql.remove(V2_17, PolicySql.COLUMNSTORE, "public.m").text())
                .isEqualTo("SELECT ts.remove_compression_policy(CAST(? AS regclass))");
        assertThat(PolicySql.remove(V2_18, PolicySql.COLUMNSTORE, "public.m").text())
                .isEqualTo("CALL ts.remove_columnstore_policy(CAST(? AS regclass))");
    }

    @Test
    void retentionPolicy_isAFunctionInEveryVersion() {
        PolicySql sql = PolicySql.addByAge(
                V2_18, PolicySql.RETENTION, "public.m", TimeBound.age("30d", "after", byTime()), "1 day");
        assertThat(sql.text())
                .isEqualTo("SELECT ts.add_retention_policy(CAST(? AS regclass), drop_after => CAST(? AS interval),"
                        + " schedule_interval => CAST(? AS interval))");
        assertThat(sql.arguments()).isEqualTo(List.of("public.m", "30 days", "1 day"));
        assertThat(PolicySql.remove(V2_18, PolicySql.RETENTION, "public.m").text())
                .isEqualTo("SELECT ts.remove_retention_policy(CAST(? AS regclass))");
    }

    @Test
    void refreshPolicy_hasTypedOpenEnds() {
        PolicySql sql =
                PolicySql.addRefresh(V2_18, "public.m", null, TimeBound.age("1h", "endOffset", byTime()), "1 hour");
        assertThat(sql.text())
                .isEqualTo("SELECT ts.add_continuous_aggregate_policy(CAST(? AS regclass), start_offset =>"
                        + " CAST(NULL AS interval), end_offset => CAST(? AS interval), schedule_interval =>"
                        + " CAST(? AS interval))");
        assertThat(sql.arguments()).isEqualTo(List.of("public.m", "1 hour", "1 hour"));
        assertThat(PolicySql.remove(V2_18, PolicySql.REFRESH, "public.m").text())
                .isEqualTo("SELECT ts.remove_continuous_aggregate_policy(CAST(? AS regclass))");
    }

    @Test
    void agesOfIntegerTime_areOfItsType() {
        TimeBound age = TimeBound.age("1000", "after", byInteger());
        assertThat(age.sql()).isEqualTo("CAST(CAST(? AS bigint) AS integer)");
        assertThatThrownBy(() -> TimeBound.age("1 day", "after", byInteger()))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("after must be one, too");
        assertThatThrownBy(() -> TimeBound.age("1000", "after", byTime()))
                .isInstanceOfSatisfying(MCPToolError.class, e -> assertThat(e.is(TimescaleErrorCode.INVALID_INTERVAL))
                        .isTrue());
    }

    @Test
    void boundsOfTime_areOfTheColumnsType() {
        assertThat(TimeBound.parse("2026-01-31", "olderThan", byTime()))
                .isEqualTo(new TimeBound(
                        "CAST(CAST(? AS timestamptz) AS timestamp without time zone)", "2026-01-31T00:00:00Z"));
        assertThat(TimeBound.parse("30d", "olderThan", byTime()))
                .isEqualTo(new TimeBound(
                        "CAST(now() - CAST(? AS interval) AS timestamp without time zone)", "2592000 seconds"));
        assertThat(TimeBound.parse("-5", "olderThan", byInteger()).argument()).isEqualTo("-5");
    }

    @Test
    void columnstore_isCalledCompressionBefore218() {
        assertThat(SetColumnstoreTool.sql(V2_17, byTime(), true, "\"it's\"", "\"time\" DESC"))
                .isEqualTo("ALTER TABLE public.m SET (timescaledb.compress = true, timescaledb.compress_segmentby ="
                        + " '\"it''s\"', timescaledb.compress_orderby = '\"time\" DESC')");
        assertThat(SetColumnstoreTool.sql(V2_18, byTime(), true, "symbol", null))
                .isEqualTo("ALTER TABLE public.m SET (timescaledb.enable_columnstore = true,"
                        + " timescaledb.segmentby = 'symbol')");
        assertThat(SetColumnstoreTool.sql(V2_18, byTime(), false, "symbol", null))
                .isEqualTo("ALTER TABLE public.m SET (timescaledb.enable_columnstore = false)");
        assertThat(DescribeHypertableTool.compressionSql(V2_17)).contains("ts.hypertable_compression_stats(");
        assertThat(DescribeHypertableTool.compressionSql(V2_18)).contains("ts.hypertable_columnstore_stats(");
    }

    @Test
    void jobErrors_areReadWhereTheViewExists() {
        assertThat(Jobs.sql(extension("2.8.1"), ALL)).doesNotContain("job_errors");
        assertThat(Jobs.sql(V2_11, ALL)).contains("timescaledb_information.job_errors");
    }

    @Test
    void sizes_areApproximateWhereThatExists() {
        assertThat(ListHypertablesTool.sql(V2_11, ALL)).contains("ts.hypertable_size(");
        assertThat(ListHypertablesTool.sql(V2_17, ALL)).contains("ts.hypertable_approximate_size(");
    }

    @Test
    void createHypertable_isByRange_from213() {
        assertThat(CreateHypertableTool.sql(V2_17))
                .isEqualTo("SELECT 1 FROM ts.create_hypertable(CAST(? AS regclass),"
                        + " ts.by_range(CAST(? AS name), CAST(? AS interval)), migrate_data => CAST(? AS boolean))");
        assertThat(CreateHypertableTool.sql(V2_11))
                .isEqualTo("SELECT 1 FROM ts.create_hypertable(CAST(? AS regclass), CAST(? AS name),"
                        + " chunk_time_interval => CAST(? AS interval), migrate_data => CAST(? AS boolean))");
    }

    @Test
    void chunks_areSelectedByTypedBounds() {
        List<Object> arguments = new ArrayList<>();
        String sql = new ChunkSelection(byTime(), TimeBound.parse("2026-01-31", "olderThan", byTime()), null)
                .sql(V2_17, arguments);
        assertThat(sql)
                .contains("ts.show_chunks(CAST(? AS regclass), older_than => CAST(CAST(? AS timestamptz)")
                .doesNotContain("newer_than");
        assertThat(arguments).containsExactly("public.m", "2026-01-31T00:00:00Z", "public", "m", "public", "m");
    }

    /** Their columns and tables change with every other release. */
    @Test
    void catalogueOfTimescale_isNeverRead() {
        for (TimescaleExtension version : List.of(V2_11, V2_17, V2_18, extension("2.29.2"))) {
            assertThat(List.of(
                            Jobs.sql(version, ALL),
                            ListHypertablesTool.sql(version, ALL),
                            DescribeHypertableTool.compressionSql(version),
                            new ChunkSelection(byTime(), null, null).sql(version, new ArrayList<>())))
                    .noneMatch(sql -> sql.contains("_timescaledb_catalog") || sql.contains("_timescaledb_config"));
        }
    }

    private static PolicySql addColumnstore(TimescaleExtension extension) {
        return PolicySql.addByAge(
                extension, PolicySql.COLUMNSTORE, "public.m", TimeBound.age("7d", "after", byTime()), null);
    }

    private static TimescaleExtension extension(String version) {
        return new TimescaleExtension(version, "ts", "timescale");
    }

    private static Hypertable byTime() {
        return hypertable("timestamp without time zone", "P1D", null);
    }

    private static Hypertable byInteger() {
        return hypertable("integer", null, 1000L);
    }

    private static Hypertable hypertable(String type, String interval, Long integers) {
        Table table = new Table(1, "public", "m", "public.m", 'r');
        return new Hypertable(table, "owner", "public", "m", "time", type, interval, integers, 0, false, null);
    }
}
