package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.InProcessEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.RetryPolicy;
import io.qicore.mcp.client.endpoint.RevisionStore;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.Completion;
import io.qicore.mcp.client.model.LogMessage;
import io.qicore.mcp.client.model.PromptContent;
import io.qicore.mcp.client.model.PromptDescription;
import io.qicore.mcp.client.model.ResourceDescription;
import io.qicore.mcp.client.model.ResourceTemplateDescription;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.client.model.ServerDescription;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.client.channel.Channel;
import io.qicore.mcp.internal.client.channel.InProcessChannel;
import io.qicore.mcp.internal.client.channel.MessageJson;
import io.qicore.mcp.internal.client.feature.ResponseCache.Freshness;
import io.qicore.mcp.internal.client.http.HttpChannel;
import io.qicore.mcp.internal.client.http.SseChannel;
import io.qicore.mcp.internal.client.protocol.Declaration;
import io.qicore.mcp.internal.client.protocol.InputHandlers;
import io.qicore.mcp.internal.client.protocol.Inputs;
import io.qicore.mcp.internal.client.protocol.Protocol;
import io.qicore.mcp.internal.client.protocol.RequestOptions;
import io.qicore.mcp.internal.client.protocol.Rounds;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.client.protocol.Verdict;
import io.qicore.mcp.internal.client.stdio.StdioChannel;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ResourceContents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a client does, put together from its settings. Thread-safe. */
public final class ClientCore implements AutoCloseable {

    private static final Duration NO_PROBE = Duration.ofHours(1);

    private final ServerEndpoint endpoint;
    private final Protocol protocol;
    private final Rounds rounds;
    private final ResponseCache cache;
    private final Lists lists;
    private final KnownTools tools;
    private final Retries retries;
    private final @Nullable TaskFollower tasks;
    private final ToolCalls calls;
    private final Subscriptions subscriptions;

    /**
     * The settings of a client.
     *
     * @param mode the revisions that it may use
     * @param declaration what it says about itself
     * @param handlers what answers the questions of servers
     * @param maxRounds how often a server may ask in one call
     * @param retries how often a failed call is made again
     * @param caching whether answers are kept as long as the server allows
     * @param logListener receives log messages, or null
     * @param negotiationTimeout how long it may take to agree on a revision
     * @param revisions remembers the revisions of servers; null if nothing does
     */
    public record Settings(
            ProtocolMode mode,
            Declaration declaration,
            InputHandlers handlers,
            int maxRounds,
            RetryPolicy retries,
            boolean caching,
            @Nullable Consumer<LogMessage> logListener,
            Duration negotiationTimeout,
            @Nullable RevisionStore revisions) {}

    /** Creates a client that is not connected yet. */
    public ClientCore(ServerEndpoint endpoint, Settings settings) {
        this.endpoint = endpoint;
        ScheduledExecutorService clock = Protocol.clock();
        Inputs inputs = new Inputs(settings.handlers());
        FromServer messages = new FromServer(inputs, settings.declaration().logLevel(), settings.logListener());
        this.protocol = new Protocol(
                channel(endpoint, clock),
                clock,
                settings.mode(),
                settings.declaration(),
                messages,
                endpoint instanceof StdioEndpoint stdio ? stdio.probeTimeout() : NO_PROBE,
                settings.negotiationTimeout(),
                Verdict.of(settings.revisions(), endpoint));
        this.rounds = new Rounds(protocol, inputs, settings.maxRounds());
        this.cache = new ResponseCache(settings.caching(), System::nanoTime);
        this.lists = new Lists(protocol, cache);
        this.tools = new KnownTools(protocol, lists, cache);
        this.retries = new Retries(settings.retries(), tools);
        this.tasks = settings.declaration().tasks() ? new TaskFollower(protocol, inputs, settings.maxRounds()) : null;
        this.calls = new ToolCalls(protocol, rounds, tools, retries, tasks);
        this.subscriptions = new Subscriptions(protocol, this::changed);
        messages.attach(protocol, subscriptions, cache);
    }

    private static Channel channel(ServerEndpoint endpoint, ScheduledExecutorService clock) {
        if (endpoint instanceof HttpEndpoint http) {
            return http.isSse() ? new SseChannel(http) : new HttpChannel(http, clock);
        }
        return endpoint instanceof StdioEndpoint stdio
                ? new StdioChannel(stdio)
                : new InProcessChannel((InProcessEndpoint) endpoint);
    }

    private void changed(ServerChange change) {
        if (change instanceof ServerChange.Tools) {
            cache.forget(MethodNames.LIST_TOOLS::equals);
        } else if (change instanceof ServerChange.Prompts) {
            cache.forget(MethodNames.LIST_PROMPTS::equals);
        } else if (change instanceof ServerChange.Resources) {
            cache.forget(
                    key -> key.equals(MethodNames.LIST_RESOURCES) || key.equals(MethodNames.LIST_RESOURCE_TEMPLATES));
        } else if (change instanceof ServerChange.Resource resource) {
            // The change may be in a part of what was read.
            cache.forget(key -> key.startsWith(MethodNames.READ_RESOURCE + " "));
        }
    }

