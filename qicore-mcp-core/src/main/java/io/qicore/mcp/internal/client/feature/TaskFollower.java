package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.TaskState;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.Inputs;
import io.qicore.mcp.internal.client.protocol.Protocol;
import io.qicore.mcp.internal.client.protocol.RequestOptions;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows tool calls that go on as tasks: polls them and answers their questions. Thread-safe. */
public final class TaskFollower {

    private static final Logger log = LoggerFactory.getLogger(TaskFollower.class);

    private static final Duration MIN_POLL = Duration.ofMillis(50);
    private static final Duration DEFAULT_POLL = Duration.ofSeconds(1);
    private static final Duration MAX_POLL = Duration.ofMinutes(1);
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

    /** How many polls in succession may fail, for example while a replica of the server is replaced. */
    private static final int MAX_LOST_POLLS = 5;

    private final Protocol protocol;
    private final Inputs inputs;
    private final int maxRounds;

    TaskFollower(Protocol protocol, Inputs inputs, int maxRounds) {
        this.protocol = protocol;
        this.inputs = inputs;
        this.maxRounds = maxRounds;
    }

    /** Returns the result of a task that a call has begun. If the call ends early, the task is cancelled. */
    CompletableFuture<ObjectNode> follow(Scope scope, ObjectNode task) {
        String id = task.path("taskId").textValue();
        if (id == null) {
            return CompletableFuture.failedFuture(
                    new MCPConnectionException(protocol + " answered with a task without an id.", null));
        }
        Runnable forget = scope.onEnd(why -> cancelLater(id));
        Following following = new Following(scope, id);
        return following.after(task).whenComplete((result, failure) -> {
            forget.run();
            if (failure != null && !following.isFinal && scope.isOpen()) {
                // Nobody else would end it, and one that asks would wait for its answer for ever.
                cancelLater(id);
            }
        });
    }

    /** Returns the result of a task that is running, whoever has begun it. The task goes on if the scope ends early. */
    public CompletableFuture<ObjectNode> await(Scope scope, String id) {
        return state(scope, id).thenCompose(new Following(scope, id)::after);
    }

    /** Returns what the server reports about a task. */
    public CompletableFuture<JsonNode> state(Scope scope, String id) {
        return protocol.request(scope, MethodNames.GET_TASK, Json.object().put("taskId", id), RequestOptions.NONE)
                .thenApply(state -> {
                    if (!state.path("taskId").asText().equals(id)) {
                        throw new MCPConnectionException(protocol + " answers with the state of another task.", null);
                    }
                    return state;
                });
    }

    /** Answers questions of a task. */
    public CompletableFuture<JsonNode> answer(Scope scope, String id, ObjectNode answers) {
        ObjectNode params = Json.object().put("taskId", id);
        params.set("inputResponses", answers);
        return protocol.request(scope, MethodNames.UPDATE_TASK, params, RequestOptions.NONE);
    }

    /** Asks the server to cancel a task. */
    public CompletableFuture<JsonNode> cancel(Scope scope, String id) {
        return protocol.request(scope, MethodNames.CANCEL_TASK, Json.object().put("taskId", id), RequestOptions.NONE);
    }

    private void cancelLater(String id) {
        Scope ending = protocol.begin(CANCEL_TIMEOUT);
        cancel(ending, id).whenComplete((result, failure) -> {
            ending.close();
            if (failure != null) {
                log.debug("A task of {} could not be cancelled", protocol, failure);
            }
        });
    }

    private final class Following {

        private final Scope scope;
        private final String id;
        private final Set<String> answered = new HashSet<>();
        private int rounds;
        private int lostPolls;
        private volatile boolean isFinal;

        Following(Scope scope, String id) {
            this.scope = scope;
            this.id = id;
        }

        /** Goes on after a state of the task. */
        CompletableFuture<ObjectNode> after(JsonNode task) {
            TaskState state = Results.task(task).orElse(null);
            if (state == null) {
                return CompletableFuture.failedFuture(new MCPConnectionException(
                        protocol + " reports a task with the unknown status "
                                + LogText.of(task.path("status").asText()) + ".",
                        null));
            }
            isFinal = state.status().isFinal();
            return switch (state.status()) {
                case WORKING -> poll(task);
                case INPUT_REQUIRED -> answer(state);
                case COMPLETED -> result(task);
                case FAILED ->
                    CompletableFuture.failedFuture(new MCPProtocolException(
                            task.path("error").path("code").asInt(),
                            task.path("error").path("message").asText(),
                            task.path("error").get("data"),
                            null));
                case CANCELLED ->
                    CompletableFuture.failedFuture(
                            new MCPConnectionException("The task of " + protocol + " was cancelled.", null));
            };
        }

        private CompletableFuture<ObjectNode> poll(JsonNode task) {
            return scope.delay(interval(task))
                    .thenCompose(passed -> state(scope, id))
                    .handle((state, failure) -> {
                        if (failure == null) {
                            lostPolls = 0;
                            return after(state);
                        }
                        Throwable why = Failures.unwrapped(failure);
                        boolean mayPass = scope.isOpen() && Retries.mayPass(why) && ++lostPolls <= MAX_LOST_POLLS;
                        return mayPass ? poll(task) : CompletableFuture.<ObjectNode>failedFuture(why);
                    })
                    .thenCompose(Function.identity());
        }

        private Duration interval(JsonNode task) {
            JsonNode wanted = task.path("pollIntervalMs");
            if (!wanted.isIntegralNumber() || !wanted.canConvertToInt()) {
                return DEFAULT_POLL;
            }
            Duration interval = Duration.ofMillis(wanted.intValue());
            return interval.compareTo(MIN_POLL) < 0 ? MIN_POLL : interval.compareTo(MAX_POLL) > 0 ? MAX_POLL : interval;
        }

        private CompletableFuture<ObjectNode> answer(TaskState state) {
            ObjectNode open = Json.object();
            state.questions().properties().forEach(request -> {
                if (!answered.contains(request.getKey())) {
                    open.set(request.getKey(), request.getValue());
                }
            });
            if (open.isEmpty()) {
                // The server has not taken the answers yet.
                return poll(state.json());
            }
            if (++rounds > maxRounds) {
                return CompletableFuture.failedFuture(new MCPInputException(
                        protocol + " has asked for input " + maxRounds + " times in one task, and asks again.", null));
            }
            return inputs.answer(protocol.callbacks(), scope, protocol, open)
                    .thenCompose(answers -> {
                        open.fieldNames().forEachRemaining(answered::add);
                        return TaskFollower.this.answer(scope, id, answers);
                    })
                    .thenCompose(taken -> poll(state.json()));
        }

        private CompletableFuture<ObjectNode> result(JsonNode task) {
            return task.path("result") instanceof ObjectNode result
                    ? CompletableFuture.completedFuture(result)
                    : CompletableFuture.failedFuture(
                            new MCPConnectionException(protocol + " reports a completed task without a result.", null));
        }
    }
}
