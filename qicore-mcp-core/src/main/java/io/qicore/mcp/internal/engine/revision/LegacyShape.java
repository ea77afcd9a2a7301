package io.qicore.mcp.internal.engine.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.InputRequests;
import java.util.List;
import java.util.UUID;

/** The form of definitions and results before 2026-07-28. Versions are dates, so they are ordered as text. */
public final class LegacyShape {

    private final boolean hasAnnotations;
    private final boolean hasAudio;
    private final boolean hasStructure;
    private final boolean hasElicitationModes;

    LegacyShape(String version) {
        this.hasAnnotations = version.compareTo("2025-03-26") >= 0;
        this.hasAudio = hasAnnotations;
        this.hasStructure = version.compareTo("2025-06-18") >= 0;
        this.hasElicitationModes = version.compareTo("2025-11-25") >= 0;
    }

    ObjectNode define(ObjectNode definition) {
        if (!hasAnnotations) {
            definition.remove("annotations");
        }
        if (!hasStructure) {
            definition.remove(List.of("title", "outputSchema"));
        }
        return definition;
    }

    public ObjectNode result(ObjectNode result, Revision.ResultType type) {
        result.remove("_meta");
        if (!hasStructure && result.path("serverInfo") instanceof ObjectNode info) {
            info.remove("title");
        }
        if (type == Revision.ResultType.TOOL_CALL || type == Revision.ResultType.TOOL_CALL_WITH_SCHEMA) {
            structure(result, type == Revision.ResultType.TOOL_CALL_WITH_SCHEMA);
            content(result.path("content"));
        }
        for (JsonNode message : result.path("messages")) {
            content(Json.MAPPER.createArrayNode().add(message.path("content")));
        }
        return result;
    }

    /** Returns the parameters of a request to the client in the form of this revision. */
    ObjectNode question(InputRequests.Item item) {
        ObjectNode params = item.params().deepCopy();
        if (!item.method().equals(MethodNames.ELICIT)) {
            return params;
        }
        if (item.needs() == ClientFeature.ELICITATION_URL) {
            // Required, although only a notification that this server does not send uses it.
            return params.put("elicitationId", UUID.randomUUID().toString());
        }
        return hasElicitationModes ? params : params.without("mode");
    }

    private void structure(ObjectNode result, boolean hasSchema) {
        JsonNode structured = result.get("structuredContent");
        // SDKs of that time check structured content against the output schema even if it reports an error, and then
        // hide the error. The text content says the same.
        boolean hidesError = hasSchema && result.path("isError").booleanValue();
        if (!hasStructure || hidesError) {
            result.remove("structuredContent");
        } else if (structured != null && !structured.isObject()) {
            // These clients accept objects only.
            ObjectNode wrapped = Json.object();
            wrapped.set("result", structured);
            result.set("structuredContent", wrapped);
        }
    }

    private void content(JsonNode blocks) {
        if (!(blocks instanceof ArrayNode array)) {
            return;
        }
        for (JsonNode block : array) {
            String type = block.path("type").asText();
            if (type.equals("audio") && !hasAudio) {
                text((ObjectNode) block, "[audio, " + block.path("mimeType").asText() + "]");
            } else if (type.equals("resource_link") && !hasStructure) {
                text((ObjectNode) block, block.path("uri").asText());
            }
        }
    }

    private static void text(ObjectNode block, String text) {
        block.removeAll();
        block.put("type", "text").put("text", text);
    }
}
