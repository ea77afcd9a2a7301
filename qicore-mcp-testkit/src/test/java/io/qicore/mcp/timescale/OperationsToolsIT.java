package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.fixture.WireClient;
import io.qicore.mcp.testkit.EmbeddedPostgres;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OperationsToolsIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.alone(
            EmbeddedPostgres.builder()
                    .setting("fsync", "off")
                    .setting("shared_preload_libraries", "pg_stat_statements")
                    .start(),
            TimescaleWorld.OPTIONS.toBuilder()
                    .policy(TimescalePolicy.builder()
                            .confirmation(ConfirmationMode.ALWAYS)
                            .build())
                    .build());

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE contested (a int)", "CREATE ROLE plain LOGIN PASSWORD 'plain'", "CREATE ROLE other");
    }

    @Test
    void health_namesBlockedAndBlockingSessions() throws Exception {
        try (Connection holder = world.database.dataSource().getConnection();
                Statement locking = holder.createStatement()) {
            holder.setAutoCommit(false);
            locking.execute("LOCK TABLE contested");
            CompletableFuture<Void> waiting = run("INSERT INTO contested VALUES (424242)");
            await().untilAsserted(() -> {
                JsonNode blocked = world.call("get_health", Map.of()).path("blocked");
                assertThat(blocked).hasSize(1);
                assertThat(blocked.path(0).path("relation").asText()).isEqualTo("public.contested");
                assertThat(blocked.path(0).path("statement").asText()).isEqualTo("INSERT INTO contested VALUES (?)");
            });
            holder.rollback();
            waiting.get();
        }
        JsonNode health = world.call("get_health", Map.of());
        assertThat(health.path("connections").path("used").asInt()).isPositive();
        assertThat(health.path("wraparound").path("percent").asDouble()).isLessThan(1);
        assertThat(health.has("timescale")).isFalse();
    }

    @Test
    void topQueries_needTheirExtension_andThenShowStatementsWithoutValues() throws Exception {
        world.database.execute("DROP EXTENSION IF EXISTS pg_stat_statements");
        assertThat(world.failure("get_top_queries", Map.of()))
                .matches(e -> e.is(TimescaleErrorCode.EXTENSION_NOT_INSTALLED))
                .hasMessageContaining("shared_preload_libraries");
        world.database.execute(
                "CREATE EXTENSION pg_stat_statements",
                "SELECT 424242 + 1 AS answer",
                "ALTER ROLE other PASSWORD 's3cret'");
        JsonNode queries =
                world.call("get_top_queries", Map.of("by", "mean", "limit", 50)).path("queries");
        assertThat(queries.toString()).contains("ALTER ROLE other PASSWORD ?").doesNotContain("424242", "s3cret");
    }

    @Test
    void query_isCancelledOnceThePlanIsConfirmed() throws Exception {
        CompletableFuture<Void> sleeping = run("SELECT pg_sleep(600), 'cancel me'");
        int pid = pid("%pg_sleep(600)%");
        JsonNode plan = world.call("cancel_query", Map.of("pid", pid));
        assertThat(plan.path("cancelled").asBoolean(true)).isFalse();
        assertThat(plan.path("statement").asText()).isEqualTo("SELECT pg_sleep(?), ?");
        assertThat(world.failure("cancel_query", Map.of("pid", pid, "planHash", "another")))
                .matches(e -> e.is(StandardErrorCode.PLAN_CHANGED));
        assertThat(sleeping).isNotDone();
        assertThat(world.call(
                                "cancel_query",
                                Map.of(
                                        "pid",
                                        pid,
                                        "planHash",
                                        plan.path("planHash").asText()))
                        .path("cancelled")
                        .asBoolean())
                .isTrue();
        await().untilAsserted(() -> assertThat(sleeping).isCompletedExceptionally());
        assertThat(world.failure("cancel_query", Map.of("pid", pid)))
                .matches(e -> e.is(TimescaleErrorCode.QUERY_NOT_FOUND));
    }

    @Test
    void user_isAskedIfTheClientSupportsIt_andMayDecline() throws Exception {
        CompletableFuture<Void> sleeping = run("SELECT pg_sleep(601)");
        WireClient asking = new WireClient(world.server);
        int pid = pid("%pg_sleep(601)%");
        JsonNode question =
                asking.request("tools/call", Map.of("name", "cancel_query", "arguments", Map.of("pid", pid)));
        assertThat(question.path("inputRequests")
                        .path("confirm")
                        .path("params")
                        .path("message")
                        .asText())
                .contains("pg_sleep(?)");
        assertThat(asking.callAndAnswer("cancel_query", Map.of("pid", pid), false)
                        .path("structuredContent")
                        .path("code")
                        .asText())
                .isEqualTo("DECLINED");
        assertThat(sleeping).isNotDone();
        assertThat(asking.callAndAnswer("cancel_query", Map.of("pid", pid), true)
                        .path("structuredContent")
                        .path("cancelled")
                        .asBoolean())
                .isTrue();
        await().untilAsserted(() -> assertThat(sleeping).isCompletedExceptionally());
    }

    @Test
    void userWithoutTheRole_mayNotCancel_andTheErrorNamesTheRole() throws Exception {
        CompletableFuture<Void> sleeping = run("SELECT pg_sleep(602)");
        int pid = pid("%pg_sleep(602)%");
        try (var plain = new TimescaleMCPServer(world.connection("plain", "plain"))) {
            plain.initialize();
            assertThat(Tools.failure(plain, "cancel_query", Map.of("pid", pid)))
                    .matches(e -> e.is(StandardErrorCode.NOT_AUTHORIZED))
                    .hasMessageContaining("pg_signal_backend");
        }
        world.database.execute("SELECT pg_cancel_backend(" + pid + ")");
        await().untilAsserted(() -> assertThat(sleeping).isCompletedExceptionally());
    }

    private static int pid(String like) {
        return await().until(
                        () -> {
                            try (Connection connection =
                                            world.database.dataSource().getConnection();
                                    var statement = connection.prepareStatement(
                                            "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE query LIKE ?"
                                                    + " AND state = 'active' AND pid <> pg_backend_pid()")) {
                                statement.setString(1, like);
                                try (var result = statement.executeQuery()) {
                                    result.next();
                                    return result.getInt(1);
                                }
                            }
                        },
                        pid -> pid > 0);
    }

    private static CompletableFuture<Void> run(String sql) {
        return CompletableFuture.runAsync(() -> {
            try {
                world.database.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
