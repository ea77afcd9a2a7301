package io.qicore.mcp.internal.engine.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolResult;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrittenObjectTest {

    private final ObjectNode object = Json.object().put("price", 1.5).put("name", "ä\"\n");
    private final WrittenObject written = new WrittenObject(object, object.toString());

    @Test
    void isWrittenAsTheObject_inAnotherOne() throws Exception {
        ObjectNode around = Json.object();
        around.set("a", written);
        around.put("b", 1);

        assertThat(Json.MAPPER.readTree(Json.MAPPER.writeValueAsBytes(around)))
                .isEqualTo(Json.object().<ObjectNode>set("a", object).put("b", 1));
    }

    @Test
    void isReadAsTheObject() {
        assertThat(written.get("price").doubleValue()).isEqualTo(1.5);
        assertThat(written.deepCopy()).isEqualTo(object).isNotInstanceOf(WrittenObject.class);
        assertThat(Json.MAPPER.convertValue(written, new TypeReference<Map<String, Object>>() {}))
                .containsEntry("name", "ä\"\n");
    }

    @Test
    void textOfATool_isSentAsItIs_andReadAsAnObject() throws Exception {
        String text = "{\"n\":1.10,\"z\":null,\"rows\":[[12345678901234567890]]}";
        ObjectNode result = ToolResults.success(tool(), (ToolResult.Complete) ToolResult.written(text));

        assertThat(Json.MAPPER.writeValueAsString(result))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":" + Json.MAPPER.writeValueAsString(text)
                        + "}],\"structuredContent\":" + text + "}");
        assertThat(result.get("structuredContent")).isEqualTo(Json.MAPPER.readTree(text));
        assertThat(result.deepCopy().get("structuredContent")).isEqualTo(Json.MAPPER.readTree(text));
        assertThat(tool().call(Json.object(), RequestContext.ofTimeout(Duration.ofSeconds(1))))
                .isEqualTo(Json.MAPPER.readTree("{\"n\":1}"));
    }

    @Test
    void textThatBreaksAStreamOfLines_isRefused() {
        for (String text : new String[] {"", "[]", "{\n}", "{\"a\":\r1}"}) {
            assertThatThrownBy(() -> ToolResult.written(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static MCPTool tool() {
        return MCPTool.builder("written", Json.object().put("type", "object"))
                .description("Writes its result.")
                .resultHandler((arguments, context) -> ToolResult.written("{\"n\":1}"))
                .build();
    }
}
