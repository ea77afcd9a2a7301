package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.InProcessEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.handler.CallListener;
import io.qicore.mcp.client.model.Completion;
import io.qicore.mcp.client.model.PromptContent;
import io.qicore.mcp.client.model.PromptDescription;
import io.qicore.mcp.client.model.ResourceDescription;
import io.qicore.mcp.client.model.ResourceTemplateDescription;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.client.model.ServerDescription;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.client.feature.ClientCore;
import io.qicore.mcp.internal.client.feature.Subscribed;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ResourceContents;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Uses an MCP server: calls its tools, reads its resources, gets its prompts. The server may be reached over HTTP, be a child
 * process, or be in this JVM, and may speak MCP 2026-07-28 or any older revision: the client finds out and does the same with both.
 *
 * <pre>{@code
 * try (MCPClient kafka = MCPClient.http(URI.create("http://127.0.0.1:8081/mcp"))) {
 *     kafka.call("create_topic", Map.of("name", "prices", "partitions", 3));
 *     long lag = kafka.call("get_consumer_lag", Map.of("topic", "prices")).get("lag").asLong();
 * }
 * }</pre>
 *
 * <p>The client connects at the first call. If a tool fails, it throws the {@link MCPToolError} that the tool threw. For any other
 * failure it throws an {@link MCPClientException}. Thread-safe; calls hold no thread of the client while they wait.
 */
public final class MCPClient implements AutoCloseable {

    /** The newest MCP revision that this client speaks. */
    public static final String PROTOCOL_VERSION = ProtocolMode.MODERN_VERSION;

    /** The default timeout of a call: 30 seconds. See {@link #withTimeout}. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final ClientCore core;
    private final Duration timeout;
    private final CallListener listener;

    MCPClient(ClientCore core, Duration timeout, CallListener listener) {
        this.core = core;
        this.timeout = timeout;
        this.listener = listener;
    }

    /** Returns a client of the server at an HTTP address, such as {@code http://127.0.0.1:8081/mcp}. */
    public static MCPClient http(URI endpoint) {
        Objects.requireNonNull(endpoint, "endpoint");
        return builder(HttpEndpoint.of(endpoint)).build();
    }

    /**
     * Returns a client of a server that it starts as a child process.
     *
     * @param program the name or path of the program
     * @param arguments its arguments, one by one
     */
    public static MCPClient stdio(String program, String... arguments) {
        Objects.requireNonNull(program, "program");
        return builder(StdioEndpoint.of(program, arguments)).build();
    }

    /**
     * Returns a client of a server in this JVM. Calls use no sockets but otherwise take the same path through the
     * engine as calls over HTTP. The server must be initialized. Closing the client does not stop the server.
     */
    public static MCPClient inProcess(StatelessMCPServer server) {
        return inProcess(server, Caller.ANONYMOUS);
    }

    /**
     * Returns a client of a server in this JVM, as {@link #inProcess(StatelessMCPServer)} does, whose calls are those of the
     * given caller.
     */
    public static MCPClient inProcess(StatelessMCPServer server, Caller caller) {
        return builder(new InProcessEndpoint(server, caller)).build();
    }

    /** Returns a builder of a client of any server. */
    public static MCPClientBuilder builder(ServerEndpoint endpoint) {
        return new MCPClientBuilder(Objects.requireNonNull(endpoint, "endpoint"));
    }

    /**
     * Returns a copy of this client with another timeout. Both share one connection, and closing either closes it.
     *
     * @param newTimeout how long a call takes at most, with all its retries and questions to the user
     * @throws IllegalArgumentException if the timeout is not positive or longer than 24 hours
     */
    public MCPClient withTimeout(Duration newTimeout) {
        return new MCPClient(core, Timeouts.checked("newTimeout", newTimeout), listener);
    }

    /**
     * Returns a copy of this client that reports each tool call. Both share one connection, and closing either closes
     * it.
     */
    public MCPClient withListener(CallListener newListener) {
        return new MCPClient(core, timeout, Objects.requireNonNull(newListener, "newListener"));
    }

    /**
     * Calls a tool and waits for its result.
     *
     * @param arguments a map, a record or a tree that can be written as a JSON object
     * @return the structured result of the tool, or its text if it has none
     * @throws MCPToolError if the tool failed or rejected the arguments
     * @throws MCPProtocolException if the server answered with a JSON-RPC error, for example because the tool does not
     *     exist
     * @throws MCPTimeoutException if the server did not answer in time; it is unknown whether the tool ran
     * @throws MCPConnectionException if no valid response arrived; it is unknown whether the tool ran
     * @throws IllegalArgumentException if the arguments cannot be written as a JSON object
     */
    public JsonNode call(String tool, Object arguments) {
        Objects.requireNonNull(tool, "tool");
        Objects.requireNonNull(arguments, "arguments");
        return tool(tool).arguments(arguments).call();
    }

    /**
     * Calls a tool and reads its structured result as the given type. Throws the same exceptions as
     * {@link #call(String, Object)}.
     *
     * @param type the type of the result, usually a record
     * @throws IllegalArgumentException also if the result cannot be read as the type
     * @see #call(String, Object)
     */
    public <T> T call(String tool, Object arguments, Class<T> type) {
        Objects.requireNonNull(tool, "tool");
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(type, "type");
        return tool(tool).arguments(arguments).call(type);
    }

