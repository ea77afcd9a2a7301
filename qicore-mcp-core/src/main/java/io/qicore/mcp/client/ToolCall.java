package io.qicore.mcp.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.handler.CallListener;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.Progress;
import io.qicore.mcp.internal.client.feature.ClientCore;
import io.qicore.mcp.internal.client.feature.Results;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.RequestOptions;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of a tool, before it is made.
 *
 * <pre>{@code
 * Report report = client.tool("write_report")
 *         .arguments(Map.of("year", 2026))
 *         .timeout(Duration.ofMinutes(5))
 *         .onProgress(progress -> show(progress.message()))
 *         .call(Report.class);
 * }</pre>
 *
 * <p>Not thread-safe. It can be made more than once.
 */
public final class ToolCall {

    private static final Logger log = LoggerFactory.getLogger(ToolCall.class);

    private final ClientCore core;
    private final String tool;
    private final CallListener listener;
    private Duration timeout;
    private ObjectNode arguments = Json.object();
    private @Nullable Consumer<Progress> onProgress;
    private boolean checked;

    ToolCall(ClientCore core, String tool, Duration timeout, CallListener listener) {
        this.core = core;
        this.tool = tool;
        this.timeout = timeout;
        this.listener = listener;
    }

    /**
     * Sets the arguments. Default: none.
     *
     * @param value a map, a record or a tree that can be written as a JSON object
     * @throws IllegalArgumentException if it cannot, or refers to itself
     */
    public ToolCall arguments(Object value) {
        Objects.requireNonNull(value, "value");
        JsonNode json;
        try {
            json = Json.MAPPER.valueToTree(value);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(
                    "The arguments of " + tool + " refer to themselves, or are nested too deeply.", e);
        }
        if (!(json instanceof ObjectNode object)) {
            throw new IllegalArgumentException("The arguments of " + tool
                    + " must be a map, a record or an ObjectNode, not "
                    + value.getClass().getName() + ".");
        }
        this.arguments = object;
        return this;
    }

    /**
     * Sets how long the call takes at most. Default: the timeout of the client.
     *
     * @throws IllegalArgumentException if it is not positive or longer than 24 hours
     */
    public ToolCall timeout(Duration limit) {
        this.timeout = Timeouts.checked("limit", limit);
        return this;
    }

    /**
     * Asks the server for progress. Default: progress is not asked for.
     *
     * @param progress is told of progress, one report after the other and all of them before the call returns
     */
    public ToolCall onProgress(Consumer<Progress> progress) {
        this.onProgress = Objects.requireNonNull(progress, "progress");
        return this;
    }

    /**
     * Checks the structured result against the output schema of the tool, if it has one. A result that does not match is an
     * {@link MCPConnectionException}. Default: not checked.
     */
    public ToolCall checkResult() {
        this.checked = true;
        return this;
    }

    /**
     * Makes the call and waits for its result.
     *
     * @return the structured result of the tool, or its text if it has none
     * @throws MCPToolError if the tool failed or rejected the arguments
     * @throws MCPClientException if the call failed in another way
     */
    public JsonNode call() {
        return await(result -> Results.value(tool, result));
    }

    /**
     * Makes the call and reads its structured result as the given type.
     *
     * @param type the type of the result, usually a record
     * @throws MCPToolError if the tool failed or rejected the arguments
     * @throws MCPClientException if the call failed in another way
     * @throws IllegalArgumentException if the result cannot be read as the type
     */
    public <T> T call(Class<T> type) {
        Objects.requireNonNull(type, "type");
        return read(call(), type);
    }

    /**
     * Makes the call and waits for its result as the server sends it. A tool that has failed is a result, too.
     *
     * @throws MCPClientException if the call failed outside the tool
     */
    public CallResult result() {
        return await(Function.identity());
    }

    /**
     * Makes the call without waiting for it.
     *
     * @return the result, whose failures are those of {@link #result}; cancelling it cancels the call on the server, as does its
     *     {@code orTimeout}. It completes on a thread that may block
     */
    public CompletableFuture<CallResult> start() {
        return started(Function.identity());
    }

    /**
     * Makes the call without waiting for it.
     *
     * @param type the type of the result, usually a record
     * @return the result, whose failures are those of {@link #call(Class)}; cancelling it cancels the call on the server
     */
    public <T> CompletableFuture<T> start(Class<T> type) {
        Objects.requireNonNull(type, "type");
        return started(result -> read(Results.value(tool, result), type));
    }

    /**
     * Makes the call and waits until the server has answered it or has made a task of it. Needs {@link MCPClientBuilder#tasks}. The
     * result is not checked against the output schema.
     *
     * @return the result, or the task, which is not cancelled when this call ends
     * @throws IllegalStateException if the client does not follow tasks
     * @throws MCPClientException if the call failed outside the tool
     */
    public Submission submit() {
        core.tasks();
        return await(
                scope -> core.submit(scope, tool, arguments, options())
                        .thenCompose(json -> json.path("resultType").asText().equals("task")
                                ? CompletableFuture.completedFuture(new Submission.Continues(task(json)))
                                : core.result(scope, tool, json).thenApply(Submission.Completed::new)),
                Function.identity());
    }

    private ServerTask task(JsonNode json) {
        return new ServerTask(
                core,
                Results.task(json)
                        .orElseThrow(
                                () -> new MCPConnectionException(core + " answered with a task without an id.", null))
                        .id(),
                timeout);
    }

    private <T> CompletableFuture<T> started(Function<CallResult, T> reader) {
        Scope scope = core.begin(timeout);
        long start = System.nanoTime();
        return Started.of(
                core,
                scope,
                made(scope).thenApply(reader),
                "The application has cancelled the call of " + tool + ".",
                (value, failure) -> report(start, failure));
    }

    private <T> T await(Function<CallResult, T> reader) {
        return await(this::made, reader);
    }

    private <A, T> T await(Function<Scope, CompletableFuture<A>> call, Function<A, T> reader) {
        Scope scope = core.begin(timeout);
        long start = System.nanoTime();
        T value;
        try {
            value = reader.apply(Failures.await(call.apply(scope), scope, core));
        } catch (MCPToolError | MCPClientException e) {
            report(start, e);
            throw e;
        }
        report(start, null);
        return value;
    }

    private CompletableFuture<CallResult> made(Scope scope) {
        return core.call(scope, tool, arguments, options(), checked);
    }

    private RequestOptions options() {
        Consumer<Progress> progress = onProgress;
        return progress == null
                ? RequestOptions.NONE
                : RequestOptions.progress(message -> report(message.path("params"), progress));
    }

    private static void report(JsonNode params, Consumer<Progress> progress) {
        if (params.path("progress").isNumber()) {
            progress.accept(new Progress(
                    params.get("progress").doubleValue(),
                    params.path("total").isNumber() ? params.get("total").doubleValue() : null,
                    params.path("message").textValue()));
        }
    }

    private void report(long start, @Nullable Throwable failure) {
        if (failure == null || failure instanceof RuntimeException) {
            try {
                listener.called(tool, Duration.ofNanos(System.nanoTime() - start), (RuntimeException) failure);
            } catch (RuntimeException e) {
                // What observes a call must not change its result.
                log.warn("The listener of the calls of {} failed", core, e);
            }
        }
    }

    private <T> T read(JsonNode result, Class<T> type) {
        try {
            return Json.readerFor(type).readValue(result);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Cannot read the result of " + tool + " as " + type.getSimpleName() + ": " + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
