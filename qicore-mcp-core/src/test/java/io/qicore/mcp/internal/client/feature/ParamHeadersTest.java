package io.qicore.mcp.internal.client.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamHeadersTest {

    private static JsonNode json(String text) throws Exception {
        return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "string | \"eu\" | eu",
                "string | \"\" | ''",
                "string | \" eu\" | =?base64?IGV1?=",
                "string | \"zürich\" | =?base64?esO8cmljaA==?=",
                "string | \"a\\r\\nb\" | =?base64?YQ0KYg==?=",
                "string | \"=?base64?YQ==?=\" | =?base64?PT9iYXNlNjQ/WVE9PT89?=",
                "integer | 42 | 42",
                "integer | 42.0 | 42",
                "integer | 1e3 | 1000",
                "integer | -9007199254740991 | -9007199254740991",
                "boolean | true | true",
                "boolean | false | false",
            })
    void value_isRepeated(String type, String value, String header) throws Exception {
        ParamHeaders headers = ParamHeaders.of(json(
                "{'properties': {'a': {'properties': {'b': {'type': '" + type + "', 'x-mcp-header': 'Region'}}}}}"));
        assertThat(headers.values(json("{'a': {'b': " + value + "}}"))).isEqualTo(Map.of("Mcp-Param-Region", header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'a': null}", "{'b': 'x'}", "{'a': {'c': 1}}", "[]"})
    void valueThatIsMissing_hasNoHeader(String arguments) throws Exception {
        ParamHeaders headers = ParamHeaders.of(json("{'properties': {'a': {'type': 'string', 'x-mcp-header': 'A'}}}"));
        assertThat(headers.values(json(arguments))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'x-mcp-header': 'A', 'type': 'string'}",
                "{'properties': {'a': {'type': 'number', 'x-mcp-header': 'A'}}}",
                "{'properties': {'a': {'type': 'object', 'x-mcp-header': 'A'}}}",
                "{'properties': {'a': {'type': ['string', 'null'], 'x-mcp-header': 'A'}}}",
                "{'properties': {'a': {'x-mcp-header': 'A'}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': ''}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': 5}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': 'a b'}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': 'a:b'}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': 'a\\nb'}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': 'ä'}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': 'A'}, 'b': {'type': 'string', 'x-mcp-header': 'A'}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': 'A'}, 'b': {'type': 'string', 'x-mcp-header': 'a'}}}",
                "{'properties': {'a': {'items': {'type': 'string', 'x-mcp-header': 'A'}}}}",
                "{'oneOf': [{'properties': {'a': {'type': 'string', 'x-mcp-header': 'A'}}}]}",
                "{'$defs': {'a': {'type': 'string', 'x-mcp-header': 'A'}}}",
                "{'if': {'properties': {'a': {'type': 'string', 'x-mcp-header': 'A'}}}}",
                "{'additionalProperties': {'type': 'string', 'x-mcp-header': 'A'}}",
                "{'patternProperties': {'a': {'type': 'string', 'x-mcp-header': 'A'}}}",
            })
    void schemaThatMarksWhatCannotBeRepeated_isRefused(String schema) {
        assertThatIllegalArgumentException().isThrownBy(() -> ParamHeaders.of(json(schema)));
    }

    @Test
    void nameOrValueThatLooksLikeTheAnnotation_isNone() throws Exception {
        assertThat(ParamHeaders.of(
                                json(
                                        "{'properties': {'x-mcp-header': {'type': 'string'},"
                                                + " 'a': {'type': 'object', 'default': {'x-mcp-header': 'A'}, 'enum': [{'x-mcp-header': 'A'}]}}}"))
                        .isEmpty())
                .isTrue();
    }
}
