package io.qicore.mcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the tools and error codes which agents rely on exist in the adapters. */
class ToolContractTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092", "TIMESCALE_URL", "postgresql://localhost:5432/metrics");

    @Test
    void kafkaContract_matchesTheServer() throws Exception {
        assertOffered("kafka", KafkaTools.TOOLS);
        assertThat(names(KafkaErrorCode.values())).containsAll(KafkaTools.ERROR_CODES);
    }

    @Test
    void databaseContract_matchesTheServer() throws Exception {
        assertOffered("timescale", DatabaseTools.TOOLS);
        assertThat(names(TimescaleErrorCode.values())).containsAll(DatabaseTools.ERROR_CODES);
    }

    @Test
    void producerContract_matchesTheServer() throws Exception {
        assertOffered("producer", ProducerTools.TOOLS);
    }

    @Test
    void liveDataContract_matchesTheServer() throws Exception {
        assertOffered("realtime", LiveDataTools.TOOLS);
    }

    @Test
    void missingField_isFound() throws Exception {
        try (StatelessMCPServer server = server("kafka")) {
            JsonNode schema = tool(server, "get_consumer_lag").outputSchema();
            assertThat(at(schema, "groups[].groupId").isMissingNode()).isFalse();
            assertThat(at(schema, "groups[].group").isMissingNode()).isTrue();
        }
    }

    private static void assertOffered(String name, List<ToolContract> contracts) throws Exception {
        try (StatelessMCPServer server = server(name)) {
            for (ToolContract contract : contracts) {
                MCPTool tool = tool(server, contract.name());
                assertThat(contract.arguments())
                        .as("arguments of %s", contract.name())
                        .noneMatch(path -> at(tool.inputSchema(), path).isMissingNode());
                for (JsonNode required : tool.inputSchema().path("required")) {
                    assertThat(contract.arguments()).as(contract.name()).contains(required.asText());
                }
                assertThat(contract.results())
                        .as("result of %s", contract.name())
                        .noneMatch(path -> at(tool.outputSchema(), path).isMissingNode());
            }
        }
    }

    private static StatelessMCPServer server(String name) throws Exception {
        return MCPServerFactory.createFromConfig(MCPServerFactory.configFromEnvironment(name, ENVIRONMENT));
    }

    private static MCPTool tool(StatelessMCPServer server, String name) {
        return server.tools().stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The server has no tool " + name));
    }

    /** Returns the schema of the field at a path such as {@code groups[].groupId}, or a missing node if there is no such field. */
    private static JsonNode at(JsonNode root, String path) {
        if (root == null) {
            return MissingNode.getInstance();
        }
        JsonNode schema = root;
        for (String step : path.split("\\.")) {
            boolean list = step.endsWith("[]");
            String field = list ? step.substring(0, step.length() - 2) : step;
            schema = resolve(schema.path("properties").path(field), root);
            if (list) {
                schema = resolve(schema.path("items"), root);
            }
        }
        return schema;
    }

    private static JsonNode resolve(JsonNode schema, JsonNode root) {
        String reference = schema.path("$ref").asText();
        return reference.startsWith("#") ? root.at(reference.substring(1)) : schema;
    }

    private static Set<String> names(ErrorCode[] codes) {
        return Stream.concat(Stream.of(codes), Stream.of(StandardErrorCode.values()))
                .map(ErrorCode::name)
                .collect(Collectors.toSet());
    }
}
