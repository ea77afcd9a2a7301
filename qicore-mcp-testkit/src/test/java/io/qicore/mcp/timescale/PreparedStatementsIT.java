package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.internal.connect.Batch;
import io.qicore.mcp.timescale.internal.connect.Confinement;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Part;
import io.qicore.mcp.timescale.internal.connect.PreparedStatements;
import io.qicore.mcp.timescale.internal.connect.SqlErrors;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server prepares in the sessions of its own connections, and what it does when that is lost or outdated. */
class PreparedStatementsIT {

    private static final int MOST = 80;

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    private HikariDataSource pool;
    private Database database;

    @BeforeEach
    void connect() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(world.database.dataSource());
        config.setMaximumPoolSize(1);
        pool = new HikariDataSource(config);
        database = new Database(() -> pool, new Confinement(null, false), new PreparedStatements());
        world.database.execute("DROP TABLE IF EXISTS t", "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
    }

    @AfterEach
    void disconnect() {
        pool.close();
    }

    @Test
    void statementThatRepeats_isPreparedOnce_andTheOthersAreNot() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(run("SELECT a FROM t WHERE a = CAST(? AS int)", "1")).containsExactly("1");
        }

        assertThat(inSession("SELECT string_agg(statement, ' ') FROM pg_prepared_statements"))
                .contains("a FROM t", "set_config", "pg_advisory_unlock_all")
                .doesNotContain("BEGIN", "ROLLBACK");
        assertThat(inSession("SELECT count(*) FROM pg_prepared_statements")).isEqualTo("3");
        // PostgreSQL counts the executions, of which the first two are those of the connection that was not known yet.
        assertThat(inSession("SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements"
                        + " WHERE statement LIKE '%FROM t%'"))
                .isEqualTo("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "prepareThreshold=0"})
    void nothingIsPrepared_ifTheUrlForbidsIt(String parameter) throws Exception {
        String url = world.database.jdbcUrl();
        try (var server = new TimescaleMCPServer(
                new TimescaleConnection(
                        url + (url.contains("?") ? "&" : "?") + parameter,
                        world.database.postgres().username(),
                        world.database.postgres().password(),
                        1),
                TimescaleWorld.OPTIONS)) {
            server.initialize();
            var client = MCPClient.inProcess(server);
            String sql = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()";
            for (int i = 0; i < 3; i++) {
                client.call("query", Map.of("sql", sql));
            }
            assertThat(
                            world.database.fetch(
                                    "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                            + " 'qicore-mcp-timescale' AND datname = current_database() AND query LIKE '%EXECUTE qicore_%'"))
                    .isEqualTo(parameter.isEmpty() ? "1" : "0");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'",
                "''); DROP TABLE t; --",
                "\\",
                "\\'",
                "$1",
                "?",
                "E'\\n'",
                "line\nbreak\ttab",
                "ü€😀",
                "/*",
                "--",
                "$$",
                "NULL"
            })
    void value_isTheSame_howeverItIsSent(String value) {
        for (int i = 0; i < 3; i++) {
            assertThat(run("SELECT CAST(? AS text), CAST(? AS text)", value, null))
                    .containsExactly(value, null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT CAST('{\"a\": 1}' AS jsonb) ?? CAST(? AS text)",
                "SELECT '{\"a\": 1}'::jsonb ??| ARRAY[CAST(? AS text), 'b'], '?' = '?'",
                "SELECT '{\"a\": 1}'::jsonb ??& ARRAY[CAST(? AS text)], $$?$$ = '?', \"?\" = 1 FROM (SELECT 1) AS x (\"?\")",
                "SELECT /* ? */ '{\"a\": 1}'::jsonb @?? '$.a', CAST(? AS text) -- ?\n = 'a'",
                "SELECT '{\"a??\": 1}'::jsonb ?? 'a??', CAST(? AS text) = 'a'"
            })
    void questionMark_isAnOperatorOrText_alsoWhenPrepared(String sql) {
        for (int i = 0; i < 4; i++) {
            assertThat(run(sql, "a")).containsOnly("t");
        }
    }

    @Test
    void valueThatNoTextCanHold_isRefused_howeverItIsSent() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> run("SELECT CAST(? AS text)", "a\0b")).isInstanceOf(MCPToolError.class);
            assertThat(run("SELECT CAST(? AS text)", "ab")).containsExactly("ab");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEALLOCATE ALL", "DISCARD ALL", "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"})
    void whatSomebodyDeallocates_isPreparedAgain(String loss) throws Exception {
        run("SELECT a FROM t");
        run("SELECT a FROM t");
        inSession(loss);
        assertThat(inSession("SELECT count(*) FROM pg_prepared_statements")).isEqualTo("0");

        for (int i = 0; i < 3; i++) {
            assertThat(run("SELECT a FROM t")).containsExactly("1");
        }
        assertThat(inSession("SELECT count(*) FROM pg_prepared_statements")).isEqualTo("3");
    }

    @Test
    void sessionWithANameThatIsTaken_isReplaced() throws Exception {
        run("SELECT 1");
        run("SELECT 1");
        String name = inSession("SELECT name FROM pg_prepared_statements WHERE statement LIKE '%AS SELECT 1'");
        pool.getHikariPoolMXBean().softEvictConnections();
        run("SELECT 2");
        inSession("PREPARE " + name + " AS SELECT 'another'");

        assertThat(run("SELECT 1")).containsExactly("1");
        assertThat(run("SELECT 1")).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ALTER TABLE t ALTER a TYPE text", "ALTER TABLE t RENAME a TO b", "ALTER TABLE t ADD b int"})
    void tableWithOtherColumns_isReported_andReadAsItIsAfterwards(String change) throws Exception {
        run("SELECT * FROM t");
        run("SELECT * FROM t");
        world.database.execute(change);

        assertThatThrownBy(() -> run("SELECT * FROM t"))
                .hasMessageContaining("cached plan must not change result type");
        assertThat(run("SELECT * FROM t")).first().isEqualTo("1");
    }

    @Test
    void sessionKeepsOnlySoMany() throws Exception {
        for (int i = 0; i < 3 * MOST; i++) {
            assertThat(run("SELECT " + i)).containsExactly(String.valueOf(i));
        }
        assertThat(Integer.parseInt(inSession("SELECT count(*) FROM pg_prepared_statements")))
                .isBetween(MOST - 5, MOST);
        assertThat(run("SELECT 0")).containsExactly("0");
    }

    @Test
    void failure_leavesPreparedWhatCameBeforeIt() throws Exception {
        run("SELECT 1");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> run("SELECT 1 / CAST(? AS int)", "0")).hasMessageContaining("division by zero");
        }
        assertThat(run("SELECT 1 / CAST(? AS int)", "1")).containsExactly("1");
    }

    private List<@Nullable String> run(String sql, @Nullable String... values) {
        Part part = new Part(sql, Arrays.asList(values), true);
        Batch batch = new Batch(null, List.of(part), true, SqlErrors::toToolError);
        return database.read(RequestContext.ofTimeout(Duration.ofSeconds(20)), batch, session -> session.answers()
                .get(0)
                .read(rows -> {
                    List<@Nullable String> cells = new ArrayList<>();
                    rows.next();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        cells.add(rows.getString(i));
                    }
                    return cells;
                }));
    }

    private String inSession(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            ResultSet result = statement.getResultSet();
            result.next();
            return result.getString(1);
        }
    }
}
