package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests that a server may answer with questions. The request is sent again with the answers, until the result is complete.
 * Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">MCP 2026-07-28, Multi round-trip
 *     requests</a>
 */
public final class Rounds {

    private static final Set<String> MAY_ASK =
            Set.of(MethodNames.CALL_TOOL, MethodNames.GET_PROMPT, MethodNames.READ_RESOURCE);

    /** The code with which servers of 2025-11-25 say that the user has to visit a page first. */
    private static final int PAGE_REQUIRED = -32042;

    private static final Duration MIN_PAUSE = Duration.ofMillis(50);
    private static final int MAX_DOUBLINGS = 5;

    private final Protocol protocol;
    private final Inputs inputs;
    private final int maxRounds;

    /**
     * Creates the rounds.
     *
     * @param maxRounds how often a server may ask in one call
     */
    public Rounds(Protocol protocol, Inputs inputs, int maxRounds) {
        this.protocol = protocol;
        this.inputs = inputs;
        this.maxRounds = maxRounds;
    }

    /**
     * Sends a request and answers the questions of the server.
     *
     * @param tasks takes a result that is a task; null if the request cannot become one
     * @return the complete result
     */
    public CompletableFuture<Complete> run(
            Scope scope, String method, ObjectNode params, RequestOptions options, @Nullable TaskResult tasks) {
        return new Run(scope, method, params, options, tasks).round(params, 0);
    }

    /**
     * A complete result.
     *
     * @param result the result
     * @param rounds how often the server has asked
     */
    public record Complete(ObjectNode result, int rounds) {}

    /** Turns a task into the result of the call. */
    @FunctionalInterface
    public interface TaskResult {

        /** Returns the result of a task, once it has one. */
        CompletableFuture<ObjectNode> of(ObjectNode task);
    }

    private final class Run {

        private final Scope scope;
        private final String method;
        private final ObjectNode params;
        private final RequestOptions options;
        private final @Nullable TaskResult tasks;
        private final Set<String> opened = new HashSet<>();

        Run(Scope scope, String method, ObjectNode params, RequestOptions options, @Nullable TaskResult tasks) {
            this.scope = scope;
            this.method = method;
            this.params = params;
            this.options = options;
            this.tasks = tasks;
        }

        CompletableFuture<Complete> round(ObjectNode sent, int done) {
            return protocol.request(scope, method, sent, options)
                    .handle((result, failure) ->
                            failure == null ? answered(result, done) : refused(Failures.unwrapped(failure), done))
                    .thenCompose(Function.identity());
        }

        private CompletableFuture<Complete> answered(JsonNode result, int done) {
            String type = result.path("resultType").asText("complete");
            if (type.equals("complete")) {
                return CompletableFuture.completedFuture(new Complete((ObjectNode) result, done));
            }
            if (type.equals("input_required") && MAY_ASK.contains(method)) {
                return next(result, done);
            }
            if (type.equals("task") && tasks != null) {
                return tasks.of((ObjectNode) result).thenApply(of -> new Complete(of, done));
            }
            return CompletableFuture.failedFuture(new MCPConnectionException(
                    protocol + " answered " + method + " with a result of the type '" + LogText.of(type)
                            + "', which this client does not understand.",
                    null));
        }

        /** Opens the pages that a server of 2025-11-25 wants to be visited first, and sends the request again. */
        private CompletableFuture<Complete> refused(Throwable why, int done) {
            JsonNode data =
                    why instanceof MCPProtocolException error && error.code() == PAGE_REQUIRED ? error.data() : null;
            if (data == null || data.path("elicitations").isEmpty()) {
                return CompletableFuture.failedFuture(why);
            }
            if (done == maxRounds) {
                return tooOften(done);
            }
            ObjectNode pages = Json.object();
            for (JsonNode page : data.path("elicitations")) {
                String id = page.path("elicitationId").asText();
                // The same page again means that the user is not ready there.
                if (page instanceof ObjectNode params && opened.add(id)) {
                    pages.putObject(id)
                            .put("method", MethodNames.ELICIT)
                            .set("params", params.deepCopy().put("mode", "url"));
                }
            }
            return inputs.answer(protocol.callbacks(), scope, protocol, pages).thenCompose(answers -> {
                for (JsonNode answer : answers) {
                    if (!answer.path("action").asText().equals("accept")) {
                        return CompletableFuture.failedFuture(new MCPInputException(
                                protocol + " needs a page to be visited first, and the user did not open it.", why));
                    }
                }
                return scope.delay(pause(done)).thenCompose(passed -> round(params, done + 1));
            });
        }

        private CompletableFuture<Complete> tooOften(int done) {
            return CompletableFuture.failedFuture(new MCPInputException(
                    protocol + " has asked for input " + done + " times in one call, and asks again.", null));
        }

        private Duration pause(int done) {
            return MIN_PAUSE.multipliedBy(1L << Math.min(done, MAX_DOUBLINGS));
        }

        private CompletableFuture<Complete> next(JsonNode result, int done) {
            if (done == maxRounds) {
                return tooOften(done);
            }
            JsonNode questions = result.path("inputRequests");
            JsonNode state = result.get("requestState");
            if (questions.isObject() && !questions.isEmpty()) {
                return inputs.answer(protocol.callbacks(), scope, protocol, questions)
                        .thenCompose(answers -> round(again(answers, state), done + 1));
            }
            if (state == null) {
                return CompletableFuture.failedFuture(
                        new MCPConnectionException(protocol + " asks for input without a question.", null));
            }
            // The server wants to be asked later, for example because it is busy.
            return scope.delay(pause(done)).thenCompose(passed -> round(again(null, state), done + 1));
        }

        /** Returns the parameters with the answers and the state of the latest round only. */
        private ObjectNode again(@Nullable ObjectNode answers, @Nullable JsonNode state) {
            ObjectNode all = Json.object();
            all.setAll(params);
            if (answers != null) {
                all.set("inputResponses", answers);
            }
            if (state != null) {
                all.set("requestState", state);
            }
            return all;
        }
    }
}