    /** Returns a call of a tool that can have more than arguments: a timeout of its own, a listener of progress, a check. */
    public ToolCall tool(String name) {
        return new ToolCall(core, Objects.requireNonNull(name, "name"), timeout, listener);
    }

    /**
     * Returns a task of the server, whoever has begun it. The server is not asked yet. Needs {@link MCPClientBuilder#tasks}.
     *
     * @param id the id of the task
     * @throws IllegalStateException if this client does not follow tasks
     */
    public ServerTask task(String id) {
        return new ServerTask(core, Objects.requireNonNull(id, "id"), timeout);
    }

    /**
     * Returns the tools that the server offers to this client, in the order of the server. Tools that cannot be called, because the
     * server describes them wrongly, are left out, with a warning in the log.
     *
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public List<ToolDescription> listTools() {
        return await(core::tools);
    }

    /**
     * Returns the resources that the server offers to this client, in the order of the server.
     *
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public List<ResourceDescription> listResources() {
        return await(core::resources);
    }

    /**
     * Returns the templates of resources that the server offers to this client, in the order of the server.
     *
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public List<ResourceTemplateDescription> listResourceTemplates() {
        return await(core::resourceTemplates);
    }

    /**
     * Reads a resource.
     *
     * @param uri the URI of a resource, or one that a template expands to
     * @return the contents of the resource and of its parts
     * @throws MCPProtocolException if the resource does not exist
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public List<ResourceContents> readResource(String uri) {
        Objects.requireNonNull(uri, "uri");
        return await(scope -> core.read(scope, uri));
    }

    /**
     * Returns the prompts that the server offers to this client, in the order of the server.
     *
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public List<PromptDescription> listPrompts() {
        return await(core::prompts);
    }

    /**
     * Gets a prompt.
     *
     * @param arguments the arguments by name
     * @throws MCPProtocolException if the prompt does not exist, or an argument is missing
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public PromptContent getPrompt(String name, Map<String, String> arguments) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
        ObjectNode json = Json.object();
        arguments.forEach(json::put);
        return await(scope -> core.prompt(scope, name, json));
    }

    /**
     * Returns suggestions for an argument of a prompt.
     *
     * @param prompt the name of the prompt
     * @param argument the name of the argument
     * @param typed what the user has typed so far
     * @param others the values of other arguments that are known already, by name
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public Completion completePromptArgument(String prompt, String argument, String typed, Map<String, String> others) {
        Objects.requireNonNull(prompt, "prompt");
        return complete(Json.object().put("type", "ref/prompt").put("name", prompt), argument, typed, others);
    }

    /**
     * Returns suggestions for a variable of a template of resources.
     *
     * @param uriTemplate the template as the server lists it
     * @param variable the name of the variable
     * @param typed what the user has typed so far
     * @param others the values of other variables that are known already, by name
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public Completion completeTemplateVariable(
            String uriTemplate, String variable, String typed, Map<String, String> others) {
        Objects.requireNonNull(uriTemplate, "uriTemplate");
        Objects.requireNonNull(variable, "variable");
        return complete(Json.object().put("type", "ref/resource").put("uri", uriTemplate), variable, typed, others);
    }

    private Completion complete(ObjectNode reference, String argument, String typed, Map<String, String> others) {
        Objects.requireNonNull(argument, "argument");
        Objects.requireNonNull(typed, "typed");
        Objects.requireNonNull(others, "others");
        ObjectNode params = Json.object();
        params.set("ref", reference);
        params.putObject("argument").put("name", argument).put("value", typed);
        if (!others.isEmpty()) {
            ObjectNode known = params.putObject("context").putObject("arguments");
            others.forEach(known::put);
        }
        return await(scope -> core.complete(scope, params));
    }

    /**
     * Subscribes to changes of the lists of tools, resources and prompts, and of resources. A subscription that is interrupted
     * begins again by itself; then the listener is told that everything may have changed.
     *
     * @param resourceUris the resources whose changes are wanted
     * @param changes is told of changes, one after the other, on a thread that may block
     * @return the subscription, which the server has accepted; close it to end it
     * @throws MCPClientException if the server does not answer or does not have subscriptions
     */
    public Subscription subscribe(Set<String> resourceUris, Consumer<ServerChange> changes) {
        Objects.requireNonNull(resourceUris, "resourceUris");
        Objects.requireNonNull(changes, "changes");
        Subscribed subscribed = await(scope -> core.subscriptions().open(scope, resourceUris, changes));
        return subscribed::close;
    }

    /**
     * Returns the server's description of itself, and the revision that client and server use.
     *
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public ServerDescription discover() {
        return await(core::server);
    }

    private <T> T await(Function<Scope, CompletableFuture<T>> request) {
        Scope scope = core.begin(timeout);
        return Failures.await(request.apply(scope), scope, core);
    }

    /**
     * Closes the connection, and ends a child process within a bounded time. Calls in flight fail with
     * {@link MCPConnectionException}. May be called again.
     */
    @Override
    public void close() {
        core.close();
    }

    @Override
    public String toString() {
        return "MCPClient[" + core + "]";
    }
}
