package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.internal.engine.call.Interception;
import io.qicore.mcp.internal.engine.call.Method;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.revision.LegacyRevision;
import io.qicore.mcp.internal.engine.revision.Revisions;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.engine.task.TaskMethods;
import io.qicore.mcp.internal.engine.task.Tasks;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.task.TaskStore;
import io.qicore.mcp.tool.MCPTool;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of each revision. The methods of a feature exist only if the server has the feature. Thread-safe. */
public final class Methods {

    private final Map<Revision, Map<String, Method>> methods = new HashMap<>();
    private final ToolMethods tools;
    private final ResourceMethods resources;
    private final PromptMethods prompts;
    private final @Nullable TaskMethods tasks;
    private final Subscriptions subscriptions;

    public Methods(
            ObjectNode implementation,
            @Nullable String instructions,
            Revisions revisions,
            List<MCPTool> toolList,
            List<MCPResource> resourceList,
            List<MCPPrompt> promptList,
            List<MCPSkill> skillList,
            Interception interception,
            int pageSize,
            @Nullable TaskStore taskStore,
            int maxTasks) {
        tasks = taskStore == null ? null : new TaskMethods(new Tasks(taskStore, Clock.systemUTC()), maxTasks);
        tools = new ToolMethods(toolList, interception, pageSize, tasks);
        SkillMethods skills = new SkillMethods(skillList, interception, pageSize);
        resources = new ResourceMethods(resourceList, skills, interception, pageSize);
        prompts = new PromptMethods(promptList, interception, pageSize);
        Capabilities capabilities =
                Capabilities.of(toolList, resourceList, promptList, tasks != null, !skillList.isEmpty());
        subscriptions = new Subscriptions(resources, capabilities, tasks);
        LifecycleMethods lifecycle = new LifecycleMethods(implementation, instructions, revisions, capabilities);

        Map<String, Method> shared = shared(capabilities);
        Map<String, Method> modern = new HashMap<>(shared);
        modern.put(MethodNames.DISCOVER, lifecycle::discover);
        modern.put(MethodNames.LISTEN, subscriptions::listen);
        if (capabilities.skills()) {
            modern.put(MethodNames.LIST_SKILLS, skills::list);
            modern.put(MethodNames.GET_SKILL, skills::get);
            modern.put(MethodNames.READ_RESOURCE_DIRECTORY, skills::readDirectory);
        }
        if (tasks != null) {
            modern.put(MethodNames.GET_TASK, tasks::get);
            modern.put(MethodNames.UPDATE_TASK, tasks::update);
            modern.put(MethodNames.CANCEL_TASK, tasks::cancel);
        }
        methods.put(revisions.modern(), Map.copyOf(modern));

        Map<String, Method> legacy = new HashMap<>(shared);
        legacy.put(MethodNames.INITIALIZE, lifecycle::initialize);
        legacy.put(MethodNames.PING, lifecycle::ping);
        legacy.put(MethodNames.SET_LOG_LEVEL, lifecycle::setLogLevel);
        if (capabilities.resources()) {
            legacy.put(MethodNames.SUBSCRIBE_RESOURCE, subscriptions::subscribe);
            legacy.put(MethodNames.UNSUBSCRIBE_RESOURCE, subscriptions::unsubscribe);
        }
        for (LegacyRevision revision : revisions.legacy()) {
            methods.put(revision, Map.copyOf(legacy));
        }
    }

    private Map<String, Method> shared(Capabilities capabilities) {
        Map<String, Method> shared = new HashMap<>();
        if (capabilities.tools()) {
            shared.put(MethodNames.LIST_TOOLS, tools::list);
            shared.put(MethodNames.CALL_TOOL, tools::call);
        }
        if (capabilities.resources()) {
            shared.put(MethodNames.LIST_RESOURCES, resources::list);
            shared.put(MethodNames.LIST_RESOURCE_TEMPLATES, resources::listTemplates);
            shared.put(MethodNames.READ_RESOURCE, resources::read);
        }
        if (capabilities.prompts()) {
            shared.put(MethodNames.LIST_PROMPTS, prompts::list);
            shared.put(MethodNames.GET_PROMPT, prompts::get);
        }
        if (capabilities.completions()) {
            shared.put(MethodNames.COMPLETE, new CompletionMethod(prompts, resources)::complete);
        }
        return shared;
    }

    /** Returns the method of a name, if the revision has the method and the server has its feature. */
    public Method find(Revision revision, String name) throws RpcException {
        Method method = methods.getOrDefault(revision, Map.of()).get(name);
        if (method == null) {
            throw RpcException.methodNotFound(revision.unknownMethod(), name);
        }
        return method;
    }

    /** Returns what a request uses, if the server has it and the caller sees it; otherwise null. */
    public @Nullable Offer target(Request request) {
        Caller caller = request.metadata().caller();
        ObjectNode params = request.params();
        return switch (request.method()) {
            case MethodNames.CALL_TOOL -> tools.offer(params.path("name").asText(), caller);
            case MethodNames.GET_PROMPT -> prompts.offer(params.path("name").asText(), caller);
            case MethodNames.READ_RESOURCE, MethodNames.SUBSCRIBE_RESOURCE, MethodNames.GET_SKILL ->
                resources
                        .find(params.path("uri").asText(), caller)
                        .map(match -> new Offer.Resource(match.resource()))
                        .orElse(null);
            case MethodNames.COMPLETE -> completed(params.path("ref"), caller);
            default -> null;
        };
    }

    private @Nullable Offer completed(JsonNode ref, Caller caller) {
        return switch (ref.path("type").asText()) {
            case "ref/prompt" -> prompts.offer(ref.path("name").asText(), caller);
            case "ref/resource" ->
                resources
                        .listed(ref.path("uri").asText(), caller)
                        .map(Offer.Resource::new)
                        .orElse(null);
            default -> null;
        };
    }

    /** Returns whether a call of the method lasts until its client ends it. */
    public boolean isListening(String name) {
        return name.equals(MethodNames.LISTEN);
    }

    /** Stops the work of tasks. */
    public void stopTasks() {
        if (tasks != null) {
            tasks.stop();
        }
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    public void replaceTools(List<MCPTool> newTools) {
        tools.replace(newTools);
        subscriptions.changed(Subscriptions.ListKind.TOOLS);
    }

    public void replaceResources(List<MCPResource> newResources) {
        resources.replace(newResources);
        subscriptions.changed(Subscriptions.ListKind.RESOURCES);
    }

    public void replacePrompts(List<MCPPrompt> newPrompts) {
        prompts.replace(newPrompts);
        subscriptions.changed(Subscriptions.ListKind.PROMPTS);
    }
}
