package io.qicore.mcp.examples.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.transport.http.HttpTransport;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Each of two SDKs calls the other's server, and each checks arguments by the version of the validator that it needs. */
@SpringBootTest(classes = CalculatorApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class BothSdksTest {

    record Factors(
            @Schema(value = "First factor", minimum = 0) int a,

            @Schema(value = "Second factor", minimum = 0) int b) {}

    record Product(long product) {}

    /** Started before Spring, whose client connects while the application starts. */
    private static final HttpTransport http = HttpTransport.onPort(0);

    private static final StatelessMCPServer ours = start();

    private static StatelessMCPServer start() {
        var server =
                new StatelessMCPServer(
                        new ServerInfo("multiplier", "1.0"),
                        ServerSettings.builder().transport(http).build()) {
                    @Override
                    public List<MCPTool> tools() {
                        return List.of(MCPTool.builder("multiply", Factors.class, Product.class)
                                .description("Multiplies two numbers.")
                                .annotations(ToolAnnotations.readOnly())
                                .handler((factors, context) -> new Product((long) factors.a() * factors.b()))
                                .build());
                    }
                };
        server.start();
        return server;
    }

    private final List<ToolCallback> springTools;
    private final URI theirs;

    BothSdksTest(@Autowired List<ToolCallbackProvider> providers, @LocalServerPort int port) {
        springTools = providers.stream()
                .flatMap(provider -> Stream.of(provider.getToolCallbacks()))
                .toList();
        theirs = URI.create("http://127.0.0.1:" + port + "/mcp");
    }

    @DynamicPropertySource
    static void address(DynamicPropertyRegistry properties) {
        properties.add(
                "spring.ai.mcp.client.streamable-http.connections.multiplier.url",
                () -> "http://127.0.0.1:" + http.uri().getPort());
    }

    @AfterAll
    static void close() {
        ours.close();
    }

    @Test
    void springAi_callsOurTools() {
        ToolCallback multiply = springTools.stream()
                .filter(tool -> tool.getToolDefinition().name().endsWith("multiply"))
                .findFirst()
                .orElseThrow();
        assertThat(multiply.getToolDefinition().inputSchema()).contains("First factor");
        assertThat(multiply.call("{\"a\": 6, \"b\": 7}")).contains("42");
        assertThatThrownBy(() -> multiply.call("{\"a\": -6, \"b\": 7}"))
                .hasMessageContaining("'a' must have a minimum value of 0");
    }

    @Test
    void theirClient_callsOurServer() {
        try (var client = McpClient.sync(HttpClientStreamableHttpTransport.builder(
                                "http://127.0.0.1:" + http.uri().getPort())
                        .build())
                .build()) {
            client.initialize();
            var result = client.callTool(CallToolRequest.builder("multiply")
                    .arguments(Map.of("a", 6, "b", 7))
                    .build());
            assertThat(result.structuredContent()).isEqualTo(Map.of("product", 42));
        }
    }

    @Test
    void ourClient_callsTheirServer() {
        record Sum(double sum) {}

        try (MCPClient client = MCPClient.http(theirs)) {
            assertThat(client.call("add", Map.of("a", 1, "b", 2), Sum.class)).isEqualTo(new Sum(3));
            assertThatThrownBy(() -> client.call("add", Map.of("a", 1))).hasMessageContaining("'b'");
        }
    }
}
