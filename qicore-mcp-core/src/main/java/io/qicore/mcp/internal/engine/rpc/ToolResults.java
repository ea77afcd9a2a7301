package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.tool.ToolErrors;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ToolResult;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The results of tool calls as JSON, in the newest form. */
public final class ToolResults {

    /** From so many characters on, a structured result is copied as text faster than it is written again. */
    private static final int WORTH_KEEPING = 1_000;

    private ToolResults() {}

    /** What a tool has answered, once it has been checked against the tool's output schema. */
    public static ObjectNode success(MCPTool tool, ToolResult.Complete answer) {
        ObjectNode result = Json.object();
        ArrayNode content = result.putArray("content");
        answer.content().forEach(block -> content.add(ContentJson.of(block)));
        if (answer.structured() != null) {
            JsonNode structured = Json.tree(answer.structured());
            if (!answer.isError()) {
                tool.checkResult(structured);
            }
            if (content.isEmpty()) {
                String text = structured.isTextual() ? structured.textValue() : json(structured);
                content.add(ContentJson.of(Content.text(text)));
                if (structured instanceof ObjectNode object && text.length() >= WORTH_KEEPING) {
                    structured = new WrittenObject(object, text);
                }
            }
            if (!structured.isTextual()) {
                result.set("structuredContent", structured);
            }
        }
        return answer.isError() ? result.put("isError", true) : result;
    }

    /** A failure that the agent should see. */
    public static ObjectNode failure(MCPToolError error) {
        ObjectNode value = ToolErrors.toJson(error);
        ObjectNode result = Json.object();
        result.putArray("content").add(ContentJson.of(Content.text(json(value))));
        result.set("structuredContent", value);
        return result.put("isError", true);
    }

    /** As it goes over the wire: half a surrogate pair, which has no UTF-8, is an escape. */
    private static String json(JsonNode value) {
        try {
            return new String(Json.MAPPER.writeValueAsBytes(value), StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
