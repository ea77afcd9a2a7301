package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.fixture.RealTimescale;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Functions of others in the schema of TimescaleDB, which could be called instead of its own; see {@link RealTimescale}. */
@EnabledIf("io.qicore.mcp.fixture.RealTimescale#isThere")
class RealOwnSqlIT {

    @BeforeAll
    static void prepare() throws Exception {
        RealTimescale.execute(
                "DROP SCHEMA IF EXISTS own_sql_it CASCADE",
                "CREATE SCHEMA own_sql_it",
                "CREATE TABLE own_sql_it.ticks (time timestamptz NOT NULL, price float8)",
                "SELECT create_hypertable('own_sql_it.ticks', 'time')",
                "CREATE FUNCTION public.set_chunk_time_interval(regclass, interval) RETURNS void LANGUAGE plpgsql AS"
                        + " $$BEGIN RAISE EXCEPTION 'PLANTED'; END$$",
                // Takes one argument, so that it cannot be called instead of the extension's, which takes two.
                "CREATE FUNCTION public.first(float8) RETURNS float8 LANGUAGE sql AS 'SELECT $1'");
    }

    @AfterAll
    static void remove() throws Exception {
        RealTimescale.execute(
                "DROP FUNCTION public.set_chunk_time_interval(regclass, interval)",
                "DROP FUNCTION public.first(float8)",
                "DROP SCHEMA own_sql_it CASCADE");
    }

    @Test
    void toolThatWouldCallAFunctionOfOthers_isRefused_andOtherToolsWork() throws Exception {
        try (RealTimescale database = RealTimescale.connect(TimescaleWorld.OPTIONS)) {
            MCPToolError error =
                    database.failure("set_chunk_interval", Map.of("table", "own_sql_it.ticks", "chunkInterval", "1d"));
            assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED))
                    .as(error.toString())
                    .isTrue();
            assertThat(error)
                    .hasMessageContaining("set_chunk_time_interval")
                    .hasMessageContaining("does not belong to TimescaleDB");
            assertThat(database.call("describe_hypertable", Map.of("table", "own_sql_it.ticks"))
                            .isObject())
                    .isTrue();
        }
    }
}
