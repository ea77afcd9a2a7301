package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.qicore.mcp.server.MCPServerConfig;
import io.qicore.mcp.server.MCPServerProvider;
import io.qicore.mcp.tool.MCPTool;
import java.util.Map;
import java.util.ServiceLoader;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class TimescaleMCPServerTest {

    @Test
    void tools_areThoseOfTheGroups() {
        var server = new TimescaleMCPServer(mock(DataSource.class));
        assertThat(server.tools())
                .extracting(MCPTool::name)
                .containsExactly(
                        "list_tables",
                        "describe_table",
                        "query",
                        "get_candlesticks",
                        "create_table",
                        "create_hypertable");
        assertThat(server.info().name()).isEqualTo("timescale-mcp-server");
        assertThat(server.info().instructions()).contains("list_tables");
    }

    @Test
    void readOnlyServer_hasReadingToolsOnly() {
        var server = new TimescaleMCPServer(mock(DataSource.class), TimescaleOptions.READ_ONLY);
        assertThat(server.tools()).hasSize(4).allMatch(tool -> tool.annotations()
                .readOnlyHint());
    }

    @Test
    void everyTool_describesItselfAndItsResult() {
        for (MCPTool tool : new TimescaleMCPServer(mock(DataSource.class)).tools()) {
            assertThat(tool.title()).isNotBlank();
            assertThat(tool.description()).isNotBlank();
            assertThat(tool.outputSchema()).isNotNull();
            tool.inputSchema().path("properties").forEach(argument -> assertThat(
                            argument.path("description").asText())
                    .as(tool + " " + argument)
                    .isNotBlank());
        }
    }

    @Test
    void provider_isFoundAndMakesTheServer() {
        MCPServerProvider provider = ServiceLoader.load(MCPServerProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals("timescale"))
                .findFirst()
                .orElseThrow();
        assertThat(provider.defaultPort()).isEqualTo(8082);
        var config = MCPServerConfig.of("timescale");
        try (var server = provider.create(config.withSettings(
                Map.of("TIMESCALE_URL", "postgresql://localhost:1/x", "TIMESCALE_WRITES_ENABLED", "false")))) {
            assertThat(server).isInstanceOf(TimescaleMCPServer.class);
            assertThat(server.tools()).hasSize(4);
        }
        assertThatThrownBy(() -> provider.create(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TIMESCALE_URL");
    }
}
