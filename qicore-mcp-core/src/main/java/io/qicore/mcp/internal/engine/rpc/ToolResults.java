package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.json.Numbers;
import io.qicore.mcp.internal.tool.ToolErrors;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ToolResult;
import java.nio.charset.StandardCharsets;

/** Writes the results of tool calls as JSON, in the form of the newest revision. */
public final class ToolResults {

    private static final int LONG_TEXT = 500;
    private static final int MANY_MEMBERS = 20;

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
            result.set("structuredContent", new LazyObject(written.text()));
        } else if (answer.structured() != null) {
            JsonNode structured = Json.tree(answer.structured());
            String number = Numbers.fault(structured);
            if (number != null) {
                throw new IllegalStateException("In the result of " + tool.name() + " " + number
                        + ". Return null, or a String, for what is not a number.");
            }
            if (!answer.isError()) {
                tool.checkResult(structured);
            }
            if (content.isEmpty()) {
                structured = addText(content, structured);
            }
            if (!structured.isTextual()) {
                result.set("structuredContent", structured);
            }
        }
        return answer.isError() ? result.put("isError", true) : result;
    }

    /** Adds the text of a value as content. Returns the value, or a form of it that is written by copying the text. */
    private static JsonNode addText(ArrayNode content, JsonNode structured) {
        if (structured.isTextual()) {
            content.add(ContentJson.of(Content.text(structured.textValue())));
            return structured;
        }
        JsonText text = new JsonText(structured);
        content.addObject().put("type", "text").set("text", text);
        return structured instanceof ObjectNode object && isLong(object) ? new WrittenObject(object, text) : structured;
    }

    /** Returns whether copying the text of an object is faster than writing it again. */
    private static boolean isLong(ObjectNode object) {
        for (JsonNode member : object) {
            if (member.isContainerNode()
                    || (member.isTextual() && member.textValue().length() >= LONG_TEXT)) {
                return true;
            }
        }
        return object.size() >= MANY_MEMBERS;
    }

    /** Returns the result for a failure that the agent should see. */
    public static ObjectNode failure(MCPToolError error) {
        ObjectNode value = ToolErrors.toJson(error);
        ObjectNode result = Json.object();
        result.putArray("content")
                .add(ContentJson.of(Content.text(new String(Json.bytes(value), StandardCharsets.UTF_8))));
        result.set("structuredContent", value);
        return result.put("isError", true);
    }
}
