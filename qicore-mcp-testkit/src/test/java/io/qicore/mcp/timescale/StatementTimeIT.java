package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that may take longer than a usual call. */
class StatementTimeIT {

    /** Takes about 2 seconds, as a statement of a function that the guard lets through. */
    private static final String SLOW = "SELECT slow(3)";

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    /** A server whose pool has one connection, so that a statement that took it would stop everything. */
    @AutoClose
    private static final TimescaleMCPServer server = new TimescaleMCPServer(
            new TimescaleConnection(
                    world.database.jdbcUrl(),
                    world.database.postgres().username(),
                    world.database.postgres().password(),
                    1),
            TimescaleOptions.builder()
                    .maxTimeout(Duration.ofSeconds(20))
                    .server(ServerSettings.builder()
                            .callTimeout(Duration.ofSeconds(2))
                            .taskStore(new InMemoryTaskStore())
                            .build())
                    .build());

    private static MCPClient client;

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute("CREATE FUNCTION slow(seconds int) RETURNS int LANGUAGE plpgsql AS $$"
                + "DECLARE until timestamptz := clock_timestamp() + make_interval(secs => seconds);"
                + " BEGIN WHILE clock_timestamp() < until LOOP END LOOP; RETURN 1; END$$");
        server.initialize();
        client = MCPClient.inProcess(server);
        client.call("query", Map.of("sql", "SELECT 1"));
        // Loads the classes that handle an error. Otherwise that would take up part of the first deadline.
        Tools.failure(client, "query", Map.of("sql", "SELECT nosuch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"query", "explain_query"})
    void slowStatement_endsAtTheUsualTime_unlessTheAgentGivesItMore(String tool) {
        Map<String, Object> usual = tool.equals("query") ? Map.of("sql", SLOW) : Map.of("sql", SLOW, "analyze", true);
        MCPToolError error = Tools.failure(client, tool, usual);
        assertThat(error.is(TimescaleErrorCode.QUERY_TIMEOUT))
                .as(error.toString())
                .isTrue();

        Map<String, Object> longer = new java.util.HashMap<>(usual);
        longer.put("timeoutMs", 15_000);
        assertThat(client.call(tool, longer).isObject()).isTrue();
    }

    @Test
    void shorterTime_isKept() {
        long start = System.nanoTime();
        MCPToolError error = Tools.failure(client, "query", Map.of("sql", SLOW, "timeoutMs", 300));
        assertThat(error.is(TimescaleErrorCode.QUERY_TIMEOUT))
                .as(error.toString())
                .isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void timeBeyondTheOperatorsLimit_isRefused_withTheLimit() {
        MCPToolError error = Tools.failure(client, "query", Map.of("sql", SLOW, "timeoutMs", 20_001));
        assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT)).isTrue();
        assertThat(error).hasMessageContaining("at most 20000");
    }

    @Test
    void longStatements_leaveTheConnectionsOfOthersAlone_andAreFewAtOnce() throws Exception {
        List<CompletableFuture<JsonNode>> running = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> client.call("query", Map.of("sql", SLOW, "timeoutMs", 15_000))))
                .toList();
        Awaitility.await().until(() -> "2".equals(activeStatements()));

        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(client.call("query", Map.of("sql", "SELECT 1"))
                            .path("rowCount")
                            .asInt())
                    .isEqualTo(1);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));

        List<String> outcomes = running.stream().map(StatementTimeIT::outcome).toList();
        assertThat(outcomes).containsExactlyInAnyOrder("rows", "rows", "DATABASE_UNAVAILABLE");
    }

    @Test
    void longStatement_isATask_forAClientWithTasks() throws Exception {
        JsonNode created = send("tools/call", "query", SLOW);
        assertThat(created.path("resultType").asText()).isEqualTo("task");
        String id = created.path("taskId").asText();
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> task(id).path("status").asText().equals("completed"));
        assertThat(task(id).at("/result/structuredContent/rows/0/0").asInt()).isEqualTo(1);
    }

    private static String outcome(CompletableFuture<JsonNode> call) {
        try {
            call.get(10, TimeUnit.SECONDS);
            return "rows";
        } catch (Exception e) {
            Throwable cause = e.getCause() instanceof CompletionException inner ? inner.getCause() : e.getCause();
            return cause instanceof MCPToolError error ? error.code() : String.valueOf(cause);
        }
    }

    /** Counts by state and not by text, because a statement that runs again is an {@code EXECUTE} of a name. */
    private static String activeStatements() throws Exception {
        return world.database.fetch("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()");
    }

    private static JsonNode task(String id) {
        return exchange("tasks/get", JsonNodeFactory.instance.objectNode().put("taskId", id));
    }

    private static JsonNode send(String method, String tool, String sql) {
        ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", tool);
        params.putObject("arguments").put("sql", sql).put("timeoutMs", 15_000);
        return exchange(method, params);
    }

    private static JsonNode exchange(String method, ObjectNode params) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("jsonrpc", "2.0").put("id", 1).put("method", method).set("params", params);
        ObjectNode meta = params.putObject("_meta").put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.putObject("io.modelcontextprotocol/clientCapabilities")
                .putObject("extensions")
                .putObject("io.modelcontextprotocol/tasks");
        var answer = new CompletableFuture<Reply>();
        server.engine()
                .handle(message.toString().getBytes(StandardCharsets.UTF_8), CallMetadata.none(), new ReplySink() {
                    @Override
                    public void reply(Reply reply) {
                        answer.complete(reply);
                    }

                    @Override
                    public void cancelled() {
                        answer.cancel(true);
                    }
                });
        return answer.join().message().path("result");
    }
}
