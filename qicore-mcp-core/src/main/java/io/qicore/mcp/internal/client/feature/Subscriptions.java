package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.internal.client.channel.Serial;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of changes on the server: by {@code subscriptions/listen}, or by {@code resources/subscribe} and notifications in
 * the revisions with a handshake. A subscription that is interrupted begins again. Thread-safe.
 */
public final class Subscriptions {

    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

    private final LogLimit warnings = new LogLimit(20);

    private static final Duration MIN_PAUSE = Duration.ofMillis(200);
    private static final int MAX_DOUBLINGS = 7;

    /** How many changes may wait for a listener that is slower than the server. */
    private static final int MAX_WAITING = 1_000;

    private final Protocol protocol;
    private final Consumer<ServerChange> cache;
    private final Set<Subscribed> open = new CopyOnWriteArraySet<>();

    /** @param cache is told of each change before the listeners */
    Subscriptions(Protocol protocol, Consumer<ServerChange> cache) {
        this.protocol = protocol;
        this.cache = cache;
    }

    /**
     * Subscribes.
     *
     * @param uris the resources whose changes are wanted, besides those of all lists
     * @return the subscription, once the server has accepted it
     */
    public CompletableFuture<Subscribed> open(Scope scope, Set<String> uris, Consumer<ServerChange> listener) {
        Subscribed subscribed = new Subscribed(uris, listener);
        open.add(subscribed);
        return protocol.hasHandshake(scope)
                .thenCompose(legacy -> legacy ? subscribed.beginLegacy(scope) : subscribed.beginModern(scope))
                .handle((nothing, failure) -> {
                    if (failure != null) {
                        subscribed.close();
                        throw failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
                    }
                    return subscribed;
                });
    }

    /** Receives a notification that does not belong to a request. */
    void notified(String method, JsonNode params) {
        ServerChange change = change(method, params);
        if (change != null) {
            cache.accept(change);
            open.forEach(subscribed -> subscribed.tell(change));
        }
    }

    /** Subscribes again with a server that has forgotten what it was told. */
    void renew() {
        for (Subscribed subscribed : open) {
            if (subscribed.isLegacy) {
                Scope scope = protocol.begin(Duration.ofSeconds(30));
                subscribed.beginLegacy(scope).whenComplete((nothing, failure) -> {
                    scope.close();
                    if (failure != null) {
                        log.warn("{} did not accept a subscription again", protocol, failure);
                    }
                    subscribed.tellAll();
                });
            }
        }
    }

    static @Nullable ServerChange change(String method, JsonNode params) {
        return switch (method) {
            case "notifications/tools/list_changed" -> new ServerChange.Tools();
            case "notifications/prompts/list_changed" -> new ServerChange.Prompts();
            case "notifications/resources/list_changed" -> new ServerChange.Resources();
            case MethodNames.RESOURCE_UPDATED ->
                params.path("uri").isTextual()
                        ? new ServerChange.Resource(params.path("uri").textValue())
                        : null;
            default -> null;
        };
    }

    /** A subscription. Thread-safe. */
    public final class Subscribed implements AutoCloseable {

        private final Set<String> uris;
        private final Consumer<ServerChange> listener;
        private final Serial order = new Serial(protocol.callbacks(), MAX_WAITING);
        private volatile boolean isLegacy;
        private volatile boolean closed;
        private volatile @Nullable Scope current;
        private volatile int failures;

        private Subscribed(Set<String> uris, Consumer<ServerChange> listener) {
            this.uris = Set.copyOf(uris);
            this.listener = listener;
        }

        private CompletableFuture<Void> beginLegacy(Scope scope) {
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
            CompletableFuture<Void> accepted = new CompletableFuture<>();
            listen(accepted);
            return scope.bound(accepted);
        }

        private void listen(CompletableFuture<Void> accepted) {
            ObjectNode wanted = Json.object()
                    .put("toolsListChanged", true)
                    .put("promptsListChanged", true)
                    .put("resourcesListChanged", true);
            uris.forEach(uri -> wanted.withArray("resourceSubscriptions").add(uri));
            ObjectNode params = Json.object();
            params.set("notifications", wanted);
            Scope life = protocol.begin(Timeouts.MAX);
            current = life;
            if (closed) {
                end(life);
            }
            protocol.request(
                            life,
                            MethodNames.LISTEN,
                            params,
                            new RequestOptions(message -> received(message, accepted), false, java.util.Map.of()))
                    .whenComplete((result, failure) -> {
                        life.close();
                        ended(accepted, failure == null ? null : Failures.unwrapped(failure));
                    });
        }

        private void received(JsonNode notification, CompletableFuture<Void> accepted) {
            String method = notification.path("method").asText();
            if (method.equals(MethodNames.SUBSCRIPTION_ACKNOWLEDGED)) {
                failures = 0;
                accepted.complete(null);
                return;
            }
            ServerChange change = change(method, notification.path("params"));
            if (change != null) {
                cache.accept(change);
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
                    && refused.httpStatus().orElse(0) < 500) {
                log.warn("{} ended a subscription for good", protocol, refused);
                close();
                return;
            }
            log.debug("A subscription of {} was interrupted and begins again", protocol, failure);
            pauseAndBeginAgain();
        }

        private void pauseAndBeginAgain() {
            failures++;
            long longest = MIN_PAUSE
                    .multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS))
                    .toNanos();
            Duration pause =
                    Duration.ofNanos(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2));
            Scope waiting = protocol.begin(Timeouts.MAX);
            current = waiting;
            waiting.delay(pause).whenComplete((passed, failure) -> {
                waiting.close();
                if (failure == null && !closed) {
                    CompletableFuture<Void> accepted = new CompletableFuture<>();
                    // What has changed in the meantime was not told.
                    accepted.thenRun(this::tellAll);
                    listen(accepted);
                }
            });
        }

        private void tellAll() {
            List<ServerChange> all = new ArrayList<>(
                    List.of(new ServerChange.Tools(), new ServerChange.Prompts(), new ServerChange.Resources()));
            uris.forEach(uri -> all.add(new ServerChange.Resource(uri)));
            for (ServerChange change : all) {
                cache.accept(change);
                tell(change);
            }
        }

        private void tell(ServerChange change) {
            if (closed || (change instanceof ServerChange.Resource resource && isLegacy && !isWanted(resource.uri()))) {
                return;
            }
            try {
                if (!order.offer(() -> listener.accept(change)) && warnings.allows()) {
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
            closed = true;
            open.remove(this);
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
                if (open.stream().anyMatch(other -> other.uris.contains(uri))) {
                    continue;
                }
                Scope scope = protocol.begin(Duration.ofSeconds(5));
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
}
