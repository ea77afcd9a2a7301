package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.host.MCPServerRegistry;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Roles with the right privileges, with too many and with too few. The SQL in the error message must fix the role. */
class RoleCheckIT {

    private static final TimescaleOptions REFUSING = TimescaleOptions.builder()
            .policy(TimescalePolicy.builder().readOnly(true).build())
            .roleCheck(RoleCheckMode.REFUSE)
            .build();
    private static final TimescaleOptions REFUSING_WRITER =
            TimescaleOptions.builder().roleCheck(RoleCheckMode.REFUSE).build();
    private static final String SQL_BEGINS = "An administrator changes that with: ";
    private static final String SQL_ENDS = " To start with this role";

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE prices (price int)",
                "CREATE SCHEMA \"Odd \"\"schema\"",
                "CREATE TABLE \"Odd \"\"schema\".\"T\" (x int)",
                "CREATE EXTENSION dblink");
        // Otherwise every role could run the functions of dblink, and each role here must have one fault only.
        world.database.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC");
    }

    @Test
    void roleThatOnlyReads_isAccepted() throws Exception {
        role("good");
        assertAccepted("good", REFUSING);
    }

    @Test
    void superuser_isRefused_withTheRoleToCreate() throws Exception {
        String verdict = refusal("postgres", REFUSING);
        assertThat(verdict).contains("'postgres'", "is a superuser", "log in as mcp_reader");
        mend(verdict);
        assertAccepted("mcp_reader", REFUSING);
    }

    @Test
    void superuserForWriting_isRefused_withTheRoleToCreate() throws Exception {
        String verdict = refusal("postgres", REFUSING_WRITER);
        assertThat(verdict).contains("is a superuser", "log in as mcp_writer");
        mend(verdict);
        assertAccepted("mcp_writer", REFUSING_WRITER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER ROLE %s BYPASSRLS | bypasses row security | ALTER ROLE %s NOBYPASSRLS;",
                "ALTER ROLE %s REPLICATION | may replicate | ALTER ROLE %s NOREPLICATION;",
                "ALTER ROLE %s CREATEROLE | may create roles | ALTER ROLE %s NOCREATEROLE;",
                "ALTER ROLE %s CREATEDB | may create databases | ALTER ROLE %s NOCREATEDB;",
                "GRANT pg_read_server_files TO %s | reads files of the server | REVOKE pg_read_server_files FROM %s;",
                "GRANT pg_write_server_files TO %s | writes files of the server | REVOKE pg_write_server_files FROM %s;",
                "GRANT pg_execute_server_program TO %s | runs programs | REVOKE pg_execute_server_program FROM %s;",
                "GRANT pg_read_all_data TO %s | password hashes included | REVOKE pg_read_all_data FROM %s;",
                "GRANT postgres TO %s | is a member of postgres, which is a superuser | REVOKE postgres FROM %s;",
                "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO %s | extension dblink | REVOKE EXECUTE ON FUNCTION",
            })
    void dangerousRole_isRefused_alsoForWriters(String grant, String what, String fix) throws Exception {
        for (TimescaleOptions options : new TimescaleOptions[] {REFUSING, REFUSING_WRITER}) {
            role("Odd-one");
            world.database.execute("GRANT CREATE ON SCHEMA public TO \"Odd-one\"");
            if (options == REFUSING) {
                world.database.execute("REVOKE CREATE ON SCHEMA public FROM \"Odd-one\"");
            }
            assertAccepted("Odd-one", options);
            world.database.execute(grant.formatted("\"Odd-one\""));
            String verdict = refusal("Odd-one", options);
            assertThat(verdict).contains("'Odd-one'", what, fix.formatted("\"Odd-one\""));
            mend(verdict);
            assertAccepted("Odd-one", options);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GRANT INSERT ON \"Odd \"\"schema\".\"T\" TO %s | may change \"Odd \"\"schema\".\"T\" |"
                        + " ON ALL TABLES IN SCHEMA \"Odd \"\"schema\" FROM %s;",
                "GRANT DELETE ON prices TO PUBLIC | may change public.prices | ON ALL TABLES IN SCHEMA public FROM PUBLIC;",
                "GRANT CREATE ON SCHEMA public TO %s | create things in schema public |"
                        + " REVOKE CREATE ON SCHEMA public FROM %s;",
                "GRANT CREATE ON DATABASE {database} TO %s | create schemas in database {database} |"
                        + " REVOKE CREATE ON DATABASE {database} FROM %s;",
                "GRANT pg_signal_backend TO %s | ends statements | REVOKE pg_signal_backend FROM %s;",
            })
    void roleThatMayWrite_isRefused_byAReadOnlyServer(String grant, String what, String fix) throws Exception {
        role("Odd-one");
        world.database.execute(forThis(grant));
        String verdict = refusal("Odd-one", REFUSING);
        assertThat(verdict).contains(forThis(what), forThis(fix));
        mend(verdict);
        assertAccepted("Odd-one", REFUSING);

        world.database.execute("GRANT CREATE ON SCHEMA public TO \"Odd-one\"", forThis(grant));
        assertAccepted("Odd-one", REFUSING_WRITER);
        world.database.execute("REVOKE DELETE ON prices FROM PUBLIC");
    }

    @Test
    void roleThatMayWriteThroughAMembership_isRefused_withTheMembershipToRevoke() throws Exception {
        role("Odd-one");
        world.database.execute(
                "DROP ROLE IF EXISTS inner_group, \"Outer group\"",
                "CREATE ROLE inner_group",
                "CREATE ROLE \"Outer group\"",
                "GRANT inner_group TO \"Outer group\"",
                "GRANT \"Outer group\" TO \"Odd-one\"",
                "GRANT DELETE ON prices TO inner_group");
        String verdict = refusal("Odd-one", REFUSING);
        assertThat(verdict).contains("as a member of Outer group", "REVOKE \"Outer group\" FROM \"Odd-one\";");
        mend(verdict);
        assertAccepted("Odd-one", REFUSING);
        world.database.execute("REVOKE DELETE ON prices FROM inner_group");
    }

    @Test
    void roleThatOwnsTables_isRefused_withAnotherRoleToCreate() throws Exception {
        role("Odd-one");
        world.database.execute("CREATE TABLE owned (x int)", "ALTER TABLE owned OWNER TO \"Odd-one\"");
        assertAccepted("Odd-one", REFUSING_WRITER);
        assertThat(refusal("Odd-one", REFUSING))
                .contains("owns what it may change public.owned", "CREATE ROLE mcp_reader");
        world.database.execute("DROP TABLE owned");
    }

    @Test
    void roleThatMayNotRead_isRefused_withTheGrants() throws Exception {
        role("Odd-one");
        world.database.execute(
                "REVOKE ALL ON ALL TABLES IN SCHEMA public, \"Odd \"\"schema\" FROM \"Odd-one\"",
                "REVOKE USAGE ON SCHEMA \"Odd \"\"schema\" FROM \"Odd-one\"");
        String verdict = refusal("Odd-one", REFUSING);
        assertThat(verdict)
                .contains(
                        "may read none of the tables of schema \"Odd \"\"schema\", public",
                        "GRANT USAGE ON SCHEMA \"Odd \"\"schema\", public TO \"Odd-one\";",
                        "GRANT SELECT ON ALL TABLES IN SCHEMA \"Odd \"\"schema\", public TO \"Odd-one\";");
        mend(verdict);
        assertAccepted("Odd-one", REFUSING);
    }

    @Test
    void roleWithoutUsageOfASchema_isRefused_withTheGrant() throws Exception {
        role("Odd-one");
        world.database.execute("REVOKE USAGE ON SCHEMA \"Odd \"\"schema\" FROM \"Odd-one\"");
        String verdict = refusal("Odd-one", REFUSING);
        assertThat(verdict)
                .contains(
                        "tables of schema \"Odd \"\"schema\" and not the schema",
                        "GRANT USAGE ON SCHEMA \"Odd \"\"schema\" TO \"Odd-one\";");
        mend(verdict);
        assertAccepted("Odd-one", REFUSING);
    }

    @Test
    void roleThatMayNotWrite_isRefused_withTheGrants_byAServerThatWrites() throws Exception {
        role("Odd-one");
        String verdict = refusal("Odd-one", REFUSING_WRITER);
        assertThat(verdict)
                .contains("may create tables in no schema", "GRANT USAGE, CREATE ON SCHEMA public TO \"Odd-one\";");
        mend(verdict);
        assertAccepted("Odd-one", REFUSING_WRITER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WARN", "OFF"})
    void superuser_startsAndWorks_unlessRefused(RoleCheckMode mode) throws Exception {
        try (var server = server(
                "postgres",
                TimescaleOptions.builder()
                        .policy(TimescalePolicy.builder().readOnly(true).build())
                        .roleCheck(mode)
                        .build())) {
            server.initialize();
            assertThat(MCPClient.inProcess(server)
                            .call("query", Map.of("sql", "SELECT 1"))
                            .path("rowCount")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void databaseThatIsDown_isRefusedOnlyWhereTheRoleMustBeChecked() throws Exception {
        var nowhere = new TimescaleConnection("jdbc:postgresql://127.0.0.1:1/postgres", "nobody", "x");
        assertThat(refusal(new TimescaleMCPServer(nowhere, REFUSING))).contains("could not be checked");
        try (var server = new TimescaleMCPServer(
                nowhere,
                TimescaleOptions.builder()
                        .policy(TimescalePolicy.builder().readOnly(true).build())
                        .build())) {
            server.initialize();
        }
    }

    @Test
    void refusedServer_doesNotKeepOthersFromStarting() throws Exception {
        role("good");
        var registry = new MCPServerRegistry();
        registry.register("refused", server("postgres", REFUSING));
        var other = server("good", REFUSING);
        registry.register("other", other);
        registry.startAll();
        try {
            assertThat(registry.failures()).containsOnlyKeys("refused");
            assertThat(other.state()).isEqualTo(StatelessMCPServer.State.STARTED);
        } finally {
            registry.stopAll();
        }
    }

    @Test
    void wrongCredentials_areReportedImmediately() throws Exception {
        try (var server = server(
                "nobody_of_that_name",
                TimescaleOptions.builder()
                        .policy(TimescalePolicy.builder().readOnly(true).build())
                        .roleCheck(RoleCheckMode.OFF)
                        .build())) {
            server.initialize();
            var client = MCPClient.inProcess(server);
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                MCPToolError error = Tools.failure(client, "query", Map.of("sql", "SELECT 1"));
                assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED))
                        .as(error.toString())
                        .isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            }
        }
    }

    private static String forThis(String text) {
        return text.formatted("\"Odd-one\"").replace("{database}", world.database.name());
    }

    /** Creates a role that may select from all tables and may not do anything else. Drops an older role of that name. */
    private static void role(String name) throws SQLException {
        String quoted = '"' + name + '"';
        world.database.execute("DO $$BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '" + name
                + "') THEN DROP OWNED BY " + quoted + "; DROP ROLE " + quoted + "; END IF; END$$");
        world.database.execute(
                "CREATE ROLE " + quoted + " LOGIN",
                "GRANT USAGE ON SCHEMA public, \"Odd \"\"schema\" TO " + quoted,
                "GRANT SELECT ON ALL TABLES IN SCHEMA public, \"Odd \"\"schema\" TO " + quoted);
    }

    /** Runs the SQL in the error message without any change. */
    private static void mend(String verdict) throws SQLException {
        int begin = verdict.indexOf(SQL_BEGINS) + SQL_BEGINS.length();
        world.database.execute(verdict.substring(begin, verdict.indexOf(SQL_ENDS)));
    }

    private static void assertAccepted(String user, TimescaleOptions options) throws Exception {
        try (var server = server(user, options)) {
            assertThatCode(server::initialize).doesNotThrowAnyException();
        }
    }

    private static String refusal(String user, TimescaleOptions options) throws Exception {
        return refusal(server(user, options));
    }

    /** Returns the message of the refusal, whatever exceptions wrap it. */
    private static String refusal(TimescaleMCPServer refused) throws Exception {
        try (refused) {
            Throwable thrown = catchThrowable(refused::initialize);
            assertThat(thrown).as("was accepted").isNotNull();
            while (thrown.getCause() != null && !thrown.getMessage().startsWith("The database role")) {
                thrown = thrown.getCause();
            }
            return thrown.getMessage();
        }
    }

    private static TimescaleMCPServer server(String user, TimescaleOptions options) {
        return new TimescaleMCPServer(new TimescaleConnection(world.database.jdbcUrl(), user, "x", 1), options);
    }
}
