package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.client.model.TaskState;
import io.qicore.mcp.internal.client.feature.ClientCore;
import io.qicore.mcp.internal.client.feature.Results;
import io.qicore.mcp.internal.client.feature.Subscribed;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A tool call that goes on as a task on the server. The task has a life of its own: it goes on when this client is closed, and any
 * client of the same caller can follow it by its id. Immutable, thread-safe.
 *
 * <pre>{@code
 * ServerTask task = client.task(id);
 * JsonNode result = task.await();
 * }</pre>
 *
 * @see <a href="https://modelcontextprotocol.io/extensions/tasks">MCP, Tasks</a>
 */
public final class ServerTask {

    private final ClientCore core;
    private final String id;
    private final Duration timeout;

    /** @throws IllegalStateException if the client does not follow tasks */
    ServerTask(ClientCore core, String id, Duration timeout) {
        core.tasks();
        this.core = core;
        this.id = id;
        this.timeout = timeout;
    }

    /** Returns the id, by which any client of the same caller can follow the task. */
    public String id() {
        return id;
    }

    /**
     * Returns a copy with another timeout. Default: that of the client.
     *
     * @param limit how long each method takes at most; the task itself goes on
     * @throws IllegalArgumentException if it is not positive or longer than 24 hours
     */
    public ServerTask withTimeout(Duration limit) {
        return new ServerTask(core, id, Timeouts.checked("limit", limit));
    }

    /**
     * Returns what the server reports about the task now.
     *
     * @throws MCPProtocolException if the task does not exist, or its server has forgotten it
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public TaskState state() {
        return waited(scope -> core.tasks().state(scope, id).thenApply(json -> Results.task(json)
                .orElseThrow(
                        () -> new MCPConnectionException(core + " reports a task with an unknown status.", null))));
    }

    /**
     * Follows the task to its end. Questions are answered by the handlers of the client.
     *
     * @return the structured result of the tool, or its text if it has none
     * @throws MCPToolError if the tool failed
     * @throws MCPTimeoutException if the task has not ended within the timeout; it goes on
     * @throws MCPInputException if the task asks what the client cannot answer; it goes on, and waits for {@link #answer}
     * @throws MCPProtocolException if the task does not exist, or has ended with a JSON-RPC error
     * @throws MCPConnectionException if the task was cancelled, or the server does not answer
     */
    public JsonNode await() {
        return Results.value("task " + id, result());
    }

    /** Follows the task as {@link #await} does, and returns its result as the server sends it. A failed tool is a result, too. */
    public CallResult result() {
        return waited(this::followed);
    }

    /**
     * Follows the task as {@link #await} does, without waiting for its end.
     *
     * @return the result; cancelling it ends the following, not the task
     */
    public CompletableFuture<CallResult> follow() {
        Scope scope = core.begin(timeout);
        return Started.of(
                core, scope, followed(scope), "The application does not follow the task any more.", (value, why) -> {});
    }

    private CompletableFuture<CallResult> followed(Scope scope) {
        return core.tasks().await(scope, id).thenCompose(json -> core.result(scope, "task " + id, json));
    }

    /**
     * Answers questions of the task, instead of the handlers of the client.
     *
     * @param answers the answers by the keys of {@link TaskState#questions}: results of the methods that the server has asked, such as
     *     {@code {"action": "accept", "content": {…}}}
     * @throws IllegalArgumentException if they cannot be written as JSON
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public void answer(Map<String, ?> answers) {
        ObjectNode json = Json.object();
        Objects.requireNonNull(answers, "answers").forEach((key, value) -> json.set(key, Json.tree(value)));
        waited(scope -> core.tasks().answer(scope, id, json));
    }

    /**
     * Asks the server to cancel the task. It may still complete.
     *
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public void cancel() {
        waited(scope -> core.tasks().cancel(scope, id));
    }

    /**
     * Subscribes to changes of the task. If a state has changed again before the listener was told, it is left out.
     *
     * @param states is told of new states, one after the other, on a thread that may block
     * @return the subscription, which the server has accepted; close it to end it
     * @throws MCPClientException if the server does not answer, or does not tell of changes of tasks
     */
    public Subscription subscribe(Consumer<TaskState> states) {
        Objects.requireNonNull(states, "states");
        Subscribed subscribed = waited(scope -> core.subscriptions().openTask(scope, id, change -> {
            if (change instanceof ServerChange.Task task && task.state().id().equals(id)) {
                states.accept(task.state());
            }
        }));
        return subscribed::close;
    }

    private <T> T waited(Function<Scope, CompletableFuture<T>> request) {
        Scope scope = core.begin(timeout);
        return Failures.await(request.apply(scope), scope, core);
    }

    @Override
    public String toString() {
        return "ServerTask[" + core + "]";
    }
}
