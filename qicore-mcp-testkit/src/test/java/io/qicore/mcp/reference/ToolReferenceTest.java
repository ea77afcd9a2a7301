package io.qicore.mcp.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.server.StatelessMCPServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that {@code docs/reference} describes the servers. Writes the pages with {@code -Dqicore.reference.write}. */
class ToolReferenceTest {

    private static final Path PAGES = Path.of("..", "docs", "reference");

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
            "KAFKA_TOOLS_SCHEMA_REGISTRY_URL", "http://localhost:8081",
            "TIMESCALE_URL", "postgresql://localhost:5432/metrics",
            "PRODUCER_REPLAY_DIRECTORY", ".");

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "consumer", "producer", "realtime", "records", "crypto-compare", "timescale"})
    void page_describesTheServer(String name) throws Exception {
        Path file = PAGES.resolve(name + ".md");
        String page;
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        if (name.equals("producer")) {
            environment.put("PRODUCER_MCP_CONNECT_URLS", "http://localhost:8083");
        }
        if (name.equals("records")) {
            // Its page also has what must be switched on.
            environment.put("KAFKA_TOOLS_PRODUCE", "true");
        }
        try (StatelessMCPServer server =
                MCPServerFactory.createFromConfig(MCPServerFactory.configFromEnvironment(name, environment))) {
            page = ToolReference.page(name, server);
        }
        if (Boolean.getBoolean("qicore.reference.write")) {
            Files.createDirectories(PAGES);
            Files.writeString(file, page);
        }
        assertThat(file)
                .as("written by: mvn -pl qicore-mcp-testkit -am -Dtest=ToolReferenceTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dqicore.reference.write=true test")
                .hasContent(page);
    }
}
