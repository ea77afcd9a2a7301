package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows tool calls that go on as tasks: polls them, answers their questions, and cancels them if the call ends early. */
final class TaskFollower {

    private static final Logger log = LoggerFactory.getLogger(TaskFollower.class);

    private static final Duration MIN_POLL = Duration.ofMillis(50);
    private static final Duration DEFAULT_POLL = Duration.ofSeconds(1);
    private static final Duration MAX_POLL = Duration.ofMinutes(1);
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

    private final Protocol protocol;
    private final Inputs inputs;
    private final int maxRounds;

    TaskFollower(Protocol protocol, Inputs inputs, int maxRounds) {
        this.protocol = protocol;
        this.inputs = inputs;
        this.maxRounds = maxRounds;
    }

    /** Returns the result of a task, once it has one. */
    CompletableFuture<ObjectNode> follow(Scope scope, ObjectNode task) {
        String id = task.path("taskId").textValue();
        if (id == null) {
            return CompletableFuture.failedFuture(
                    new MCPConnectionException(protocol + " answered with a task without an id.", null));
        }
        Runnable forget = scope.onEnd(why -> cancel(id));
        return new Following(scope, id).after(task).whenComplete((result, failure) -> {
            forget.run();
            if (failure != null && Failures.unwrapped(failure) instanceof MCPInputException) {
                // It would wait for its answer for ever.
                cancel(id);
            }
        });
    }

    private void cancel(String id) {
        Scope ending = protocol.begin(CANCEL_TIMEOUT);
        protocol.request(ending, MethodNames.CANCEL_TASK, Json.object().put("taskId", id), RequestOptions.NONE)
                .whenComplete((result, failure) -> {
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

        Following(Scope scope, String id) {
            this.scope = scope;
            this.id = id;
        }

        /** Goes on after a state of the task. */
        CompletableFuture<ObjectNode> after(JsonNode task) {
            return switch (task.path("status").asText()) {
                case "working" -> poll(task);
                case "input_required" -> answer(task);
                case "completed" -> result(task);
                case "failed" ->
                    CompletableFuture.failedFuture(new MCPProtocolException(
                            task.path("error").path("code").asInt(),
                            task.path("error").path("message").asText(),
                            task.path("error").get("data"),
                            null));
                case "cancelled" ->
                    CompletableFuture.failedFuture(
                            new MCPConnectionException("The task of " + protocol + " was cancelled.", null));
                default ->
                    CompletableFuture.failedFuture(new MCPConnectionException(
                            protocol + " reports a task with the unknown status "
                                    + LogText.of(task.path("status").asText()) + ".",
                            null));
            };
        }

        private CompletableFuture<ObjectNode> poll(JsonNode task) {
            return scope.delay(interval(task))
                    .thenCompose(passed -> protocol.request(
                            scope, MethodNames.GET_TASK, Json.object().put("taskId", id), RequestOptions.NONE))
                    .thenCompose(this::after);
        }

        private Duration interval(JsonNode task) {
            JsonNode wanted = task.path("pollIntervalMs");
            if (!wanted.isIntegralNumber()) {
                return DEFAULT_POLL;
            }
            Duration interval = Duration.ofMillis(wanted.longValue());
            return interval.compareTo(MIN_POLL) < 0 ? MIN_POLL : interval.compareTo(MAX_POLL) > 0 ? MAX_POLL : interval;
        }

        private CompletableFuture<ObjectNode> answer(JsonNode task) {
            ObjectNode open = Json.object();
            task.path("inputRequests").properties().forEach(request -> {
                if (!answered.contains(request.getKey())) {
                    open.set(request.getKey(), request.getValue());
                }
            });
            if (open.isEmpty()) {
                // The server has not taken the answers yet.
                return poll(task);
            }
            if (++rounds > maxRounds) {
                return CompletableFuture.failedFuture(new MCPInputException(
                        protocol + " has asked for input " + maxRounds + " times in one task, and asks again.", null));
            }
            return inputs.answer(protocol.callbacks(), scope, protocol, open)
                    .thenCompose(answers -> {
                        open.fieldNames().forEachRemaining(answered::add);
                        ObjectNode params = Json.object().put("taskId", id);
                        params.set("inputResponses", answers);
                        return protocol.request(scope, MethodNames.UPDATE_TASK, params, RequestOptions.NONE);
                    })
                    .thenCompose(taken -> poll(task));
        }

        private CompletableFuture<ObjectNode> result(JsonNode task) {
            return task.path("result") instanceof ObjectNode result
                    ? CompletableFuture.completedFuture(result)
                    : CompletableFuture.failedFuture(
                            new MCPConnectionException(protocol + " reports a completed task without a result.", null));
        }
    }
}
