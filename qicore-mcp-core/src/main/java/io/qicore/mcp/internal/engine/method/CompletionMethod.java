package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.resource.Completer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Serves {@code completion/complete}. */
public final class CompletionMethod {

    private static final int MAX_VALUES = 100;

    private final PromptMethods prompts;
    private final ResourceMethods resources;

    CompletionMethod(PromptMethods prompts, ResourceMethods resources) {
        this.prompts = prompts;
        this.resources = resources;
    }

    public void complete(Call call) throws RpcException {
        Request request = call.request();
        JsonNode argument = request.params().path("argument");
        if (!argument.path("name").isTextual() || !argument.path("value").isTextual()) {
            throw RpcException.invalidParams("completion/complete needs \"argument\" with a \"name\" and a \"value\".");
        }
        Optional<Completer> completer =
                completer(request.object("ref"), argument.get("name").textValue(), call.caller());
        List<String> values;
        try {
            values = completer.isEmpty()
                    ? List.of()
                    : completer.get().complete(argument.get("value").textValue(), others(request), call);
        } catch (Exception e) {
            call.fail(e);
            return;
        }
        ObjectNode result = Json.object();
        ObjectNode completion = result.putObject("completion");
        values.stream().limit(MAX_VALUES).forEach(completion.putArray("values")::add);
        completion.put("total", values.size()).put("hasMore", values.size() > MAX_VALUES);
        call.complete(result, Revision.ResultType.PLAIN);
    }

    private Optional<Completer> completer(ObjectNode ref, String argument, Caller caller) throws RpcException {
        switch (ref.path("type").asText()) {
            case "ref/prompt":
                return prompts.find(ref.path("name").asText(), caller).completer(argument);
            case "ref/resource":
                String uri = ref.path("uri").asText();
                return resources
                        .listed(uri, caller)
                        .orElseThrow(() -> RpcException.invalidParams("Unknown resource or template: " + uri))
                        .completer(argument);
            default:
                throw RpcException.invalidParams("\"ref\" must have the type ref/prompt or ref/resource.");
        }
    }

    private static Map<String, String> others(Request request) {
        Map<String, String> others = new LinkedHashMap<>();
        request.params()
                .path("context")
                .path("arguments")
                .properties()
                .forEach(entry -> others.put(entry.getKey(), entry.getValue().asText()));
        return others;
    }
}
