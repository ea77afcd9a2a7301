package io.qicore.mcp.internal.engine.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LazyObjectTest {

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
