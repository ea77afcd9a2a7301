package io.qicore.mcp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.http.HttpTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MCPServerRegistryTest {

    private final List<String> events = new ArrayList<>();

    private final class Server extends StatelessMCPServer {
        private Throwable failure;

        Server(String name, ServerTransport... transports) {
            super(
                    new ServerInfo(name, "1"),
                    ServerSettings.builder().transports(List.of(transports)).build());
        }

        @Override
        public List<MCPTool> tools() {
            return List.of();
        }

        @Override
        protected void connect() throws Exception {
            events.add("connect " + info().name());
            if (failure instanceof Exception exception) {
                throw exception;
            }
            if (failure instanceof Error error) {
                throw error;
            }
        }

        @Override
        protected void disconnect() {
            events.add("disconnect " + info().name());
        }
    }

    @Test
    void servers_startInOrderAndStopInReverse() {
        try (MCPServerRegistry registry = new MCPServerRegistry()) {
            for (String name : List.of("a", "b", "c")) {
                registry.register(name, new Server(name, HttpTransport.onPort(0)));
            }
            assertThat(registry.endpoint("a")).isEmpty();
            registry.startAll();
            registry.startAll();
            assertThat(registry.names()).containsExactly("a", "b", "c");
            assertThat(registry.failures()).isEmpty();
            assertThat(registry.endpoint("a"))
                    .hasValueSatisfying(uri -> assertThat(uri).hasScheme("http").hasPath("/mcp"));
            assertThat(registry.endpoint("nobody")).isEmpty();
            registry.stopAll();
            assertThat(registry.endpoint("a")).isEmpty();
        }
        assertThat(events)
                .containsExactly("connect a", "connect b", "connect c", "disconnect c", "disconnect b", "disconnect a");
    }

    @Test
    void serverThatFails_doesNotKeepTheOthersFromRunning() {
        for (Throwable failure : List.of(new IllegalStateException("no broker"), new NoClassDefFoundError("no jar"))) {
            try (MCPServerRegistry registry = new MCPServerRegistry()) {
                Server bad = new Server("bad");
                bad.failure = failure;
                registry.register("bad", bad);
                registry.register("good", new Server("good"));
                registry.startAll();

                assertThat(registry.failures()).containsOnlyKeys("bad");
                assertThat(registry.failures().get("bad")).hasMessageContaining(failure.getMessage());
                assertThat(bad.state()).isEqualTo(StatelessMCPServer.State.NEW);
                assertThat(registry.get("good").orElseThrow().state()).isEqualTo(StatelessMCPServer.State.STARTED);

                bad.failure = null;
                registry.startAll();
                assertThat(registry.failures()).isEmpty();
            }
        }
    }

    @Test
    void failure_isTheReasonWhyTheServerDidNotStart() {
        try (MCPServerRegistry registry = new MCPServerRegistry()) {
            Server bad = new Server("bad");
            IOException failure = new IOException("port 1 is in use");
            bad.failure = failure;
            registry.register("bad", bad);
            registry.startAll();
            assertThat(registry.failures()).containsOnly(Map.entry("bad", failure));
        }
    }

    @Test
    void name_isTakenOnce() {
        MCPServerRegistry registry = new MCPServerRegistry();
        registry.register("a", new Server("a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.register("a", new Server("b")))
                .withMessageContaining("'a'");
    }
}
