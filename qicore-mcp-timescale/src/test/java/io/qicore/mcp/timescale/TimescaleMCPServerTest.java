package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class TimescaleMCPServerTest {

    /** What a model pays for the list of tools in each conversation. */
    private static final int MOST_BYTES = 16 * 1024;

    private static final List<String> READING = List.of(
            "list_schemas",
            "list_tables",
            "describe_table",
            "query",
            "get_candlesticks",
            "get_time_buckets",
            "get_latest",
            "get_ingest_health",
            "list_hypertables",
            "describe_hypertable",
            "list_chunks",
            "list_policies",
            "list_jobs",
            "get_health",
            "get_top_queries");

    private static final List<String> WRITING = List.of(
            "set_chunk_interval",
            "remove_policy",
            "run_job",
            "create_table",
            "create_hypertable",
            "set_columnstore",
            "add_policy",
            "create_continuous_aggregate",
            "refresh_continuous_aggregate",
            "drop_chunks",
            "cancel_query");

    @Test
    void tools_areThoseOfTheGroups() {
        var server = new TimescaleMCPServer(mock(DataSource.class));
        assertThat(server.tools())
                .extracting(MCPTool::name)
                .containsAll(READING)
                .containsAll(WRITING)
                .doesNotHaveDuplicates();
        assertThat(server.info().name()).isEqualTo("timescale-mcp-server");
        assertThat(server.info().instructions()).contains("list_tables");
    }

    @Test
    void readOnlyServer_hasReadingToolsOnly() {
        var server = new TimescaleMCPServer(
                mock(DataSource.class),
                TimescaleOptions.builder()
                        .policy(TimescalePolicy.builder().readOnly(true).build())
                        .build());
        assertThat(server.tools())
                .allMatch(tool -> tool.annotations().readOnlyHint())
                .extracting(MCPTool::name)
                .containsAll(READING)
                .doesNotContainAnyElementsOf(WRITING);
    }

    @Test
    void allowList_leavesOutOtherTools() {
        var policy = TimescalePolicy.builder().tools("query", "list_*").build();
        var server = new TimescaleMCPServer(
                mock(DataSource.class),
                TimescaleOptions.builder().policy(policy).build());
        assertThat(server.tools())
                .extracting(MCPTool::name)
                .containsExactlyInAnyOrder(
                        "query",
                        "list_schemas",
                        "list_tables",
                        "list_hypertables",
                        "list_chunks",
                        "list_policies",
                        "list_jobs");
    }

    @Test
    void everyArgumentAndEveryFieldOfAResult_hasAMeaning() {
        List<String> undescribed = new ArrayList<>();
        for (MCPTool tool : new TimescaleMCPServer(mock(DataSource.class)).tools()) {
            findUndescribed(tool.name() + " argument", tool.inputSchema(), undescribed);
            findUndescribed(tool.name() + " result", Objects.requireNonNull(tool.outputSchema()), undescribed);
        }
        assertThat(undescribed).isEmpty();
    }

    private static void findUndescribed(String where, JsonNode schema, List<String> undescribed) {
        schema.path("properties").properties().forEach(property -> {
            String name = where + " " + property.getKey();
            if (property.getValue().path("description").asText().isBlank()) {
                undescribed.add(name);
            }
            findUndescribed(name, property.getValue(), undescribed);
            findUndescribed(name, property.getValue().path("items"), undescribed);
        });
    }

    @Test
    void everyTool_describesItselfAndItsResult_andSaysWhatItDoes() {
        for (MCPTool tool : new TimescaleMCPServer(mock(DataSource.class)).tools()) {
            assertThat(tool.description()).isNotBlank();
            assertThat(tool.outputSchema()).isNotNull();
            assertThat(tool.annotations().readOnlyHint()).as(tool.name()).isEqualTo(!WRITING.contains(tool.name()));
            assertThat(tool.annotations().openWorldHint()).isFalse();
        }
    }

    @Test
    void namesDescriptionsAndArgumentsOfAllTools_fitIntoTheirBytes() throws Exception {
        ObjectMapper json = new ObjectMapper();
        int bytes = 0;
        for (MCPTool tool : new TimescaleMCPServer(mock(DataSource.class)).tools()) {
            ObjectNode listed = json.createObjectNode().put("name", tool.name());
            listed.put("description", tool.description());
            listed.set("inputSchema", tool.inputSchema());
            bytes += json.writeValueAsBytes(listed).length + 1;
        }
        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void tables_areResourcesWithCompletion() {
        var server = new TimescaleMCPServer(mock(DataSource.class));
        assertThat(server.resources()).singleElement().satisfies(tables -> {
            assertThat(tables.isTemplate()).isTrue();
            assertThat(tables.match("timescale://tables/market.daily%20trades"))
                    .contains(Map.of("schema", "market", "table", "daily trades"));
            assertThat(tables.completer("schema")).isPresent();
            assertThat(tables.completer("table")).isPresent();
        });
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
        try (var server = provider.create(
                config.withSettings(
                        Map.of("TIMESCALE_URL", "postgresql://localhost:1/x", "TIMESCALE_TOOLS_READ_ONLY", "true")),
                ServerSettings.defaults())) {
            assertThat(server).isInstanceOf(TimescaleMCPServer.class);
            assertThat(server.tools()).allMatch(tool -> tool.annotations().readOnlyHint());
        }
        assertThatThrownBy(() -> provider.create(config, ServerSettings.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TIMESCALE_URL");
    }
}
