package io.qicore.mcp.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.qicore.mcp.kafka.KafkaMCPServer;
import io.qicore.mcp.kafka.StreamingConsumerMCPServer;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.producer.StreamingProducerMCPServer;
import io.qicore.mcp.kafka.producer.connect.ConnectConnection;
import io.qicore.mcp.kafka.producer.connect.ConnectProducerRuntime;
import io.qicore.mcp.tool.MCPTool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/**
 * The names, descriptions and input schemas of the tools are in the context of an agent before it has asked for anything, so
 * they have a size limit. Output schemas do not have one: clients need not pass them to the model.
 */
class ToolBudgetTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void toolsOfTheKafkaServer_fitTheirBudget() {
        var server = new KafkaMCPServer(mock(Admin.class));

        assertThat(server.tools()).hasSize(23);
        assertThat(bytes(server.tools())).isLessThanOrEqualTo(14 * 1024 + 4 * 1024);
    }

    @Test
    void toolsForHealth_fitTheBudgetOfAGroup() {
        var handle = new AdminHandle(mock(Admin.class), KafkaPolicy.defaults());

        assertThat(bytes(HealthTools.all(handle))).isLessThanOrEqualTo(4 * 1024);
    }

    @Test
    void toolsOfTheConsumerServer_takeAboutHalf() {
        var server = new StreamingConsumerMCPServer(mock(Admin.class));

        assertThat(bytes(server.tools())).isLessThanOrEqualTo(7 * 1024);
    }

    @Test
    void toolsForTopics_takeAboutHalf() {
        var handle = new AdminHandle(mock(Admin.class), KafkaPolicy.defaults());

        assertThat(bytes(TopicTools.all(handle, OptionalInt.of(1)))).isLessThanOrEqualTo(7 * 1024);
    }

    @Test
    void toolsOfTheProducerServer_fitTheBudgetOfAGroup() {
        var server = new StreamingProducerMCPServer(KafkaConnection.to("localhost:1"));

        assertThat(server.tools()).hasSize(7);
        assertThat(bytes(server.tools())).isLessThanOrEqualTo(4 * 1024);
    }

    @Test
    void toolsForConnectors_fitTheBudgetOfAGroup() {
        var runtime = ConnectProducerRuntime.builder(
                        ConnectConnection.to("http://localhost:1"), KafkaConnection.to("localhost:1"))
                .build();
        List<MCPTool> tools = runtime.tools(KafkaPolicy.defaults());

        assertThat(tools).hasSize(5);
        assertThat(bytes(tools)).isLessThanOrEqualTo(4 * 1024);
    }

    @Test
    void toolsForRecords_fitTheBudgetsOfTheirGroups() {
        var options = KafkaOptions.builder().registry(RegistryConnection.to("http://localhost:1"));
        var handle = new AdminHandle(mock(Admin.class), KafkaPolicy.defaults());
        var clients = new RecordClients(KafkaConnection.to("localhost:1"), options.build());
        List<MCPTool> reading = clients.reading(handle);

        assertThat(reading).hasSize(6);
        assertThat(bytes(reading.subList(0, 3))).isLessThanOrEqualTo(4 * 1024);
        assertThat(bytes(reading.subList(3, 6))).isLessThanOrEqualTo(4 * 1024);
        assertThat(bytes(clients.writing(handle))).isLessThanOrEqualTo(4 * 1024);
    }

    private static int bytes(List<MCPTool> tools) {
        ArrayNode listed = JSON.createArrayNode();
        for (MCPTool tool : tools) {
            listed.addObject()
                    .put("name", tool.name())
                    .put("description", tool.description())
                    .set("inputSchema", tool.inputSchema());
        }
        return listed.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
