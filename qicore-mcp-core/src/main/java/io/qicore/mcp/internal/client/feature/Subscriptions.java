package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.internal.client.protocol.Protocol;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners of changes on the server: by {@code subscriptions/listen}, or by {@code resources/subscribe} and notifications in
 * the revisions with a handshake. A subscription that is interrupted begins again. Thread-safe.
 */
public final class Subscriptions {

    private static final Duration MIN_PAUSE = Duration.ofMillis(200);
    private static final int MAX_DOUBLINGS = 7;
    private static final Duration RECONNECT_TIMEOUT = Duration.ofMinutes(2);

    private final Protocol protocol;
    private final Consumer<ServerChange> cache;
    private final Set<Subscribed> open = new CopyOnWriteArraySet<>();
    private final AtomicBoolean reconnecting = new AtomicBoolean();
    private volatile boolean closed;

    /** @param cache is told of each change before the listeners */
    Subscriptions(Protocol protocol, Consumer<ServerChange> cache) {
        this.protocol = protocol;
        this.cache = cache;
    }

    /**
     * Subscribes to the changes of all lists and of resources.
     *
     * @return the subscription, once the server has accepted it
     */
    public CompletableFuture<Subscribed> open(Scope scope, Set<String> uris, Consumer<ServerChange> listener) {
        return open(scope, new Subscribed(this, protocol, uris, Set.of(), listener));
    }

    /**
     * Subscribes to the changes of a task.
     *
     * @return the subscription, once the server has accepted it
     */
    public CompletableFuture<Subscribed> openTask(Scope scope, String taskId, Consumer<ServerChange> listener) {
        return open(scope, new Subscribed(this, protocol, Set.of(), Set.of(taskId), listener));
    }

    private CompletableFuture<Subscribed> open(Scope scope, Subscribed subscribed) {
        open.add(subscribed);
        return subscribed.begin(scope).handle((nothing, failure) -> {
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
            changed(change);
            open.forEach(subscribed -> subscribed.tell(change));
        }
    }

    /** Subscribes again with a server that has forgotten what it was told. */
    void renew() {
        open.forEach(Subscribed::renew);
    }

    /** Connects again, because nothing else would, if a server that sends changes on its own is gone. */
    void interrupted() {
        if (open.stream().anyMatch(Subscribed::isLegacy) && reconnecting.compareAndSet(false, true)) {
            reconnect(1);
        }
    }

    private void reconnect(int attempt) {
        if (closed || open.isEmpty()) {
            reconnecting.set(false);
            return;
        }
        Scope scope = protocol.begin(RECONNECT_TIMEOUT);
        scope.delay(pause(attempt))
                .thenCompose(passed -> protocol.hasHandshake(scope))
                .whenComplete((hasHandshake, failure) -> {
                    scope.close();
                    if (failure != null) {
                        reconnect(attempt + 1);
                        return;
                    }
                    reconnecting.set(false);
                    if (!hasHandshake) {
                        // The server has become one of a newer revision; an older one has been told already.
                        renew();
                    }
                });
    }

    /** Returns a random time that is longer after each failure. */
    static Duration pause(int failures) {
        long longest =
                MIN_PAUSE.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS)).toNanos();
        return Duration.ofNanos(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2));
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
            case "notifications/tasks" ->
                Results.task(params).map(ServerChange.Task::new).orElse(null);
            default -> null;
        };
    }

    /** Makes the cache forget what has changed. */
    void changed(ServerChange change) {
        cache.accept(change);
    }

    /** Returns the open subscriptions. */
    List<Subscribed> open() {
        return List.copyOf(open);
    }

    void ended(Subscribed subscribed) {
        open.remove(subscribed);
    }

    boolean isClosed() {
        return closed;
    }

    /** Does not connect any more. */
    void close() {
        closed = true;
    }
}
