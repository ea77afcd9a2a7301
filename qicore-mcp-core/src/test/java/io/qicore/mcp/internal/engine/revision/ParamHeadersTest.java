package io.qicore.mcp.internal.engine.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.Answer;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.engine.Wire;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments that headers repeat. */
class ParamHeadersTest {

    private static final String SCHEMA = """
            {"type": "object", "properties": {
              "region": {"type": "string", "x-mcp-header": "Region"},
              "limit": {"type": "integer", "x-mcp-header": "Limit"},
              "deep": {"type": "object", "properties": {"dry": {"type": "boolean", "x-mcp-header": "Dry"}}}}}""";

    private final MCPEngine engine = MCPEngine.builder(new ServerInfo("test", "1"))
            .tools(List.of(tool(SCHEMA)))
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'region': 'eu'}             | Region | eu",
                "{'region': 'eu'}             | REGION | '  eu '",
                "{'region': 'größe'}          | Region | =?base64?Z3LDtsOfZQ==?=",
                "{'region': '=?base64?ZXU='}  | Region | =?base64?ZXU=",
                "{'region': 'ZXU=?='}         | Region | ZXU=?=",
                "{'limit': 42}                | Limit  | 42",
                "{'limit': 42}                | Limit  | 42.0",
                "{'deep': {'dry': true}}      | Dry    | true",
                "{}                           | Other  | whatever"
            })
    void headerThatAgrees_isTaken(String arguments, String header, String value) {
        assertThat(call(arguments, header, value).kind()).isEqualTo(Reply.Kind.RESULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'region': 'eu'}             | Region | us",
                "{'region': 'eu'}             | Region | EU",
                "{'region': 'eu'}             | Region | ''",
                "{'region': 'eu'}             | Other  | eu",
                "{'region': 'eu'}             | Region | =?base64?dXM=?=",
                "{'region': 'eu'}             | Region | =?base64?ZXU?=",
                "{'region': 'eu'}             | Region | =?base64?Z!U=?=",
                "{'region': 'eu'}             | Region | =?base64?/w==?=",
                "{'limit': 42}                | Limit  | 43",
                "{'limit': 42}                | Limit  | many",
                "{'deep': {'dry': true}}      | Dry    | false",
                "{'deep': {'dry': true}}      | Dry    | True",
                "{}                           | Region | eu",
                "{'region': null}             | Region | eu"
            })
    void headerThatDisagrees_isAMismatch(String arguments, String header, String value) {
        call(arguments, header, value).isBadRequest(-32020);
    }

    @Test
    void olderRevisions_haveNoSuchHeaders() {
        Answer answer = Answer.to(
                engine,
                Wire.legacyCall("t", "{\"region\": \"eu\"}"),
                Wire.headers("MCP-Protocol-Version", "2025-11-25", "Mcp-Param-Region", "us"));
        assertThat(answer.kind()).isEqualTo(Reply.Kind.RESULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a': {'type': 'number', 'x-mcp-header': 'A'}}",
                "{'a': {'type': 'object', 'x-mcp-header': 'A'}}",
                "{'a': {'type': 'string', 'x-mcp-header': ''}}",
                "{'a': {'type': 'string', 'x-mcp-header': 'A B'}}",
                "{'a': {'type': 'string', 'x-mcp-header': 'A'}, 'b': {'type': 'string', 'x-mcp-header': 'a'}}"
            })
    void annotationThatNoHeaderCanFollow_isRefusedAtOnce(String properties) {
        MCPTool tool = tool("{\"type\": \"object\", \"properties\": " + properties.replace('\'', '"') + "}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamHeaders.of(tool))
                .withMessageStartingWith("t: ");
    }

    private Answer call(String arguments, String header, String value) {
        List<String> headers = new ArrayList<>(
                List.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", "t"));
        headers.addAll(List.of("Mcp-Param-" + header, value));
        return Answer.to(
                engine,
                Wire.modernCall("t", arguments.replace('\'', '"')),
                Wire.headers(headers.toArray(new String[0])));
    }

    private static MCPTool tool(String schema) {
        try {
            return MCPTool.builder("t", (ObjectNode) Json.MAPPER.readTree(schema.replace('\'', '"')))
                    .description("Its arguments are repeated in headers.")
                    .resultHandler((arguments, context) -> ToolResult.text("done"))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
