package io.qicore.mcp.internal.engine.revision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.Asking;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.InputRequests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What older clients see of what is written in the newest form. */
class LegacyShapeTest {

    @ParameterizedTest
    @CsvSource({
        "2024-11-05, 'name,inputSchema'",
        "2025-03-26, 'name,inputSchema,annotations'",
        "2025-06-18, 'name,title,inputSchema,outputSchema,annotations'",
        "2025-11-25, 'name,title,inputSchema,outputSchema,annotations'"
    })
    void definition_hasWhatTheRevisionKnows(String version, String members) {
        ObjectNode tool = json("""
                {"name": "t", "title": "T", "inputSchema": {}, "outputSchema": {}, "annotations": {}}""");
        assertThat(new LegacyShape(version).define(tool).fieldNames())
                .toIterable()
                .containsExactly(members.split(","));
    }

    @ParameterizedTest
    @CsvSource({
        "2024-11-05, 'text,text,text'",
        "2025-03-26, 'text,audio,text'",
        "2025-06-18, 'text,audio,resource_link'",
        "2025-11-25, 'text,audio,resource_link'"
    })
    void contentThatTheRevisionDoesNotKnow_becomesText(String version, String types) {
        ObjectNode result = json("""
                {"content": [{"type": "text", "text": "x"}, {"type": "audio", "data": "", "mimeType": "audio/wav"},
                 {"type": "resource_link", "uri": "test://x", "name": "x"}]}""");
        assertThat(toolCall(version, result).get("content"))
                .extracting(block -> block.get("type").asText())
                .containsExactly(types.split(","));
        assertThat(result.at("/content/2").toString()).contains("test://x");
    }

    @Test
    void audioInAPrompt_becomesText() {
        ObjectNode result = json("""
                {"messages": [{"role": "user", "content": {"type": "audio", "data": "", "mimeType": "audio/wav"}}]}""");
        new LegacyShape("2024-11-05").result(result, Revision.ResultType.PLAIN);
        assertThat(result.at("/messages/0/content").toString())
                .isEqualTo("{\"type\":\"text\",\"text\":\"[audio, audio/wav]\"}");
    }

    @Test
    void structuredContent_isAnObjectOrAbsent() {
        assertThat(toolCall("2025-03-26", json("{\"structuredContent\": {\"a\": 1}}")))
                .isEmpty();
        assertThat(toolCall("2025-06-18", json("{\"structuredContent\": {\"a\": 1}}"))
                        .at("/structuredContent/a")
                        .asInt())
                .isEqualTo(1);
        assertThat(toolCall("2025-11-25", json("{\"structuredContent\": [1, 2]}"))
                        .at("/structuredContent/result/1")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void structuredError_isLeftOutWhereItWouldHideTheError() {
        ObjectNode result = json("{\"structuredContent\": {\"code\": \"X\"}, \"isError\": true}");
        LegacyShape shape = new LegacyShape("2025-11-25");
        assertThat(shape.result(result.deepCopy(), Revision.ResultType.TOOL_CALL)
                        .has("structuredContent"))
                .isTrue();
        assertThat(shape.result(result, Revision.ResultType.TOOL_CALL_WITH_SCHEMA)
                        .has("structuredContent"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"2024-11-05, false", "2025-03-26, false", "2025-06-18, true", "2025-11-25, true"})
    void titleOfTheServer_isForThoseWhoKnowTitles(String version, boolean titled) {
        ObjectNode result = json("{\"serverInfo\": {\"name\": \"s\", \"title\": \"S\"}}");
        new LegacyShape(version).result(result, Revision.ResultType.PLAIN);
        assertThat(result.get("serverInfo").has("title")).isEqualTo(titled);
    }

    @ParameterizedTest
    @CsvSource({"2025-06-18, false", "2025-11-25, true"})
    void form_namesItsModeToThoseWhoKnowModes(String version, boolean named) {
        InputRequests.Item item = item(Elicitation.form("Who?", Asking.Name.class));
        assertThat(new LegacyShape(version).question(item).has("mode")).isEqualTo(named);
        assertThat(item.params().has("mode")).isTrue();
    }

    @Test
    void page_hasAnIdOfItsOwn() {
        InputRequests.Item item = item(Elicitation.url("Please sign in.", URI.create("https://example.com/in")));
        LegacyShape shape = new LegacyShape("2025-11-25");
        JsonNode question = shape.question(item);
        assertThat(question.get("url").asText()).isEqualTo("https://example.com/in");
        assertThat(question.get("elicitationId").asText())
                .isNotBlank()
                .isNotEqualTo(shape.question(item).get("elicitationId").asText());
    }

    private static ObjectNode toolCall(String version, ObjectNode result) {
        return new LegacyShape(version).result(result, Revision.ResultType.TOOL_CALL);
    }

    private static InputRequests.Item item(Elicitation question) {
        return InputRequests.builder().elicit("k", question).build().items().get("k");
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
