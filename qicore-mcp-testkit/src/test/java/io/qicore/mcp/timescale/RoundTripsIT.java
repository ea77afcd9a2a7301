package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.SqlRecorder;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.tool.MCPToolError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often {@code query} waits for the database, and that what it knows about a statement never makes an answer wrong. */
class RoundTripsIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    private static SqlRecorder recorder;
    private static TimescaleMCPServer server;
    private static MCPClient client;

    @BeforeAll
    static void prepare() throws Exception {
        recorder = new SqlRecorder(world.database.postgres().port());
        server = new TimescaleMCPServer(
                new TimescaleConnection(
                        "jdbc:postgresql://127.0.0.1:" + recorder.port() + "/" + world.database.name()
                                + "?sslmode=disable",
                        world.database.postgres().username(),
                        Objects.requireNonNullElse(world.database.postgres().password(), "x"),
                        1),
                TimescaleWorld.OPTIONS);
        server.initialize();
        client = MCPClient.inProcess(server);
        world.database.execute("CREATE FUNCTION plus_one(i int) RETURNS int LANGUAGE sql STABLE AS 'SELECT i + 1'");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        recorder.close();
    }

    @BeforeEach
    void connect() throws Exception {
        world.database.execute(
                "DROP VIEW IF EXISTS v",
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (a int, b text, j jsonb)",
                "INSERT INTO t VALUES (1, 'one', '[1]')",
                "CREATE VIEW v AS SELECT a, b FROM t");
        // The first statement of a connection also reads what the driver wants to know, and what runs without being
        // named.
        query("SELECT count(*) FROM t AS n" + System.nanoTime());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT a, upper(b) AS b, j FROM t WHERE a = 1",
                "SELECT :n::int + a FROM t",
                "WITH x AS (SELECT * FROM t) SELECT count(*), max(a) FROM x",
                "VALUES (1), (2)",
                "TABLE t"
            })
    void newStatement_takesTwoRoundTrips_andItsRepeatsOne(String sql) {
        String statement = "SELECT * FROM (" + sql + ") AS n" + System.nanoTime();
        JsonNode first = query(statement);
        assertThat(recorder.roundTrips())
                .as(() -> String.join("\n", recorder.statements()))
                .isEqualTo(2);
        for (int i = 0; i < 3; i++) {
            assertThat(query(statement)).isEqualTo(first);
            assertThat(recorder.roundTrips())
                    .as(() -> String.join("\n", recorder.statements()))
                    .isEqualTo(1);
        }
    }

    @Test
    void statementWhoseNamesAreExamined_takesOneRoundTrip_whenRepeated() {
        String sql = "SELECT plus_one(a) FROM v";
        JsonNode first = query(sql);
        assertThat(first.at("/rows/0/0").asInt()).isEqualTo(2);
        assertThat(query(sql)).isEqualTo(first);
        assertThat(recorder.roundTrips()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE t ALTER COLUMN b TYPE jsonb USING '{\"a\": 1}'",
                "ALTER TABLE t ALTER COLUMN a TYPE numeric(6, 2)",
                "ALTER TABLE t ALTER COLUMN a TYPE text",
                "ALTER TABLE t RENAME COLUMN b TO renamed",
                "ALTER TABLE t ADD COLUMN c timestamptz DEFAULT '2026-01-01 00:00+00'",
                "ALTER TABLE t DROP COLUMN b",
                "ALTER TABLE t DROP COLUMN j"
            })
    void tableThatChanges_isDescribedAnew(String change) throws Exception {
        world.database.execute("DROP VIEW v");
        query("SELECT * FROM t");
        assertThat(query("SELECT * FROM t").at("/rows")).hasSize(1);
        world.database.execute(change);

        JsonNode after = query("SELECT * FROM t");

        // Another text for the same rows, about which nothing is known.
        assertThat(after).isEqualTo(query("SELECT * FROM (SELECT * FROM t) AS n" + System.nanoTime()));
    }

    @Test
    void viewThatChanges_isReadAnew() throws Exception {
        query("SELECT * FROM v");
        world.database.execute("DROP VIEW v", "CREATE VIEW v AS SELECT b AS a, a AS b, a + 1 AS c FROM t");

        assertThat(query("SELECT * FROM v").at("/rows/0").toString()).isEqualTo("[\"one\",1,2]");
    }

    @Test
    void tableThatIsDropped_isReported_withTheNearestName() throws Exception {
        world.database.execute("CREATE TABLE short_lived (a int)");
        query("SELECT * FROM short_lived");
        query("SELECT * FROM short_lived");
        world.database.execute("ALTER TABLE short_lived RENAME TO short_live");

        MCPToolError error = Tools.failure(client, "query", Map.of("sql", "SELECT * FROM short_lived"));

        assertThat(error.code()).isEqualTo("TABLE_NOT_FOUND");
        assertThat(error).hasMessageContaining("Did you mean 'short_live'?");
        world.database.execute("DROP TABLE short_live");
    }

    @Test
    void errorsOfARepeatedStatement_haveTheSamePosition() {
        for (int i = 0; i < 3; i++) {
            query("SELECT a / :by::int AS q FROM t", "by", 1);
            MCPToolError zero = Tools.failure(
                    client, "query", Map.of("sql", "SELECT a / :by::int AS q FROM t", "parameters", Map.of("by", 0)));
            assertThat(zero).hasMessageContaining("division by zero");
            MCPToolError text = Tools.failure(
                    client, "query", Map.of("sql", "SELECT a / :by::int AS q FROM t", "parameters", Map.of("by", "x")));
            assertThat(text).hasMessageContaining("invalid input syntax for type integer: \"x\"");
        }
    }

    @Test
    void pathOfTheUser_decides_whichTableARepeatReads() throws Exception {
        String user = world.database.postgres().username();
        world.database.execute(
                "CREATE SCHEMA IF NOT EXISTS other", "CREATE TABLE IF NOT EXISTS other.t (a int, b text, j jsonb)");
        query("SELECT count(*) FROM t");
        assertThat(query("SELECT count(*) FROM t").at("/rows/0/0").asInt()).isEqualTo(1);
        world.database.execute(
                "ALTER ROLE " + user + " IN DATABASE " + world.database.name() + " SET search_path = other, public");
        try (var another = new TimescaleMCPServer(world.connection(), TimescaleWorld.OPTIONS)) {
            another.initialize();
            assertThat(MCPClient.inProcess(another)
                            .call("query", Map.of("sql", "SELECT count(*) FROM t"))
                            .at("/rows/0/0")
                            .asInt())
                    .isZero();
        } finally {
            world.database.execute(
                    "ALTER ROLE " + user + " IN DATABASE " + world.database.name() + " RESET search_path",
                    "DROP SCHEMA other CASCADE");
        }
    }

    @Test
    void nothingIsSentBetweenTheOpeningAndTheEnd_exceptTheStatement() {
        query("SELECT a FROM t");
        query("SELECT a FROM t");
        assertThat(recorder.statements())
                .as("prepared when it is repeated")
                .filteredOn(sent -> sent.startsWith("PREPARE "))
                .hasSize(2)
                .allSatisfy(sent -> assertThat(sent).contains("SELECT a FROM t"));
        query("SELECT a FROM t");
        assertThat(recorder.statements()).as("one message").hasSize(1);
        List<String> sent = List.of(recorder.statements().get(0).split(";"));
        assertThat(sent).hasSize(6);
        assertThat(sent.get(0)).isEqualTo("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        assertThat(sent.subList(1, 5))
                .allSatisfy(part -> assertThat(part).matches("EXECUTE qicore_[0-9a-f]{40}(\\(.*\\))?"));
        assertThat(sent.get(5)).isEqualTo("ROLLBACK");
    }

    private static JsonNode query(String sql) {
        return sql.contains(":n") ? query(sql, "n", 1) : query(sql, Map.of());
    }

    private static JsonNode query(String sql, String parameter, Object value) {
        return query(sql, Map.of(parameter, value));
    }

    private static JsonNode query(String sql, Map<String, ?> parameters) {
        recorder.reset();
        Map<String, Object> arguments = new HashMap<>(Map.of("sql", sql));
        if (!parameters.isEmpty()) {
            arguments.put("parameters", parameters);
        }
        return client.call("query", arguments);
    }
}
