package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.Protocol;
import io.qicore.mcp.internal.client.protocol.RequestOptions;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscription. Thread-safe. */
public final class Subscribed implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Subscribed.class);

    /** How many different changes may wait for a listener that is slower than the server. */
    private static final int MAX_WAITING = 1_000;

    private static final Duration RENEWAL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

    private final LogLimit warnings = new LogLimit(20);

    private final Subscriptions all;
    private final Protocol protocol;
    private final Set<String> uris;
    private final Set<String> taskIds;
    private final ChangeQueue queue;
    private volatile boolean isLegacy;
    private volatile boolean closed;
    private volatile @Nullable Scope current;
    private volatile int failures;

    Subscribed(
            Subscriptions all,
            Protocol protocol,
            Set<String> uris,
            Set<String> taskIds,
            Consumer<ServerChange> listener) {
        this.all = all;
        this.protocol = protocol;
        this.uris = Set.copyOf(uris);
        this.taskIds = Set.copyOf(taskIds);
        this.queue = new ChangeQueue(protocol.callbacks(), listener, MAX_WAITING);
    }

    boolean isLegacy() {
        return isLegacy;
    }

    /** Begins, in the revision of the server. */
    CompletableFuture<Void> begin(Scope scope) {
        return protocol.hasHandshake(scope).thenCompose(legacy -> legacy ? beginLegacy(scope) : beginModern(scope));
    }

    private CompletableFuture<Void> beginLegacy(Scope scope) {
        if (!taskIds.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new MCPConnectionException(protocol + " speaks a revision without tasks.", null));
        }
        isLegacy = true;
        List<CompletableFuture<?>> accepted = new ArrayList<>();
        accepted.add(protocol.listen(scope));
        for (String uri : uris) {
            accepted.add(protocol.request(
                    scope, MethodNames.SUBSCRIBE_RESOURCE, Json.object().put("uri", uri), RequestOptions.NONE));
        }
        return CompletableFuture.allOf(accepted.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> beginModern(Scope scope) {
        isLegacy = false;
        CompletableFuture<Void> accepted = new CompletableFuture<>();
        listen(accepted);
        return scope.bound(accepted);
    }

    /** Subscribes again with a server that does not know of the subscription any more. */
    void renew() {
        if (!isLegacy) {
            // It notices by itself that its request has ended.
            return;
        }
        Scope scope = protocol.begin(RENEWAL_TIMEOUT);
        begin(scope).whenComplete((nothing, failure) -> {
            scope.close();
            if (failure != null) {
                log.warn("{} did not accept a subscription again", protocol, failure);
            }
            tellAll();
        });
    }

    private ObjectNode filter() {
        ObjectNode wanted = Json.object();
        if (taskIds.isEmpty()) {
            wanted.put("toolsListChanged", true).put("promptsListChanged", true).put("resourcesListChanged", true);
        }
        uris.forEach(uri -> wanted.withArray("resourceSubscriptions").add(uri));
        taskIds.forEach(id -> wanted.withArray("taskIds").add(id));
        return wanted;
    }

    private void listen(CompletableFuture<Void> accepted) {
        ObjectNode params = Json.object();
        params.set("notifications", filter());
        Scope life = protocol.begin(Timeouts.MAX);
        current = life;
        if (closed) {
            end(life);
        }
        protocol.request(
                        life,
                        MethodNames.LISTEN,
                        params,
                        new RequestOptions(message -> received(message, accepted), false, Map.of()))
                .whenComplete((result, failure) -> {
                    life.close();
                    ended(accepted, failure == null ? null : Failures.unwrapped(failure));
                });
    }

    private void received(JsonNode notification, CompletableFuture<Void> accepted) {
        String method = notification.path("method").asText();
        JsonNode params = notification.path("params");
        if (method.equals(MethodNames.SUBSCRIPTION_ACKNOWLEDGED)) {
            if (!taskIds.isEmpty()
                    && params.path("notifications").path("taskIds").isEmpty()) {
                accepted.completeExceptionally(
                        new MCPConnectionException(protocol + " does not tell of changes of the task.", null));
                close();
                return;
            }
            failures = 0;
            accepted.complete(null);
            return;
        }
        ServerChange change = Subscriptions.change(method, params);
        if (change != null) {
            all.changed(change);
            tell(change);
        }
    }

    private void ended(CompletableFuture<Void> accepted, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        boolean wasAccepted = accepted.isDone() && !accepted.isCompletedExceptionally();
        if (!wasAccepted && failures == 0) {
            accepted.completeExceptionally(
                    failure != null
                            ? failure
                            : new MCPConnectionException(protocol + " did not accept the subscription.", null));
            return;
        }
        if (failure instanceof MCPProtocolException refused
                && refused.httpStatus().orElse(0) < 500
                && !Retries.mayPass(refused)) {
            log.warn("{} ended a subscription for good", protocol, refused);
            close();
            return;
        }
        log.debug("A subscription of {} was interrupted and begins again", protocol, failure);
        pauseAndBeginAgain();
    }

    private void pauseAndBeginAgain() {
        failures++;
        Scope waiting = protocol.begin(Timeouts.MAX);
        current = waiting;
        waiting.delay(Subscriptions.pause(failures))
                .thenCompose(passed -> protocol.hasHandshake(waiting))
                .whenComplete((legacy, failure) -> {
                    waiting.close();
                    if (closed || all.isClosed()) {
                        return;
                    }
                    if (failure != null) {
                        pauseAndBeginAgain();
                    } else if (legacy) {
                        isLegacy = true;
                        renew();
                    } else {
                        CompletableFuture<Void> accepted = new CompletableFuture<>();
                        // What has changed in the meantime was not told.
                        accepted.thenRun(this::tellAll);
                        listen(accepted);
                    }
                });
    }

    /** Tells that everything may have changed, and what tasks are at now. */
    private void tellAll() {
        List<ServerChange> changes = new ArrayList<>();
        if (taskIds.isEmpty()) {
            changes.add(new ServerChange.Tools());
            changes.add(new ServerChange.Prompts());
            changes.add(new ServerChange.Resources());
        }
        uris.forEach(uri -> changes.add(new ServerChange.Resource(uri)));
        for (ServerChange change : changes) {
            all.changed(change);
            tell(change);
        }
        for (String id : taskIds) {
            Scope scope = protocol.begin(RENEWAL_TIMEOUT);
            protocol.request(scope, MethodNames.GET_TASK, Json.object().put("taskId", id), RequestOptions.NONE)
                    .whenComplete((task, failure) -> {
                        scope.close();
                        if (failure == null) {
                            Results.task(task).map(ServerChange.Task::new).ifPresent(this::tell);
                        }
                    });
        }
    }

    void tell(ServerChange change) {
        if (closed || (change instanceof ServerChange.Resource resource && isLegacy && !isWanted(resource.uri()))) {
            return;
        }
        try {
            if (!queue.tell(change) && warnings.allows()) {
                log.warn("A listener of {} is too slow, so that a change is not told", protocol);
            }
        } catch (RejectedExecutionException e) {
            log.debug("The client of {} is closed", protocol, e);
        }
    }

    private boolean isWanted(String uri) {
        return uris.stream().anyMatch(uri::startsWith);
    }

    /** Ends the subscription. May be called again. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        all.ended(this);
        Scope life = current;
        if (life != null) {
            end(life);
        }
        if (isLegacy) {
            unsubscribe();
        }
    }

    private void end(Scope life) {
        life.end(new MCPConnectionException("The subscription was closed.", null));
    }

    private void unsubscribe() {
        for (String uri : uris) {
            if (all.open().stream().anyMatch(other -> other.uris.contains(uri))) {
                continue;
            }
            Scope scope = protocol.begin(END_TIMEOUT);
            protocol.request(
                            scope,
                            MethodNames.UNSUBSCRIBE_RESOURCE,
                            Json.object().put("uri", uri),
                            RequestOptions.NONE)
                    .whenComplete((result, failure) -> {
                        scope.close();
                        if (failure != null) {
                            log.debug("{} did not end a subscription", protocol, failure);
                        }
                    });
        }
    }
}
