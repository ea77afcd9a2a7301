package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Interception;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.call.Rounds;
import io.qicore.mcp.internal.engine.rpc.ContentJson;
import io.qicore.mcp.internal.engine.rpc.Definitions;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptMessage;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.InputRequests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Serves {@code prompts/list} and {@code prompts/get}. */
public final class PromptMethods {

    private final Interception interception;
    private final int pageSize;
    private volatile Map<String, MCPPrompt> prompts;

    /** @param interception decides who sees which prompts */
    PromptMethods(List<MCPPrompt> prompts, Interception interception, int pageSize) {
        this.interception = interception;
        this.pageSize = pageSize;
        this.prompts = index(prompts);
    }

    /** Replaces the prompts. */
    public void replace(List<MCPPrompt> newPrompts) {
        prompts = index(newPrompts);
    }

    boolean isEmpty() {
        return prompts.isEmpty();
    }

    private static Map<String, MCPPrompt> index(List<MCPPrompt> prompts) {
        Map<String, MCPPrompt> index = new LinkedHashMap<>();
        for (MCPPrompt prompt : prompts) {
            if (index.put(prompt.name(), prompt) != null) {
                throw new IllegalArgumentException("Two prompts have the name '" + prompt.name() + "'.");
            }
        }
        return index;
    }

    void list(Call call) throws RpcException {
        Request request = call.request();
        List<MCPPrompt> listed = prompts.values().stream()
                .filter(prompt -> isVisible(prompt, call.caller()))
                .toList();
        call.complete(
                Pages.page(request, "prompts", listed, pageSize, MCPPrompt::name, Definitions::prompt),
                Revision.ResultType.CACHEABLE);
    }

    public void get(Call call) throws RpcException {
        Request request = call.request();
        MCPPrompt prompt = find(request.text("name"), call.caller());
        Rounds.serve(call, new PromptCall(prompt, arguments(request, prompt)));
    }

    private boolean isVisible(MCPPrompt prompt, Caller caller) {
        return interception.isEmpty() || interception.offers(caller, new Offer.Prompt(prompt));
    }

    /** Returns the prompt of a name, if the caller sees one; otherwise null. */
    Offer.@Nullable Prompt offer(String name, Caller caller) {
        MCPPrompt prompt = prompts.get(name);
        return prompt == null || !isVisible(prompt, caller) ? null : new Offer.Prompt(prompt);
    }

    /** Returns the prompt of a name, if the caller sees one. */
    public MCPPrompt find(String name, Caller caller) throws RpcException {
        MCPPrompt prompt = prompts.get(name);
        if (prompt == null || !isVisible(prompt, caller)) {
            // A prompt that the caller does not see must not be suggested either.
            List<String> visible = prompts.values().stream()
                    .filter(other -> isVisible(other, caller))
                    .map(MCPPrompt::name)
                    .toList();
            String hint = ClosestName.to(name, visible)
                    .map(near -> " Did you mean '" + near + "'?")
                    .orElse(" prompts/list names the ones there are.");
            throw RpcException.invalidParams("Unknown prompt: '" + name + "'." + hint);
        }
        return prompt;
    }

    private static Map<String, String> arguments(Request request, MCPPrompt prompt) throws RpcException {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> argument : request.object("arguments").properties()) {
            if (!argument.getValue().isTextual()) {
                throw RpcException.invalidParams(
                        "Argument '" + argument.getKey() + "' of prompt " + prompt.name() + " must be a string.");
            }
            arguments.put(argument.getKey(), argument.getValue().textValue());
        }
        for (MCPPrompt.Argument argument : prompt.arguments()) {
            if (argument.required() && !arguments.containsKey(argument.name())) {
                throw RpcException.invalidParams(
                        "Prompt " + prompt.name() + " needs the argument '" + argument.name() + "'.");
            }
        }
        return arguments;
    }

    /** The rounds of one call of a prompt. */
    private record PromptCall(MCPPrompt prompt, Map<String, String> arguments) implements Rounds<PromptResult> {

        @Override
        public CompletableFuture<PromptResult> round(Call call) {
            return Rounds.attempt(() -> prompt.handler().handle(arguments, call));
        }

        @Override
        public Optional<InputRequests> question(PromptResult answer) {
            return answer instanceof PromptResult.InputRequired question
                    ? Optional.of(question.requests())
                    : Optional.empty();
        }

        @Override
        public void complete(Call call, PromptResult answer) {
            ObjectNode result = Json.object();
            if (prompt.description() != null) {
                result.put("description", prompt.description());
            }
            ArrayNode messages = result.putArray("messages");
            for (PromptMessage message : ((PromptResult.Messages) answer).messages()) {
                messages.addObject()
                        .put("role", message.role().name().toLowerCase(Locale.ROOT))
                        .set("content", ContentJson.of(message.content()));
            }
            call.complete(result, Revision.ResultType.PLAIN);
        }

        @Override
        public void fail(Call call, Throwable failure) {
            call.fail(failure);
        }
    }
}
