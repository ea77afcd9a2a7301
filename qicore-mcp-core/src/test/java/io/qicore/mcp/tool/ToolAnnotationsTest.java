package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.json.Json;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ToolAnnotationsTest {

    static Stream<Arguments> annotations() {
        return Stream.of(
                Arguments.of(ToolAnnotations.readOnly(), "{\"readOnlyHint\":true,\"openWorldHint\":false}"),
                Arguments.of(ToolAnnotations.readOnly().openWorld(), "{\"readOnlyHint\":true}"),
                Arguments.of(ToolAnnotations.additive(), "{\"destructiveHint\":false,\"openWorldHint\":false}"),
                Arguments.of(
                        ToolAnnotations.additive().idempotent().openWorld(),
                        "{\"destructiveHint\":false,\"idempotentHint\":true}"),
                Arguments.of(
                        ToolAnnotations.destructive().idempotent(),
                        "{\"destructiveHint\":true,\"idempotentHint\":true,\"openWorldHint\":false}"),
                Arguments.of(ToolAnnotations.destructive().openWorld(), "{\"destructiveHint\":true}"));
    }

    @ParameterizedTest
    @MethodSource("annotations")
    void json_saysWhatDiffersFromTheSpecification(ToolAnnotations annotations, String json) throws Exception {
        assertThat(Json.MAPPER.writeValueAsString(annotations)).isEqualTo(json);
        assertThat(Json.MAPPER.readValue(json, ToolAnnotations.class)).isEqualTo(annotations);
    }

    @Test
    void hintsThatAreSaid_areBelieved() throws Exception {
        assertThat(Json.MAPPER.readValue("""
                        {"title": "T", "readOnlyHint": false, "destructiveHint": true, "idempotentHint": false,
                         "openWorldHint": true}""", ToolAnnotations.class))
                .isEqualTo(ToolAnnotations.destructive().openWorld());
    }

    @Test
    void toolWithoutAnnotations_isTakenForTheWorst() {
        ObjectNode tool = Json.object().put("name", "t");
        tool.putObject("inputSchema");

        assertThat(Json.MAPPER.convertValue(tool, ToolDescription.class).annotations())
                .isEqualTo(ToolAnnotations.destructive().openWorld());
    }
}
