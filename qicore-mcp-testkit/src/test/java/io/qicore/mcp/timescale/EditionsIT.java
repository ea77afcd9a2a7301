package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Old versions of TimescaleDB and its Apache edition. The test enters them in the catalog of a PostgreSQL without
 * TimescaleDB, so a tool that ran any statement before it checks the version would fail in another way.
 */
class EditionsIT {

    /** All tools that need TimescaleDB. */
    private static final Map<String, Map<String, ?>> TOOLS = Map.ofEntries(
            Map.entry("list_hypertables", Map.of()),
            Map.entry("describe_hypertable", Map.of("table", "t")),
            Map.entry("list_chunks", Map.of("table", "t")),
            Map.entry("set_chunk_interval", Map.of("table", "t", "chunkInterval", "1d")),
            Map.entry("drop_chunks", Map.of("table", "t", "olderThan", "1d")),
            Map.entry("create_hypertable", Map.of("table", "t", "timeColumn", "time")),
            Map.entry("set_columnstore", Map.of("table", "t")),
            Map.entry("add_policy", Map.of("table", "t", "type", "retention", "after", "1d")),
            Map.entry("remove_policy", Map.of("table", "t", "type", "retention")),
            Map.entry("list_policies", Map.of()),
            Map.entry(
                    "create_continuous_aggregate",
                    Map.of("name", "v", "table", "t", "interval", "1h", "aggregates", List.of("count(*)"))),
            Map.entry("refresh_continuous_aggregate", Map.of("name", "v")),
            Map.entry("list_jobs", Map.of()),
            Map.entry("run_job", Map.of("jobId", 1)));

    private static final Set<String> OF_THE_APACHE_EDITION = Set.of(
            "list_hypertables",
            "describe_hypertable",
            "list_chunks",
            "set_chunk_interval",
            "drop_chunks",
            "create_hypertable");

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @AutoClose
    private static @Nullable TimescaleMCPServer server;

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE t (time timestamptz NOT NULL)",
                "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
                        + " VALUES (99999, 'timescaledb', 10, 'public'::regnamespace, false, '0')");
    }

    @Test
    void apacheEdition_isReported_byToolsThatNeedTheCommunityEdition() throws Exception {
        database("2.29.1", "apache");
        TOOLS.forEach((tool, arguments) -> {
            MCPToolError error = Tools.failure(server, tool, arguments);
            if (OF_THE_APACHE_EDITION.contains(tool)) {
                assertThat(error.is(TimescaleErrorCode.TIMESCALE_LICENSE))
                        .as(tool)
                        .isFalse();
            } else {
                assertThat(error.is(TimescaleErrorCode.TIMESCALE_LICENSE))
                        .as(tool + ": " + error)
                        .isTrue();
                assertThat(error)
                        .hasMessageContaining("'apache'")
                        .hasMessageContaining("timescaledb.license = 'timescale'")
                        .hasMessageContaining("Nothing was run");
            }
        });
    }

    @Test
    void versionBeforeTwo_isTooOldForAllTools() throws Exception {
        database("1.7.5", "timescale");
        TOOLS.forEach((tool, arguments) -> assertTooOld(tool, arguments, "1.7.5", "2."));
    }

    @Test
    void versionBefore2Point7_isTooOldForContinuousAggregates() throws Exception {
        database("2.6.1", "timescale");
        for (String tool : List.of("create_continuous_aggregate", "refresh_continuous_aggregate")) {
            assertTooOld(tool, TOOLS.get(tool), "2.6.1", "2.7");
        }
    }

    @Test
    void toolsThatDoNotNeedTimescale_workWithAnyVersion() throws Exception {
        database("1.7.5", "apache");
        MCPClient client = MCPClient.inProcess(server);
        for (String tool : List.of("list_schemas", "list_tables", "get_health")) {
            assertThat(client.call(tool, Map.of()).isEmpty()).as(tool).isFalse();
        }
        for (String tool : List.of("describe_table", "get_latest")) {
            assertThat(client.call(tool, Map.of("table", "t")).isEmpty())
                    .as(tool)
                    .isFalse();
        }
        assertThat(client.call("query", Map.of("sql", "SELECT 1"))
                        .path("rowCount")
                        .asInt())
                .isEqualTo(1);
    }

    private static void assertTooOld(String tool, Map<String, ?> arguments, String version, String needed) {
        MCPToolError error = Tools.failure(server, tool, arguments);
        assertThat(error.is(TimescaleErrorCode.TIMESCALE_TOO_OLD))
                .as(tool + ": " + error)
                .isTrue();
        assertThat(error)
                .hasMessageContaining("has " + version)
                .hasMessageContaining("needs TimescaleDB " + needed)
                .hasMessageContaining("ALTER EXTENSION timescaledb UPDATE")
                .hasMessageContaining("Nothing was run");
    }

    /** Sets version and license, and starts a new server, because a connection takes the settings of a database when it is opened. */
    private static void database(String version, String license) throws Exception {
        world.database.execute(
                "UPDATE pg_extension SET extversion = '" + version + "' WHERE extname = 'timescaledb'",
                "ALTER DATABASE " + world.database.name() + " SET \"timescaledb.license\" = '" + license + "'");
        if (server != null) {
            server.close();
        }
        server = new TimescaleMCPServer(world.connection(), TimescaleWorld.OPTIONS);
        server.initialize();
    }
}
