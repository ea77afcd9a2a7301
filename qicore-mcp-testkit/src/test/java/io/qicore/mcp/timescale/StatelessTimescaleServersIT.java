package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StatelessTimescaleServersIT {

    private static final Map<String, Object> TABLE =
            Map.of("table", "shared", "columns", List.of(Map.of("name", "a", "type", "int")), "ifNotExists", true);

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @Test
    void alternatingCallsOnTwoServers_giveTheAnswersOfOne_alsoWhenOneIsReplaced() throws Exception {
        var first = new TimescaleMCPServer(world.connection());
        var second = new TimescaleMCPServer(world.database.dataSource());
        first.initialize();
        second.initialize();
        assertThat(created(first)).isTrue();
        assertThat(created(second)).isFalse();
        JsonNode described = describe(first);
        assertThat(describe(second)).isEqualTo(described);
        first.close();
        var third = new TimescaleMCPServer(world.connection());
        third.initialize();
        assertThat(describe(third)).isEqualTo(described);
        assertThat(created(third)).isFalse();
        second.close();
        third.close();
        try (var connection = world.database.dataSource().getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void sameTableCreatedConcurrentlyOnTwoServers_isCreatedOnce() throws Exception {
        Map<String, Object> table =
                Map.of("table", "raced", "columns", List.of(Map.of("name", "a", "type", "int")), "ifNotExists", true);
        try (var other = new TimescaleMCPServer(world.connection())) {
            other.initialize();
            var clients = List.of(world.client, MCPClient.inProcess(other));
            long created = IntStream.range(0, 20)
                    .parallel()
                    .filter(i -> clients.get(i % 2)
                            .call("create_table", table)
                            .path("created")
                            .asBoolean())
                    .count();
            assertThat(created).isEqualTo(1);
        }
    }

    @Test
    void searchPathWithoutASchema_isReported() throws Exception {
        try (var server = new TimescaleMCPServer(
                new TimescaleConnection(world.database.jdbcUrl() + "?currentSchema=nosuch", "postgres", null))) {
            server.initialize();
            assertThat(Tools.failure(server, "create_table", TABLE))
                    .matches(e -> e.is(TimescaleErrorCode.SCHEMA_NOT_FOUND));
        }
    }

    @Test
    void closedServer_doesNotLeaveConnections() throws Exception {
        var server = new TimescaleMCPServer(
                new TimescaleConnection(world.database.jdbcUrl() + "?ApplicationName=leak-test", "postgres", null));
        server.initialize();
        MCPClient.inProcess(server).call("list_tables", Map.of());
        assertThat(connections("leak-test")).isPositive();
        server.close();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(connections("leak-test")).isZero());
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void concurrentCalls_shareASmallPool() {
        var answers = IntStream.range(0, 200)
                .parallel()
                .mapToObj(i -> world.client
                        .call("query", Map.of("sql", "SELECT :i::int", "parameters", Map.of("i", i)))
                        .path("rows")
                        .path(0)
                        .path(0)
                        .asInt())
                .toList();
        assertThat(answers).isEqualTo(IntStream.range(0, 200).boxed().toList());
    }

    private static long connections(String application) throws Exception {
        return Long.parseLong(world.database.fetch(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + application + "'"));
    }

    private static boolean created(StatelessMCPServer server) {
        return MCPClient.inProcess(server)
                .call("create_table", TABLE)
                .path("created")
                .asBoolean();
    }

    private static JsonNode describe(StatelessMCPServer server) {
        return MCPClient.inProcess(server).call("describe_table", Map.of("table", "shared"));
    }
}
