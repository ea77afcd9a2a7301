package io.qicore.mcp.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.lag.LagSampleCodec;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class ToolMeaningsTest {

    private final AdminHandle handle = new AdminHandle(mock(Admin.class), KafkaPolicy.defaults());
    private final List<MCPTool> tools = Stream.of(
                    TopicTools.all(handle, OptionalInt.of(1)),
                    HealthTools.all(handle),
                    ConsumerTools.all(handle, LagSampleCodec.withStateKey(Optional.empty())))
            .flatMap(List::stream)
            .toList();

    @Test
    void everyArgumentAndResultField_hasAMeaning() {
        List<String> without = new ArrayList<>();
        for (MCPTool tool : tools) {
            addPropertiesWithoutDescription(tool.inputSchema(), tool.name() + " argument", without);
            addPropertiesWithoutDescription(
                    Objects.requireNonNull(tool.outputSchema()), tool.name() + " result", without);
        }

        assertThat(tools).hasSize(23);
        assertThat(without).isEmpty();
    }

    private static void addPropertiesWithoutDescription(JsonNode schema, String path, List<String> without) {
        schema.path("properties").properties().forEach(property -> {
            String name = path + "." + property.getKey();
            if (property.getValue().path("description").asText().isBlank()) {
                without.add(name);
            }
            addPropertiesWithoutDescription(property.getValue(), name, without);
        });
        for (String nested : List.of("items", "additionalProperties")) {
            if (schema.path(nested).isObject()) {
                addPropertiesWithoutDescription(schema.path(nested), path, without);
            }
        }
    }
}
