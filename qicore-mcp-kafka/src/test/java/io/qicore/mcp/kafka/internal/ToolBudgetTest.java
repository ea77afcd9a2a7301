package io.qicore.mcp.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.KafkaMCPServer;
import io.qicore.mcp.kafka.StreamingConsumerMCPServer;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** What an agent pays for the list of tools before it has asked for anything. */
class ToolBudgetTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void toolsOfTheKafkaServer_fitTheirBudget() {
        var server = new KafkaMCPServer(mock(Admin.class));

        assertThat(size(server, false)).as("bytes without output schemas").isLessThanOrEqualTo(12 * 1024);
        assertThat(size(server, true)).as("bytes with output schemas").isLessThanOrEqualTo(30 * 1024);
    }

    @Test
    void toolsOfTheConsumerServer_takeAboutHalf() {
        var server = new StreamingConsumerMCPServer(mock(Admin.class));

        assertThat(size(server, false)).as("bytes without output schemas").isLessThanOrEqualTo(6_500);
        assertThat(size(server, true)).as("bytes with output schemas").isLessThanOrEqualTo(17_000);
    }

    private static int size(StatelessMCPServer server, boolean output) {
        ArrayNode tools = JSON.createArrayNode();
        for (MCPTool tool : server.tools()) {
            ObjectNode listed = tools.addObject()
                    .put("name", tool.name())
                    .put("title", tool.title())
                    .put("description", tool.description());
            listed.set("inputSchema", tool.inputSchema());
            if (output && tool.outputSchema() != null) {
                listed.set("outputSchema", tool.outputSchema());
            }
            listed.set("annotations", JSON.valueToTree(tool.annotations()));
        }
        return JSON.createObjectNode()
                .<ObjectNode>set("tools", tools)
                .toString()
                .getBytes(StandardCharsets.UTF_8)
                .length;
    }
}
