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

/** Writes the results of tool calls as JSON, in the form of the newest revision. */
public final class ToolResults {

    /** The size in characters from which copying the text of a structured result is faster than writing it again. */
    private static final int WORTH_KEEPING = 1_000;

    private ToolResults() {}

    /** Checks the answer of a tool against its output schema, unless the tool wrote it, and returns it as a result. */
    public static ObjectNode success(MCPTool tool, ToolResult.Complete answer) {
        ObjectNode result = Json.object();
        ArrayNode content = result.putArray("content");
        answer.content().forEach(block -> content.add(ContentJson.of(block)));
        if (answer.structured() instanceof ToolResult.WrittenJson written) {
            if (content.isEmpty()) {
                content.add(ContentJson.of(Content.text(written.text())));
            }
            result.set("structuredContent", new WrittenObject(written.text()));
        } else if (answer.structured() != null) {
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

    /** Returns the result for a failure that the agent should see. */
    public static ObjectNode failure(MCPToolError error) {
        ObjectNode value = ToolErrors.toJson(error);
        ObjectNode result = Json.object();
        result.putArray("content").add(ContentJson.of(Content.text(json(value))));
        result.set("structuredContent", value);
        return result.put("isError", true);
    }

    /** Returns the text as it is sent. Unpaired surrogates, which UTF-8 cannot encode, are escaped. */
    private static String json(JsonNode value) {
        try {
            return new String(Json.MAPPER.writeValueAsBytes(value), StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
