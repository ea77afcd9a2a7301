package io.qicore.mcp.benchmarks.javasdk;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server with the tool {@code add} on the SDK's stateless servlet, with validated input and a structured result. */
final class JavaSdkServer {

    private JavaSdkServer() {}

    /**
     * Prints its port on standard output and runs until standard input ends.
     *
     * @param arguments {@code immediate} to run the handler on the thread of the request, which is off by default in the SDK
     */
    public static void main(String[] arguments) throws Exception {
        HttpServletStatelessServerTransport transport =
                HttpServletStatelessServerTransport.builder().build();
        McpStatelessSyncServer mcp = McpServer.sync(transport)
                .serverInfo("calculator", "1.0")
                .capabilities(ServerCapabilities.builder().tools(false).build())
                .validateToolInputs(true)
                .immediateExecution(List.of(arguments).contains("immediate"))
                .toolCall(tool(), (context, request) -> add(request.arguments()))
                .build();

        Server server = new Server();
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler();
        servlets.addServlet(new ServletHolder(transport), "/mcp");
        server.setHandler(servlets);
        server.start();
        System.out.println(connector.getLocalPort());
        while (System.in.read() >= 0) {
            // Waits until the benchmark ends in any way.
        }
        server.stop();
        mcp.closeGracefully();
    }

    private static Tool tool() {
        Map<String, Object> number = Map.of("type", "number");
        return Tool.builder(
                        "add",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("a", number, "b", number),
                                "required",
                                List.of("a", "b"),
                                "additionalProperties",
                                false))
                .description("Adds two numbers.")
                .outputSchema(Map.of(
                        "type", "object",
                        "properties", Map.of("sum", number),
                        "required", List.of("sum")))
                .build();
    }

    private static CallToolResult add(Map<String, Object> numbers) {
        double sum = ((Number) numbers.get("a")).doubleValue() + ((Number) numbers.get("b")).doubleValue();
        return CallToolResult.builder().structuredContent(Map.of("sum", sum)).build();
    }
}
