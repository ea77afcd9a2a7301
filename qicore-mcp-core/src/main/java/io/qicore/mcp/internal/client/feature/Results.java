package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.Completion;
import io.qicore.mcp.client.model.PromptContent;
import io.qicore.mcp.client.model.TaskState;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.json.Numbers;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.internal.tool.ToolErrors;
import io.qicore.mcp.prompt.PromptMessage;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ResourceContents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the results of servers. What is not valid is an {@link MCPConnectionException}. */
public final class Results {

    private static final Logger log = LoggerFactory.getLogger(Results.class);

    private static final LogLimit WARNINGS = new LogLimit(20);

    private static final Map<String, TaskState.Status> STATUSES = Arrays.stream(TaskState.Status.values())
            .collect(Collectors.toUnmodifiableMap(
                    status -> status.name().toLowerCase(Locale.ROOT), Function.identity()));

    private Results() {}

    /** Reads the result of a tool. */
    public static CallResult call(String tool, ObjectNode result) {
        JsonNode structured = result.get("structuredContent");
        String number = structured == null ? null : Numbers.fault(structured);
        if (number != null) {
            throw invalid("In the result of " + tool + " " + number + ".", null);
        }
        List<Content> content = new ArrayList<>();
        for (JsonNode block : result.path("content")) {
            Content known = content(tool, block);
            if (known != null) {
                content.add(known);
            }
        }
        return new CallResult(content, structured, result.path("isError").booleanValue(), result);
    }

    /** Returns the value of a result: the structured one, or the text; throws the error of a tool that has failed. */
    public static JsonNode value(String tool, CallResult result) {
        if (result.isError()) {
            throw toolError(tool, result.json());
        }
        JsonNode structured = result.structured();
        return structured != null ? structured : Json.MAPPER.getNodeFactory().textNode(result.text());
    }

    /** Returns the error of a tool that has failed, also of a server that sends only a text. */
    public static MCPToolError toolError(String tool, JsonNode result) {
        return ToolErrors.fromJson(result.path("structuredContent"))
                .orElseGet(() -> ToolErrors.fromJson(parsed(text(result)))
                        .orElseGet(() -> new MCPToolError("TOOL_ERROR", said(tool, result), Map.of("tool", tool))));
    }

    private static String said(String tool, JsonNode result) {
        String text = text(result);
        return text.isBlank() ? LogText.of(tool) + " has failed and does not say why." : text;
    }

    private static String text(JsonNode result) {
        StringBuilder text = new StringBuilder();
        result.path("content").forEach(block -> text.append(block.path("text").asText()));
        return text.toString();
    }

    /** Returns a result whose structured value is read from its text, if the text is a JSON object. */
    static CallResult structured(String tool, CallResult result) {
        ObjectNode json = result.json();
        JsonNode parsed = parsed(text(json));
        if (parsed.isEmpty() || !parsed.isObject()) {
            return result;
        }
        return call(tool, json.deepCopy().set("structuredContent", parsed));
    }

    /** Returns a text as JSON if it is an object, as servers of revisions without structured results send it. */
    private static JsonNode parsed(String text) {
        if (!text.startsWith("{")) {
            return Json.object();
        }
        try {
            return Json.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException notJson) {
            return Json.object();
        }
    }

    private static @Nullable Content content(String of, JsonNode block) {
        String type = block.path("type").asText();
        return switch (type) {
            case "text" -> Content.text(block.path("text").asText());
            case "image" ->
                Content.image(
                        bytes(of, block.path("data")), block.path("mimeType").asText());
            case "audio" ->
                Content.audio(
                        bytes(of, block.path("data")), block.path("mimeType").asText());
            case "resource_link" ->
                new Content.ResourceLink(
                        block.path("uri").asText(),
                        block.path("name").asText(),
                        block.path("description").textValue(),
                        block.path("mimeType").textValue());
            case "resource" -> Content.embedded(resource(of, block.path("resource")));
            default -> {
                log.debug("{} has content of the unknown type {}", LogText.of(of), LogText.of(type));
                yield null;
            }
        };
    }

    private static ResourceContents resource(String of, JsonNode json) {
        String uri = json.path("uri").asText();
        String mimeType = json.path("mimeType").textValue();
        return json.has("blob")
                ? new ResourceContents.Blob(uri, mimeType, bytes(of, json.get("blob")))
                : new ResourceContents.Text(uri, mimeType, json.path("text").asText());
    }

    private static byte[] bytes(String of, JsonNode base64) {
        try {
            byte[] bytes = base64.binaryValue();
            if (bytes != null) {
                return bytes;
            }
        } catch (IOException e) {
            throw invalid("In the result of " + LogText.of(of) + " binary data is not Base64.", e);
        }
        throw invalid("In the result of " + LogText.of(of) + " binary data is missing.", null);
    }

    /** Reads the contents of a resource. */
    public static List<ResourceContents> contents(String uri, JsonNode result) {
        if (!result.path("contents").isArray()) {
            throw invalid("The server answered without the contents of " + uri + ".", null);
        }
        List<ResourceContents> contents = new ArrayList<>();
        result.path("contents").forEach(part -> contents.add(resource(uri, part)));
        return List.copyOf(contents);
    }

    /** Reads the messages of a prompt. */
    public static PromptContent prompt(String name, JsonNode result) {
        List<PromptMessage> messages = new ArrayList<>();
        for (JsonNode message : result.path("messages")) {
            Content content = content(name, message.path("content"));
            if (content != null) {
                messages.add(new PromptMessage(
                        message.path("role").asText().equals("assistant")
                                ? PromptMessage.Role.ASSISTANT
                                : PromptMessage.Role.USER,
                        content));
            }
        }
        return new PromptContent(result.path("description").textValue(), messages);
    }

    /** Reads suggestions for an argument. */
    public static Completion completion(JsonNode result) {
        JsonNode completion = result.path("completion");
        List<String> values = new ArrayList<>();
        completion.path("values").forEach(value -> values.add(value.asText()));
        return new Completion(
                values,
                completion.path("total").isInt() ? completion.path("total").intValue() : null,
                completion.path("hasMore").booleanValue());
    }

    /** Reads what a server reports about a task; empty if it is none. */
    public static Optional<TaskState> task(JsonNode json) {
        String id = json.path("taskId").textValue();
        TaskState.Status status = STATUSES.get(json.path("status").asText());
        if (id == null || status == null || !(json instanceof ObjectNode object)) {
            return Optional.empty();
        }
        return Optional.of(new TaskState(
                id,
                status,
                json.path("statusMessage").textValue(),
                json.path("inputRequests") instanceof ObjectNode questions ? questions : Json.object(),
                object));
    }

    /** Reads the items of a list; leaves out those that are not valid, so that one does not make the others unusable. */
    static <T> List<T> items(List<JsonNode> items, Class<T> type) {
        List<T> read = new ArrayList<>();
        for (JsonNode item : items) {
            try {
                if (!item.isObject()) {
                    throw new IllegalArgumentException("it is not an object");
                }
                read.add(Json.MAPPER.convertValue(item, type));
            } catch (IllegalArgumentException e) {
                if (WARNINGS.allows()) {
                    log.warn(
                            "{} is left out, because the server describes it wrongly: {}",
                            LogText.of(item.path("name").asText()),
                            LogText.of(e.getMessage()));
                }
            }
        }
        return List.copyOf(read);
    }

    private static MCPConnectionException invalid(String message, @Nullable Throwable cause) {
        return new MCPConnectionException(message, cause);
    }
}
