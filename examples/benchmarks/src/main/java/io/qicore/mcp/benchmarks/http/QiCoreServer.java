package io.qicore.mcp.benchmarks.http;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.transport.http.HttpTransport;
import java.io.IOException;
import java.util.List;

/** A QiCore MCP server with the tool {@code add} and the default settings of the HTTP transport. */
final class QiCoreServer extends StatelessMCPServer {

    record Add(double a, double b) {}

    record Sum(double sum) {}

    private QiCoreServer(ServerSettings settings) {
        super(new ServerInfo("calculator", "1.0"), settings);
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(MCPTool.builder("add", Add.class, Sum.class)
                .description("Adds two numbers.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) -> new Sum(arguments.a() + arguments.b()))
                .build());
    }

    /** Prints its port on standard output and runs until standard input ends. */
    public static void main(String[] arguments) throws Exception {
        HttpTransport transport = HttpTransport.onPort(0);
        ServerSettings settings = ServerSettings.builder().transport(transport).build();
        try (StatelessMCPServer server = new QiCoreServer(settings)) {
            server.start();
            System.out.println(transport.uri().getPort());
            awaitEndOfInput();
        }
    }

    /** Waits until the benchmark ends in any way, so that no server outlives it. */
    static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // The benchmark does not write to it.
        }
    }
}
