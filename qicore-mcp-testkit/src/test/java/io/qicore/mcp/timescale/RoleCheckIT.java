package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.TcpProxy;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.host.MCPServerRegistry;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.timescale.internal.connect.Confinement;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.role.RoleCheck;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

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
    void superuser_isReported_withTheRoleToCreate_andReadsAsAnother() throws Exception {
        String verdict = verdict("postgres", false);
        assertThat(verdict).contains("'postgres'", "is a superuser", "log in as mcp_reader");
        assertThat(reader("postgres", REFUSING)).isEqualTo("pg_read_all_data");
        mend(verdict);
        assertAccepted("mcp_reader", REFUSING);
        assertThat(reader("mcp_reader", REFUSING)).isEqualTo("mcp_reader");
        assertThat(reader("postgres", readingAs("mcp_reader"))).isEqualTo("mcp_reader");
    }

    @Test
    void superuserForWriting_isReported_withTheRoleToCreate() throws Exception {
        String verdict = verdict("postgres", true);
        assertThat(verdict).contains("is a superuser", "log in as mcp_writer");
        assertAccepted("postgres", REFUSING_WRITER);
        mend(verdict);
        assertAccepted("mcp_writer", REFUSING_WRITER);
    }

    @Test
    void foreignTables_areNotForTheRecommendedRole() throws Exception {
        world.database.execute(
                "CREATE EXTENSION file_fdw",
                "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
                "CREATE FOREIGN TABLE \"a file\" (line text) SERVER files OPTIONS (program 'id')");
        assertThat(verdict("postgres", false)).contains("REVOKE SELECT ON public.\"a file\" FROM mcp_reader;");
        world.database.execute("DROP EXTENSION file_fdw CASCADE");
    }

    @Test
    void roleForReading_thatCannotBeTaken_isRefused() throws Exception {
        role("good");
        role("Odd-one");
        assertThat(refusal("good", readingAs("Odd-one")))
                .contains("'Odd-one' of TIMESCALE_READ_ROLE cannot be taken", "GRANT \"Odd-one\" TO");
        assertThat(refusal("good", readingAs("nobody of that name"))).contains("cannot be taken", "does not exist");
    }

    @Test
    void roleForReading_thatMayWrite_isRefused() throws Exception {
        role("Odd-one");
        world.database.execute("GRANT DELETE ON prices TO \"Odd-one\"");
        String verdict = refusal("postgres", readingAs("Odd-one"));
        assertThat(verdict).contains("'Odd-one'", "may change public.prices");
        mend(verdict);
        assertThat(reader("postgres", readingAs("Odd-one"))).isEqualTo("Odd-one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT set_config('role', 'none', true)",
                "SELECT pg_catalog.set_config('role', 'postgres', false)",
                "SELECT set_config('session_authorization', 'postgres', true)",
                "SET ROLE postgres",
                "RESET ROLE",
                "SET LOCAL ROLE NONE",
                "SET SESSION AUTHORIZATION DEFAULT",
                "RESET SESSION AUTHORIZATION",
                "RESET ALL",
                "DISCARD ALL",
                "SELECT 1; RESET ROLE",
                "SELECT * FROM set_config('role', 'none', true)",
                "SELECT ('role').set_config"
            })
    void statement_cannotTakeTheRoleBack(String sql) throws Exception {
        try (var server = server("postgres", REFUSING)) {
            server.initialize();
            MCPToolError error = Tools.failure(MCPClient.inProcess(server), "query", Map.of("sql", sql));
            assertThat(error.code()).as(error.toString()).isIn("STATEMENT_NOT_ALLOWED", "INVALID_SQL");
        }
    }

    @Test
    void readingTools_workAsTheRecommendedRole_andAsTheRoleOfPostgreSql() throws Exception {
        mend(verdict("postgres", false));
        world.database.execute(
                "CREATE TABLE IF NOT EXISTS ticks (time timestamptz NOT NULL, symbol text, price float8)",
                "INSERT INTO ticks VALUES (now(), 'a', 1)",
                "GRANT SELECT ON ticks TO mcp_reader");
        for (TimescaleOptions options : new TimescaleOptions[] {REFUSING, readingAs("mcp_reader")}) {
            try (var server = server("postgres", options)) {
                server.initialize();
                var client = MCPClient.inProcess(server);
                Map<String, ?> table = Map.of("table", "ticks");
                assertThat(client.call("query", Map.of("sql", "SELECT * FROM ticks"))
                                .path("rowCount")
                                .asInt())
                        .isPositive();
                assertThat(client.call("explain_query", Map.of("sql", "SELECT * FROM ticks", "analyze", true))
                                .isObject())
                        .isTrue();
                assertThat(client.call("get_latest", table).path("rows")).hasSize(1);
                assertThat(client.call("get_ingest_health", table).path("rows").asInt())
                        .isPositive();
                assertThat(client.call("describe_table", table).path("columns")).hasSize(3);
                assertThat(client.call("list_tables", Map.of()).path("tables").isEmpty())
                        .isFalse();
                assertThat(client.call("list_schemas", Map.of()).path("schemas").isEmpty())
                        .isFalse();
                assertThat(client.call(
                                        "get_time_buckets",
                                        Map.of(
                                                "table",
                                                "ticks",
                                                "interval",
                                                "1h",
                                                "from",
                                                "24h",
                                                "aggregates",
                                                List.of("avg(price)")))
                                .path("rows"))
                        .hasSize(1);
                assertThat(client.call("get_candlesticks", Map.of("table", "ticks", "interval", "1h", "from", "24h"))
                                .path("candles"))
                        .hasSize(1);
                // As the login role, which may see the sessions of others.
                assertThat(client.call("get_health", Map.of())
                                .path("postgresVersion")
                                .asText())
                        .isNotEmpty();
            }
        }
        world.database.execute("DROP TABLE ticks");
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
            boolean takesAnother = grant.contains("pg_read_all_data");
            String verdict =
                    takesAnother ? verdict("Odd-one", options == REFUSING_WRITER) : refusal("Odd-one", options);
            assertThat(verdict).contains("'Odd-one'", what, fix.formatted("\"Odd-one\""));
            if (takesAnother) {
                assertThat(reader("Odd-one", options)).isEqualTo("pg_read_all_data");
            }
            mend(verdict);
            assertAccepted("Odd-one", options);
            assertThat(reader("Odd-one", options)).isEqualTo("Odd-one");
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
    void roleThatMayNotRead_isReported_withTheGrants() throws Exception {
        role("Odd-one");
        world.database.execute(
                "REVOKE ALL ON ALL TABLES IN SCHEMA public, \"Odd \"\"schema\" FROM \"Odd-one\"",
                "REVOKE USAGE ON SCHEMA \"Odd \"\"schema\" FROM \"Odd-one\"");
        String verdict = verdict("Odd-one", false);
        assertThat(verdict)
                .contains(
                        "may read none of the tables of schema \"Odd \"\"schema\", public",
                        "GRANT USAGE ON SCHEMA \"Odd \"\"schema\", public TO \"Odd-one\";",
                        "GRANT SELECT ON ALL TABLES IN SCHEMA \"Odd \"\"schema\", public TO \"Odd-one\";");
        mend(verdict);
        assertThat(verdict("Odd-one", false)).endsWith("and no more.");
    }

    @Test
    void roleWithoutUsageOfASchema_isReported_withTheGrant() throws Exception {
        role("Odd-one");
        world.database.execute("REVOKE USAGE ON SCHEMA \"Odd \"\"schema\" FROM \"Odd-one\"");
        String verdict = verdict("Odd-one", false);
        assertThat(verdict)
                .contains(
                        "tables of schema \"Odd \"\"schema\" and not the schema",
                        "GRANT USAGE ON SCHEMA \"Odd \"\"schema\" TO \"Odd-one\";");
        mend(verdict);
        assertThat(verdict("Odd-one", false)).endsWith("and no more.");
    }

    @Test
    void roleThatMayNotWrite_isReported_withTheGrants_byAServerThatWrites() throws Exception {
        role("Odd-one");
        String verdict = verdict("Odd-one", true);
        assertThat(verdict)
                .contains("may create tables in no schema", "GRANT USAGE, CREATE ON SCHEMA public TO \"Odd-one\";");
        mend(verdict);
        assertThat(verdict("Odd-one", true)).endsWith("and no more.");
    }

    @ParameterizedTest
    @EnumSource
    void superuser_startsAndWorks_inEachMode(RoleCheckMode mode) throws Exception {
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
    void databaseThatIsDownAtTheStart_isNotUsedBeforeTheRoleIsChecked() throws Exception {
        role("Odd-one");
        world.database.execute("ALTER ROLE \"Odd-one\" BYPASSRLS");
        try (var proxy = new TcpProxy(world.database.postgres().port())) {
            proxy.cut();
            String url =
                    "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + world.database.name() + "?sslmode=disable";
            try (var server = new TimescaleMCPServer(new TimescaleConnection(url, "Odd-one", "x", 1), REFUSING)) {
                server.initialize();
                var client = MCPClient.inProcess(server);
                assertThat(Tools.failure(client, "query", Map.of("sql", "SELECT 1"))
                                .code())
                        .isEqualTo("DATABASE_UNAVAILABLE");
                proxy.restore();
                for (String tool : List.of("list_tables", "get_health")) {
                    MCPToolError error = Tools.failure(client, tool, Map.of());
                    assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED)).isTrue();
                    assertThat(error).hasMessageContaining("bypasses row security");
                }
                world.database.execute("ALTER ROLE \"Odd-one\" NOBYPASSRLS");
                assertThat(client.call("query", Map.of("sql", "SELECT 1"))
                                .path("rowCount")
                                .asInt())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void refusedServer_doesNotKeepOthersFromStarting() throws Exception {
        role("good");
        role("Odd-one");
        world.database.execute("ALTER ROLE \"Odd-one\" BYPASSRLS");
        var registry = new MCPServerRegistry();
        registry.register("refused", server("Odd-one", REFUSING));
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
        dropRole(name);
        world.database.execute(
                "CREATE ROLE " + quoted + " LOGIN",
                "GRANT USAGE ON SCHEMA public, \"Odd \"\"schema\" TO " + quoted,
                "GRANT SELECT ON ALL TABLES IN SCHEMA public, \"Odd \"\"schema\" TO " + quoted);
    }

    private static void dropRole(String name) throws SQLException {
        String quoted = '"' + name + '"';
        world.database.execute("DO $$BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '" + name
                + "') THEN DROP OWNED BY " + quoted + "; DROP ROLE " + quoted + "; END IF; END$$");
    }

    /** Runs the SQL in the error message without any change. */
    private static void mend(String verdict) throws SQLException {
        int begin = verdict.indexOf(SQL_BEGINS) + SQL_BEGINS.length();
        int end = verdict.indexOf(SQL_ENDS);
        dropRole(verdict.contains("CREATE ROLE mcp_writer") ? "mcp_writer" : "mcp_reader");
        world.database.execute(verdict.substring(begin, end < 0 ? verdict.length() : end));
    }

    /** Returns what the check says about a role, whether the server starts or not. */
    private static String verdict(String user, boolean writes) {
        var source = new PGSimpleDataSource();
        source.setUrl(world.database.jdbcUrl());
        source.setUser(user);
        source.setPassword("x");
        return new Database(() -> source, new Confinement(null, false), null)
                .observe(RequestContext.ofTimeout(Duration.ofSeconds(5)), session -> RoleCheck.of(session, writes))
                .toString();
    }

    /** Returns the role as which a server reads, after it has started. */
    private static String reader(String user, TimescaleOptions options) throws Exception {
        try (var server = server(user, options)) {
            server.initialize();
            return MCPClient.inProcess(server)
                    .call("query", Map.of("sql", "SELECT current_user"))
                    .at("/rows/0/0")
                    .asText();
        }
    }

    private static TimescaleOptions readingAs(String role) {
        return REFUSING.toBuilder().readRole(role).build();
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
