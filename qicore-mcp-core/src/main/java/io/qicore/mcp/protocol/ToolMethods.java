package io.qicore.mcp.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.schema.Nearest;
import io.qicore.mcp.internal.tool.ToolErrors;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code tools/list} and {@code tools/call}. */
final class ToolMethods {

    private static final Logger log = LoggerFactory.getLogger(ToolMethods.class);

    private final Map<String, MCPTool> tools = new LinkedHashMap<>();

    ToolMethods(List<MCPTool> tools) {
        for (MCPTool tool : tools) {
            if (this.tools.put(tool.name(), tool) != null) {
                throw new IllegalArgumentException("Two tools have the name '" + tool.name() + "'.");
            }
        }
    }

    void list(Request request, Call call) throws RpcException {
        if (request.params().hasNonNull("cursor")) {
            throw RpcException.invalidParams("Unknown cursor: the list of tools has one page.");
        }
        ObjectNode result = Json.object();
        ArrayNode list = result.putArray("tools");
        for (MCPTool tool : tools.values()) {
            list.add(request.revision().describe(tool));
        }
        call.complete(result, Revision.ResultType.CACHEABLE, false);
    }

    void call(Request request, Call call) throws RpcException {
        MCPTool tool = find(request.text("name"));
        JsonNode arguments = request.params().path("arguments");
        if (arguments.isMissingNode() || arguments.isNull()) {
            arguments = Json.object();
        } else if (!arguments.isObject()) {
            throw RpcException.invalidParams("\"arguments\" of tools/call must be an object.");
        }
        call.setLateReply(() -> Replies.result(
                request.id(),
                request.revision()
                        .shape(
                                failure(new MCPToolError(
                                        StandardErrorCode.DEADLINE_EXCEEDED,
                                        tool.name() + " did not end within its deadline and was cancelled.")),
                                Revision.ResultType.TOOL_CALL,
                                tool.hasOutputSchema())));
        CompletableFuture<JsonNode> outcome =
                tool.callAsync((ObjectNode) arguments, call).toCompletableFuture();
        if (!outcome.isDone()) {
            call.detach();
        }
        outcome.whenComplete((value, failure) -> {
            ObjectNode result;
            try {
                result = failure == null ? success(value) : failure(toolError(tool, call, failure));
            } catch (RuntimeException e) {
                // Such as a result nested too deeply to be written.
                result = failure(toolError(tool, call, e));
            }
            call.complete(result, Revision.ResultType.TOOL_CALL, tool.hasOutputSchema());
        });
    }

    private MCPTool find(String name) throws RpcException {
        MCPTool tool = tools.get(name);
        if (tool == null) {
            String hint = Nearest.to(name, tools.keySet())
                    .map(near -> " Did you mean '" + near + "'?")
                    .orElse(" tools/list names the ones there are.");
            throw RpcException.invalidParams("Unknown tool: '" + name + "'." + hint);
        }
        return tool;
    }

    private static MCPToolError toolError(MCPTool tool, Call call, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof MCPToolError error) {
            if (error.getCause() != null) {
                log.info("{}: {}", tool.name(), error, error.getCause());
            }
            return error;
        }
        if (call.isCancelled()) {
            log.debug("{} ended after it had been cancelled", tool.name(), cause);
            return new MCPToolError(StandardErrorCode.DEADLINE_EXCEEDED, tool.name() + " was cancelled.");
        }
        String correlationId = Failures.log(log, "Tool " + tool.name(), cause);
        return new MCPToolError(
                StandardErrorCode.INTERNAL_ERROR,
                Failures.message(tool.name(), correlationId),
                Map.of("correlationId", correlationId));
    }

    private static ObjectNode success(JsonNode value) {
        if (value.isTextual()) {
            return content(value.textValue());
        }
        ObjectNode result = content(json(value));
        result.set("structuredContent", value);
        return result;
    }

    private static ObjectNode failure(MCPToolError error) {
        ObjectNode value = ToolErrors.toJson(error);
        ObjectNode result = content(json(value));
        result.set("structuredContent", value);
        return result.put("isError", true);
    }

    private static ObjectNode content(String text) {
        ObjectNode result = Json.object();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    private static String json(JsonNode value) {
        try {
            return Json.MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
