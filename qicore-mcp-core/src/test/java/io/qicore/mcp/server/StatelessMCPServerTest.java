package io.qicore.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.http.HttpTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatelessMCPServerTest {

    /** Records the steps of a server and fails at the one that it is told to. */
    private static final class Steps {
        private final List<String> events = new ArrayList<>();
        private String failAt = "";

        void at(String step) throws IOException {
            events.add(step);
            if (failAt.equals(step)) {
                throw new IOException(step);
            }
        }

        ServerTransport transport(String name) {
            return new ServerTransport() {
                @Override
                public void start(MCPEngine engine) throws Exception {
                    at("start " + name);
                }

                @Override
                public void stop(Duration drainTimeout) throws Exception {
                    at("stop " + name);
                }
            };
        }
    }

    private static final class Recording extends StatelessMCPServer {
        private final Steps steps;

        Recording(Steps steps, String... transports) {
            super(
                    new ServerInfo("recording", "1"),
                    ServerSettings.builder()
                            .transports(
                                    Stream.of(transports).map(steps::transport).toList())
                            .build());
            this.steps = steps;
        }

        @Override
        protected void connect() throws Exception {
            steps.at("connect");
        }

        @Override
        public List<MCPTool> tools() {
            steps.events.add("tools");
            if (steps.failAt.equals("tools")) {
                throw new IllegalStateException("tools");
            }
            return TestServer.tools(new Gate());
        }

        @Override
        protected void disconnect() throws Exception {
            steps.at("disconnect");
        }
    }

    private final Steps steps = new Steps();
    private final Recording server = new Recording(steps, "a", "b");

    @Test
    void lifeCycle_goesStepByStepAndAgain() throws Exception {
        for (int round = 0; round < 2; round++) {
            steps.events.clear();
            assertThat(server.state()).isEqualTo(StatelessMCPServer.State.NEW);
            server.initialize();
            server.initialize();
            assertThat(server.state()).isEqualTo(StatelessMCPServer.State.INITIALIZED);
            server.start();
            server.start();
            assertThat(server.state()).isEqualTo(StatelessMCPServer.State.STARTED);
            server.stop();
            server.stop();
            assertThat(server.state()).isEqualTo(StatelessMCPServer.State.INITIALIZED);
            server.cleanup();
            server.cleanup();
            server.close();
            // The tools are asked for once and kept.
            assertThat(steps.events.remove("tools")).isEqualTo(round == 0);
            assertThat(steps.events).containsExactly("connect", "start a", "start b", "stop a", "stop b", "disconnect");
        }
    }

    @Test
    void start_initializesAndCleanupStops() throws Exception {
        server.start();
        server.cleanup();
        assertThat(steps.events)
                .containsExactly("connect", "tools", "start a", "start b", "stop a", "stop b", "disconnect");
        assertThat(server.state()).isEqualTo(StatelessMCPServer.State.NEW);
    }

    @Test
    void failureToInitialize_leavesNothingOpen() {
        for (String step : List.of("connect", "tools")) {
            steps.events.clear();
            steps.failAt = step;
            assertThatThrownBy(server::initialize).hasMessage(step);
            assertThat(server.state()).isEqualTo(StatelessMCPServer.State.NEW);
            assertThat(steps.events).endsWith("disconnect");
            assertThatIllegalStateException().isThrownBy(server::engine);
        }
    }

    @Test
    void failureToStart_leavesNothingOpen() {
        steps.failAt = "start b";
        assertThatThrownBy(server::start).hasMessage("start b");
        assertThat(server.state()).isEqualTo(StatelessMCPServer.State.NEW);
        assertThat(steps.events).containsExactly("connect", "tools", "start a", "start b", "stop a", "disconnect");
    }

    @Test
    void failureToStartWhatWasInitialized_leavesItInitialized() throws Exception {
        steps.failAt = "start a";
        server.initialize();
        assertThatThrownBy(server::start).hasMessage("start a");
        assertThat(server.state()).isEqualTo(StatelessMCPServer.State.INITIALIZED);
        steps.failAt = "";
        server.start();
        assertThat(server.state()).isEqualTo(StatelessMCPServer.State.STARTED);
    }

    @Test
    void failureToStopOrDisconnect_doesNotKeepTheRestFromClosing() throws Exception {
        server.start();
        steps.failAt = "stop a";
        server.stop();
        assertThat(steps.events).endsWith("stop a", "stop b");
        steps.failAt = "disconnect";
        server.cleanup();
        assertThat(server.state()).isEqualTo(StatelessMCPServer.State.NEW);
    }

    @Test
    void toolTimeoutOfAnUnknownTool_isRefusedAtInitialize() {
        try (TestServer strange =
                new TestServer().with(ServerSettings.builder().toolTimeout("ecko", Duration.ofSeconds(1)))) {
            assertThatThrownBy(strange::initialize)
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("'ecko'")
                    .hasMessageContaining("echo_json")
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertThat(strange.state()).isEqualTo(StatelessMCPServer.State.NEW);
        }
    }

    @Test
    void engine_isThereOnceInitialized() throws Exception {
        assertThatIllegalStateException()
                .isThrownBy(server::engine)
                .withMessageContaining("recording is not initialized");
        server.initialize();
        assertThat(server.engine()).isNotNull();
        server.cleanup();
        assertThatIllegalStateException().isThrownBy(server::engine);
    }

    @Test
    void tool_isFoundByName() {
        assertThat(server.tool("echo").name()).isEqualTo("echo");
        assertThatThrownBy(() -> server.tool("none"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("'none'");
    }

    @Test
    void replicas_answerAlikeAndOneMayDie() throws Exception {
        TestServer first = new TestServer().started(HttpTransport.onPort(0));
        TestServer second = new TestServer().started(HttpTransport.onPort(0));
        try (MCPClient one = client(first);
                MCPClient other = client(second)) {
            assertThat(one.listTools()).isEqualTo(other.listTools());
            assertThat(one.discover()).isEqualTo(other.discover());
            for (int i = 0; i < 10; i++) {
                if (i == 5) {
                    first.cleanup();
                }
                MCPClient client = i % 2 == 0 && i < 5 ? one : other;
                assertThat(client.call("echo", Map.of("text", "call " + i))
                                .get("text")
                                .asText())
                        .isEqualTo("call " + i);
            }
            first.start();
            try (MCPClient again = client(first)) {
                assertThat(again.listTools()).isEqualTo(other.listTools());
            }
        } finally {
            first.cleanup();
            second.cleanup();
        }
    }

    /** Offers one thing of each kind; its prompt asks first. */
    private static final class Complete extends StatelessMCPServer {

        private Complete(byte[] stateKey) throws Exception {
            super(
                    new ServerInfo("complete", "1"),
                    ServerSettings.builder().stateKey(stateKey).build());
            initialize();
        }

        @Override
        public List<MCPTool> tools() {
            return TestServer.tools(new Gate());
        }

        @Override
        public List<MCPResource> resources() {
            return List.of(MCPResource.of("test://r", "r")
                    .reader((uri, variables, context) -> ResourceResult.text("read"))
                    .build());
        }

        @Override
        public List<MCPPrompt> prompts() {
            return List.of(MCPPrompt.builder("p")
                    .handler((arguments, context) ->
                            context.inputs().state(String.class).isPresent()
                                    ? PromptResult.user("again")
                                    : PromptResult.inputRequired(InputRequests.builder()
                                            .state("first")
                                            .build()))
                    .build());
        }

        private JsonNode send(String method, String params) {
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            String message = """
                    {"jsonrpc": "2.0", "id": 1, "method": "%s", "params": {%s, "_meta": {
                     "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                     "io.modelcontextprotocol/clientCapabilities": {}}}}""".formatted(method, params);
            engine().handle(message.getBytes(StandardCharsets.UTF_8), CallMetadata.none(), reply::complete);
            return Objects.requireNonNull(reply.join().message());
        }
    }

    @Test
    void resourcesAndPrompts_areOffered() throws Exception {
        try (Complete complete = new Complete(new byte[32])) {
            assertThat(complete.send("resources/read", "\"uri\": \"test://r\"")
                            .at("/result/contents/0/text")
                            .asText())
                    .isEqualTo("read");
            assertThat(complete.send("prompts/list", "\"x\": 1")
                            .at("/result/prompts/0/name")
                            .asText())
                    .isEqualTo("p");
        }
    }

    @Test
    void replicasWithOneKey_openWhatTheOtherSealed() throws Exception {
        byte[] otherKey = "another key of thirty-two bytes!".getBytes(StandardCharsets.US_ASCII);
        try (Complete first = new Complete(new byte[32]);
                Complete second = new Complete(new byte[32]);
                Complete stranger = new Complete(otherKey)) {
            String get = "\"name\": \"p\"";
            String retry = get + ", \"requestState\": "
                    + first.send("prompts/get", get).at("/result/requestState");
            assertThat(second.send("prompts/get", retry)
                            .at("/result/messages/0/content/text")
                            .asText())
                    .isEqualTo("again");
            assertThat(stranger.send("prompts/get", retry).at("/error/code").asInt())
                    .isEqualTo(-32602);
        }
    }

    private static MCPClient client(TestServer server) {
        return MCPClient.http(server.transports().get(0).endpoint().orElseThrow());
    }

    @Test
    void stopWithAHandlerThatIgnoresInterrupts_keepsTheDrainTimeout() {
        TestServer stubborn = new TestServer()
                .with(ServerSettings.builder()
                        .callTimeout(Duration.ofMinutes(1))
                        .drainTimeout(Duration.ofMillis(300)))
                .started(HttpTransport.onPort(0));
        Thread caller = new Thread(
                () -> stubborn.engine().handle("""
                {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "wait_stubbornly"}}""".getBytes(StandardCharsets.UTF_8), CallMetadata.none(), reply -> {}));
        caller.start();
        stubborn.gate().awaitEntered(1);
        long start = System.nanoTime();
        stubborn.cleanup();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Gate.PATIENCE.dividedBy(2));
        stubborn.gate().open();
    }
}