    /** Begins a call with a deadline. */
    public Scope begin(Duration timeout) {
        return protocol.begin(timeout);
    }

    /** Returns the server as it described itself when the revision was agreed on. */
    public CompletableFuture<ServerDescription> server(Scope scope) {
        return retries.read(scope, MethodNames.DISCOVER, () -> protocol.server(scope));
    }

    /** Calls a tool and returns its result, which may say that the tool has failed. */
    public CompletableFuture<CallResult> call(
            Scope scope, String tool, ObjectNode arguments, RequestOptions options, boolean checked) {
        return calls.call(scope, tool, arguments, options, checked);
    }

    /** Calls a tool and returns what the server answers: a result, or a task, whose {@code resultType} says so. */
    public CompletableFuture<ObjectNode> submit(
            Scope scope, String tool, ObjectNode arguments, RequestOptions options) {
        return calls.submit(scope, tool, arguments, options);
    }

    /** Reads the result of a tool. */
    public CompletableFuture<CallResult> result(Scope scope, String tool, ObjectNode json) {
        return calls.result(scope, tool, json, false);
    }

    /**
     * Returns what follows tasks.
     *
     * @throws IllegalStateException if the client does not follow tasks
     */
    public TaskFollower tasks() {
        if (tasks == null) {
            throw new IllegalStateException(
                    "This client does not follow tasks: build it with tasks(true), so that servers know that it does.");
        }
        return tasks;
    }

    /** Returns what runs callbacks of the application, on threads that may block. */
    public Executor callbacks() {
        return protocol.callbacks();
    }

    /** Returns the tools that can be called. */
    public CompletableFuture<List<ToolDescription>> tools(Scope scope) {
        return retries.read(scope, MethodNames.LIST_TOOLS, () -> tools.list(scope));
    }

    /** Returns the resources. */
    public CompletableFuture<List<ResourceDescription>> resources(Scope scope) {
        return list(scope, MethodNames.LIST_RESOURCES, "resources", ResourceDescription.class);
    }

    /** Returns the templates of resources. */
    public CompletableFuture<List<ResourceTemplateDescription>> resourceTemplates(Scope scope) {
        return list(scope, MethodNames.LIST_RESOURCE_TEMPLATES, "resourceTemplates", ResourceTemplateDescription.class);
    }

    /** Returns the prompts. */
    public CompletableFuture<List<PromptDescription>> prompts(Scope scope) {
        return list(scope, MethodNames.LIST_PROMPTS, "prompts", PromptDescription.class);
    }

    private <T> CompletableFuture<List<T>> list(Scope scope, String method, String member, Class<T> type) {
        return retries.read(scope, method, () -> lists.all(scope, method, member))
                .thenApply(items -> Results.items(items, type));
    }

    /** Returns the contents of a resource. */
    @SuppressWarnings("unchecked")
    public CompletableFuture<List<ResourceContents>> read(Scope scope, String uri) {
        String key = MethodNames.READ_RESOURCE + " " + uri;
        List<ResourceContents> cached = cache.get(key, List.class);
        if (cached != null) {
            return CompletableFuture.completedFuture(cached);
        }
        long since = cache.changes();
        ObjectNode params = Json.object().put("uri", uri);
        return retries.read(
                        scope,
                        MethodNames.READ_RESOURCE,
                        () -> rounds.run(scope, MethodNames.READ_RESOURCE, params, RequestOptions.NONE, null))
                .thenApply(complete -> {
                    List<ResourceContents> contents = Results.contents(uri, complete.result());
                    if (complete.rounds() == 0) {
                        long size = MessageJson.size(complete.result());
                        cache.put(key, contents, Freshness.of(complete.result()), size, since);
                    }
                    return contents;
                });
    }

    /** Returns the messages of a prompt. */
    public CompletableFuture<PromptContent> prompt(Scope scope, String name, ObjectNode arguments) {
        ObjectNode params = Json.object().put("name", name);
        params.set("arguments", arguments);
        return retries.read(
                        scope,
                        MethodNames.GET_PROMPT,
                        () -> rounds.run(scope, MethodNames.GET_PROMPT, params, RequestOptions.NONE, null))
                .thenApply(complete -> Results.prompt(name, complete.result()));
    }

    /** Returns suggestions for an argument. */
    public CompletableFuture<Completion> complete(Scope scope, ObjectNode params) {
        return retries.read(
                        scope,
                        MethodNames.COMPLETE,
                        () -> protocol.request(scope, MethodNames.COMPLETE, params, RequestOptions.NONE))
                .thenApply(Results::completion);
    }

    /** Returns what tells listeners of changes. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    @Override
    public void close() {
        subscriptions.close();
        protocol.close();
        cache.forget(key -> true);
    }

    /** Returns the name or address of the server. */
    @Override
    public String toString() {
        return endpoint.toString();
    }
}
