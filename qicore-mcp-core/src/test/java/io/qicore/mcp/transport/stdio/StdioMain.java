package io.qicore.mcp.transport.stdio;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** A program that serves on its standard streams and whose code prints. */
public final class StdioMain {

    private StdioMain() {}

    public static void main(String[] args) throws Exception {
        MCPTool noisy = MCPTool.builder("noisy", TestServer.Nothing.class, TestServer.Text.class)
                .description("Prints.")
                .handler((nothing, context) -> {
                    System.out.println("Not a message");
                    System.out.flush();
                    return new TestServer.Text("ä");
                })
                .build();
        StdioTransport transport = StdioTransport.onProcess();
        try (TestServer server = TestServer.of("noisy", List.of(noisy))
                .with(ServerSettings.builder().transport(transport))) {
            server.start();
            System.out.println("Started");
            transport.awaitEnd();
        }
    }
}
