package io.qicore.mcp.examples.springai;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/** An application with a server on the official SDK and a client of Spring AI. */
@SpringBootApplication
class CalculatorApplication {

    private static final Map<String, Object> NUMBER = Map.of("type", "number");

    @Bean
    ServletRegistrationBean<HttpServletStreamableServerTransportProvider> mcp(
            HttpServletStreamableServerTransportProvider transport) {
        var mcp = new ServletRegistrationBean<>(transport, "/mcp");
        mcp.setAsyncSupported(true);
        return mcp;
    }

    @Bean
    HttpServletStreamableServerTransportProvider transport() {
        return HttpServletStreamableServerTransportProvider.builder().build();
    }

    @Bean(destroyMethod = "close")
    McpSyncServer server(HttpServletStreamableServerTransportProvider transport) {
        return McpServer.sync(transport)
                .serverInfo("calculator", "1.0")
                .capabilities(ServerCapabilities.builder().tools(false).build())
                .validateToolInputs(true)
                .toolCall(
                        Tool.builder(
                                        "add",
                                        Map.of(
                                                "type",
                                                "object",
                                                "properties",
                                                Map.of("a", NUMBER, "b", NUMBER),
                                                "required",
                                                List.of("a", "b")))
                                .description("Adds two numbers.")
                                .outputSchema(Map.of(
                                        "type", "object",
                                        "properties", Map.of("sum", NUMBER),
                                        "required", List.of("sum")))
                                .build(),
                        (exchange, request) -> add(request.arguments()))
                .build();
    }

    private static CallToolResult add(Map<String, Object> numbers) {
        double sum = ((Number) numbers.get("a")).doubleValue() + ((Number) numbers.get("b")).doubleValue();
        return CallToolResult.builder().structuredContent(Map.of("sum", sum)).build();
    }
}
