package io.qicore.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.tool.MCPToolError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {

    @Test
    void timeouts_mustBePositiveAndAtMostADay() {
        List<BiConsumer<ServerSettings.Builder, Duration>> setters = List.of(
                ServerSettings.Builder::callTimeout,
                ServerSettings.Builder::inputTimeout,
                ServerSettings.Builder::drainTimeout,
                (builder, timeout) -> builder.toolTimeout("echo", timeout),
                (builder, timeout) -> builder.toolTimeouts(Map.of("echo", timeout)));
        for (BiConsumer<ServerSettings.Builder, Duration> setter : setters) {
            for (Duration wrong :
                    List.of(Duration.ZERO, Duration.ofMillis(-1), ServerSettings.MAX_TIMEOUT.plusMillis(1))) {
                assertThatIllegalArgumentException().isThrownBy(() -> setter.accept(ServerSettings.builder(), wrong));
            }
            setter.accept(ServerSettings.builder(), ServerSettings.MAX_TIMEOUT);
        }
    }

    @Test
    void limits_mustBePositive() {
        ServerSettings.Builder builder = ServerSettings.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxConcurrentCalls(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxSubscriptions(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.pageSize(0));
    }

    @Test
    void stateKey_mustBeLongAndIsNeitherSharedNorShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerSettings.builder().stateKey(new byte[31]))
                .withMessageContaining("32");
        byte[] key = new byte[32];
        ServerSettings settings = ServerSettings.builder().stateKey(key).build();
        key[0] = 1;
        settings.stateKey().orElseThrow()[1] = 1;
        assertThat(settings.stateKey().orElseThrow()).containsOnly(0);
        assertThat(settings.toString()).contains("stateKey=set").doesNotContain("[0");
        assertThat(ServerSettings.defaults().toString()).contains("stateKey=random");
    }

    @Test
    void acceptedStateKeys_mustBeLongAndAreCopied() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerSettings.builder().acceptedStateKeys(List.of(new byte[32], new byte[31])))
                .withMessageContaining("32");
        byte[] key = new byte[32];
        ServerSettings settings = ServerSettings.builder().acceptedStateKeys(List.of(key)).build().toBuilder()
                .build();
        key[0] = 1;
        settings.acceptedStateKeys().get(0)[1] = 1;
        assertThat(settings.acceptedStateKeys()).singleElement().satisfies(kept -> assertThat(kept)
                .containsOnly(0));
        assertThat(settings.toString()).contains("acceptedStateKeys=1");
    }

    @Test
    void toolTimeout_endsCallsOfItsToolOnly() {
        try (TestServer server = initialized(ServerSettings.builder()
                        .callTimeout(Gate.PATIENCE)
                        .toolTimeout("never", Duration.ofMillis(50)));
                MCPClient client = MCPClient.inProcess(server)) {
            assertThat(server.tool("never").timeout()).isEqualTo(Duration.ofMillis(50));
            assertDeadlineExceeded(client, "never");
            assertThat(server.tool("wait").timeout()).isNull();
        }
    }

    @Test
    void toolTimeout_mayBeLongerThanThatOfTheServer() throws Exception {
        try (TestServer server = initialized(ServerSettings.builder()
                        .callTimeout(Duration.ofMillis(50))
                        .toolTimeout("wait", Gate.PATIENCE));
                MCPClient client = MCPClient.inProcess(server)) {
            CompletableFuture<JsonNode> waiting = CompletableFuture.supplyAsync(() -> client.call("wait", Map.of()));
            server.gate().awaitEntered(1);
            assertDeadlineExceeded(client, "never");
            assertThat(waiting).isNotDone();
            server.gate().open();
            assertThat(waiting.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                            .get("text")
                            .asText())
                    .isEqualTo("waited");
        }
    }

    @Test
    void pageSize_boundsAPageOfAList() {
        try (TestServer server = initialized(ServerSettings.builder().pageSize(2))) {
            JsonNode page = Objects.requireNonNull(
                    send(server, "tools/list", "\"x\": 1").join().message());
            assertThat(page.at("/result/tools")).hasSize(2);
            assertThat(page.at("/result/nextCursor").isTextual()).isTrue();
        }
    }

    @Test
    void callBeyondTheLimit_isAnsweredBusy() throws Exception {
        try (TestServer server =
                initialized(ServerSettings.builder().callTimeout(Gate.PATIENCE).maxConcurrentCalls(1))) {
            CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(
                    () -> send(server, "tools/call", "\"name\": \"wait\"").join());
            server.gate().awaitEntered(1);
            assertThat(send(server, "tools/call", "\"name\": \"crash\"").join().kind())
                    .isEqualTo(Reply.Kind.BUSY);
            server.gate().open();
            assertThat(waiting.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                            .kind())
                    .isEqualTo(Reply.Kind.RESULT);
        }
    }

    @Test
    void subscriptionBeyondTheLimit_isAnsweredBusy() {
        try (TestServer server = initialized(ServerSettings.builder().maxSubscriptions(1))) {
            String listen = "\"notifications\": {\"toolsListChanged\": true}";
            assertThat(send(server, "subscriptions/listen", listen)).isNotDone();
            assertThat(send(server, "subscriptions/listen", listen).join().kind())
                    .isEqualTo(Reply.Kind.BUSY);
        }
    }

    private static CompletableFuture<Reply> send(TestServer server, String method, String params) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        String message = """
                {"jsonrpc": "2.0", "id": "%s", "method": "%s", "params": {%s, "_meta": {
                 "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                 "io.modelcontextprotocol/clientCapabilities": {}}}}""".formatted(System.identityHashCode(reply), method, params);
        server.engine().handle(message.getBytes(StandardCharsets.UTF_8), CallMetadata.none(), reply::complete);
        return reply;
    }

    private static TestServer initialized(ServerSettings.Builder settings) {
        TestServer server = new TestServer().with(settings);
        server.initialize();
        return server;
    }

    private static void assertDeadlineExceeded(MCPClient client, String tool) {
        assertThatThrownBy(() -> client.call(tool, Map.of()))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("DEADLINE_EXCEEDED"));
    }

    @Test
    void toBuilder_keepsEverything() {
        ServerSettings settings = ServerSettings.builder()
                .callTimeout(Duration.ofSeconds(1))
                .toolTimeout("query", Duration.ofSeconds(2))
                .inputTimeout(Duration.ofSeconds(3))
                .drainTimeout(Duration.ofSeconds(4))
                .maxConcurrentCalls(5)
                .maxSubscriptions(6)
                .pageSize(7)
                .stateKey(new byte[32])
                .taskStore(new InMemoryTaskStore())
                .build();
        assertThat(settings.toBuilder().build()).usingRecursiveComparison().isEqualTo(settings);
    }
}
