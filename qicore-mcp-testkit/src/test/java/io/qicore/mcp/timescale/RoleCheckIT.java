package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RoleCheckIT {

    private static final TimescaleOptions REFUSING = TimescaleOptions.READ_ONLY.withRoleCheck(RoleCheckMode.REFUSE);

    private static TimescaleWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = TimescaleWorld.start();
        world.execute(
                "CREATE TABLE prices (price int)",
                "CREATE ROLE good LOGIN",
                "GRANT SELECT ON prices TO good",
                "CREATE ROLE bad LOGIN BYPASSRLS CREATEROLE",
                "GRANT pg_read_server_files TO bad",
                "GRANT DELETE ON prices TO bad",
                "GRANT CREATE ON SCHEMA public TO bad");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void roleThatOnlyReads_isAccepted() throws Exception {
        try (var server = server("good", REFUSING)) {
            server.initialize();
        }
    }

    @Test
    void superuser_isRefused_withTheRoleToMake() {
        assertThatThrownBy(() -> server("postgres", REFUSING).initialize())
                .hasStackTraceContaining("'postgres'")
                .hasStackTraceContaining("is a superuser")
                .hasStackTraceContaining("CREATE ROLE mcp_reader")
                .hasStackTraceContaining("GRANT SELECT ON ALL TABLES");
    }

    @Test
    void roleThatMayMore_isRefused_withWhatTakesItAway() {
        assertThatThrownBy(() -> server("bad", REFUSING).initialize())
                .hasStackTraceContaining("ALTER ROLE bad NOBYPASSRLS;")
                .hasStackTraceContaining("ALTER ROLE bad NOCREATEROLE;")
                .hasStackTraceContaining("REVOKE pg_read_server_files FROM bad;")
                .hasStackTraceContaining("public.prices")
                .hasStackTraceContaining("REVOKE CREATE ON SCHEMA public FROM bad");
    }

    @Test
    void roleThatWrites_isRefusedForWhatIsNotWriting() {
        assertThatThrownBy(() -> server("bad", TimescaleOptions.DEFAULTS.withRoleCheck(RoleCheckMode.REFUSE))
                        .initialize())
                .hasStackTraceContaining("NOBYPASSRLS")
                .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("REVOKE CREATE"));
    }

    @Test
    void roleThatMayMore_isOnlyWarnedOf_byDefault() throws Exception {
        try (var server = server("bad", TimescaleOptions.READ_ONLY)) {
            server.initialize();
            assertThat(MCPClient.inProcess(server)
                            .call("query", Map.of("sql", "SELECT 1"))
                            .path("rowCount")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void wrongCredentials_areReportedAtOnce() throws Exception {
        try (var server = server("nobody_of_that_name", TimescaleOptions.READ_ONLY.withRoleCheck(RoleCheckMode.OFF))) {
            server.initialize();
            var client = MCPClient.inProcess(server);
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                MCPToolError error =
                        catchThrowableOfType(MCPToolError.class, () -> client.call("query", Map.of("sql", "SELECT 1")));
                assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED))
                        .as(error.toString())
                        .isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            }
        }
    }

    @Test
    void unknownMode_isNamed() {
        assertThatThrownBy(() -> TimescaleOptions.fromSettings(Map.of("TIMESCALE_ROLE_CHECK", "maybe")))
                .hasMessageContaining("TIMESCALE_ROLE_CHECK")
                .hasMessageContaining("'maybe'");
    }

    private static TimescaleMCPServer server(String user, TimescaleOptions options) {
        return new TimescaleMCPServer(new TimescaleConnection(world.postgres.jdbcUrl(), user, "x"), options);
    }
}
