package io.qicore.mcp.examples.transport;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolAnnotations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Serves one tool over the {@link SocketTransport}, calls it, and prints the answer as it is sent. */
public final class OwnTransport {

    private OwnTransport() {}

    record Name(String name) {}

    record Greeting(String text) {}

    /** A server with one tool. */
    static final class GreetingServer extends StatelessMCPServer {

        GreetingServer(ServerSettings settings) {
            super(new ServerInfo("greetings", "1"), settings);
        }

        @Override
        public List<MCPTool> tools() {
            return List.of(MCPTool.builder("greet", Name.class, Greeting.class)
                    .description("Greets somebody.")
                    .annotations(ToolAnnotations.readOnly())
                    .handler((name, context) -> new Greeting("Hello, " + name.name() + "!"))
                    .build());
        }
    }

    /** Runs the example. Takes no arguments. */
    public static void main(String[] arguments) throws Exception {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSettings settings =
                ServerSettings.builder().transport(new SocketTransport(socket)).build();
        try (GreetingServer server = new GreetingServer(settings)) {
            server.start();
            System.out.println(exchange(socket.getLocalPort(), """
                    {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                      "name": "greet", "arguments": {"name": "world"},
                      "_meta": {
                        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                        "io.modelcontextprotocol/clientCapabilities": {}}}}""".replace("\n", "")));
        }
    }

    /** Sends one message and returns the answer. */
    static String exchange(int port, String message) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((message + "\n").getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }
}
