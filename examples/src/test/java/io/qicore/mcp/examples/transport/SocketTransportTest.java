package io.qicore.mcp.examples.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketTransportTest {

    private static final String META = """
            "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", \
            "io.modelcontextprotocol/clientCapabilities": {}}""";
    private static final String WAIT = """
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "wait", %s}}""".formatted(META);
    private static final String LIST = """
            {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {%s}}""".formatted(META);

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private StatelessMCPServer server;
    private ServerSocket listener;

    record Nothing() {}

    record Done(boolean done) {}

    private final class WaitingServer extends StatelessMCPServer {

        WaitingServer(ServerSettings settings) {
            super(new ServerInfo("waiting", "1"), settings);
        }

        @Override
        public List<MCPTool> tools() {
            return List.of(MCPTool.builder("wait", Nothing.class, Done.class)
                    .description("Waits.")
                    .handler((nothing, context) -> {
                        entered.countDown();
                        try {
                            gate.await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                            throw e;
                        }
                        return new Done(true);
                    })
                    .build());
        }
    }

    /** A client that sends and reads one line at a time. */
    private record Client(Socket socket, BufferedReader in) implements AutoCloseable {

        static Client to(ServerSocket listener) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
            return new Client(
                    socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
        }

        void send(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server = new WaitingServer(ServerSettings.builder()
                .callTimeout(Duration.ofSeconds(30))
                .transport(new SocketTransport(listener))
                .build());
        server.start();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        server.close();
    }

    @Test
    void waitingCall_doesNotBlockAnother() throws Exception {
        try (Client client = Client.to(listener)) {
            client.send(WAIT);
            entered.await();
            client.send(LIST);
            assertThat(client.in().readLine()).contains("\"id\":2", "\"wait\"");
            gate.countDown();
            assertThat(client.in().readLine()).contains("\"id\":1", "\"done\":true");
        }
    }

    @Test
    void call_canBeCancelledByItsId() throws Exception {
        try (Client client = Client.to(listener)) {
            client.send(WAIT);
            entered.await();
            client.send("""
                    {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}""");
            interrupted.await();
        }
    }

    @Test
    void disconnectedClient_cancelsItsCall() throws Exception {
        try (Client client = Client.to(listener)) {
            client.send(WAIT);
            entered.await();
        }
        interrupted.await();
    }

    @Test
    void stop_waitsForRunningCalls() throws Exception {
        try (Client client = Client.to(listener)) {
            client.send(WAIT);
            entered.await();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
            gate.countDown();
            assertThat(client.in().readLine()).contains("\"done\":true");
            stopped.get(30, TimeUnit.SECONDS);
            assertThat(client.in().readLine()).isNull();
        }
    }

    @Test
    void lineThatIsNotJson_endsTheConnection() throws Exception {
        try (Client client = Client.to(listener)) {
            client.send("POST / HTTP/1.1\r");
            assertThat(client.in().readLine()).isNull();
        }
    }

    @Test
    void program_runs() throws Exception {
        OwnTransport.main(new String[0]);
    }
}
