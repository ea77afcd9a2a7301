package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.Replies;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.engine.rpc.Watches;
import io.qicore.mcp.internal.engine.task.TaskMethods;
import io.qicore.mcp.internal.engine.task.Tasks;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.resource.ResourceWatcher;
import io.qicore.mcp.task.Task;
import io.qicore.mcp.task.TaskStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code subscriptions/listen}, and {@code resources/subscribe} of older revisions. A subscription lives as
 * long as the call or the connection that it belongs to.
 */
public final class Subscriptions {

    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);
    private static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
    private static final int MAX_WATCHED = 1_000;

    /** How many threads send notifications if the JVM does not have virtual threads. */
    private static final int MAX_NOTIFIERS = 16;

    private final ResourceMethods resources;
    private final Capabilities capabilities;
    private final @Nullable TaskMethods tasks;
    private final Executor notifiers = Threads.few("mcp-notify", MAX_NOTIFIERS);
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    Subscriptions(ResourceMethods resources, Capabilities capabilities, @Nullable TaskMethods tasks) {
        this.tasks = tasks;
        this.resources = resources;
        this.capabilities = capabilities;
    }

    /** The lists that can change. */
    enum ListKind {
        TOOLS("toolsListChanged", "notifications/tools/list_changed"),
        RESOURCES("resourcesListChanged", "notifications/resources/list_changed"),
        PROMPTS("promptsListChanged", "notifications/prompts/list_changed");

        private final String filter;
        private final String notification;

        ListKind(String filter, String notification) {
            this.filter = filter;
            this.notification = notification;
        }
    }

    /** A call of {@code subscriptions/listen}. */
    private record Listener(Call call, Set<ListKind> lists, Outbox outbox) {

        /** Sends a notification on the thread of the outbox. */
        void put(String key, Supplier<Optional<ObjectNode>> notification) {
            outbox.put(key, () -> notification.get().ifPresent(this::send));
        }

        void send(ObjectNode notification) {
            ((ObjectNode) notification.get("params"))
                    .withObjectProperty("_meta")
                    .set(SUBSCRIPTION_ID, call.request().id());
            call.send(notification);
        }

        void end() {
            outbox.put("end", this::answer);
        }

        private void answer() {
            Request request = call.request();
            ObjectNode result = Json.object();
            result.putObject("_meta").set(SUBSCRIPTION_ID, request.id());
            ConnectionState connection = ConnectionState.of(request.metadata());
            if (call.complete(result, Revision.ResultType.PLAIN) && connection != null) {
                // The specification requires the result in one place and this in another. Clients accept both.
                ObjectNode cancelled = Json.object();
                cancelled.set("requestId", request.id());
                cancelled.put("reason", "The server ends the subscription.");
                connection
                        .unsolicited()
                        .ifPresent(sink -> sink.notification(Replies.notification(MethodNames.CANCELLED, cancelled)));
            }
        }
    }

    void listen(Call call) throws RpcException {
        Request request = call.request();
        JsonNode wanted = request.params().get("notifications");
        if (wanted == null || !wanted.isObject()) {
            throw RpcException.invalidParams("subscriptions/listen needs \"notifications\", an object.");
        }
        Set<ListKind> lists = new LinkedHashSet<>();
        ObjectNode honoured = Json.object();
        for (ListKind kind : ListKind.values()) {
            if (wanted.path(kind.filter).booleanValue() && offers(kind)) {
                lists.add(kind);
                honoured.put(kind.filter, true);
            }
        }
        List<String> uris = watchable(wanted.path("resourceSubscriptions"), call.caller());
        if (!uris.isEmpty()) {
            uris.forEach(honoured.putArray("resourceSubscriptions")::add);
        }
        List<Task> taskIds = followed(request, wanted.path("taskIds"));
        if (!taskIds.isEmpty()) {
            ArrayNode ids = honoured.putArray("taskIds");
            taskIds.forEach(task -> ids.add(task.taskId()));
        }
        Outbox outbox = new Outbox("A listener", notifiers, call::isReady);
        Listener listener = new Listener(call, lists, outbox);
        // Before the acknowledgement, so that no change is lost. The outbox keeps notifications until then.
        listeners.add(listener);
        call.onEnd(() -> listeners.remove(listener));
        watch(listener, uris);
        tasksOf(listener, taskIds);
        ObjectNode acknowledged = Json.object();
        acknowledged.set("notifications", honoured);
        listener.send(Replies.notification(MethodNames.SUBSCRIPTION_ACKNOWLEDGED, acknowledged));
        outbox.open();
        // Runs immediately if the server has begun to stop since the call was admitted.
        request.metadata().control().onStopping(listener::end);
        endWithCredentials(listener);
    }

    /** Ends a subscription when the credentials of its caller expire. */
    private static void endWithCredentials(Listener listener) {
        Instant expiry = listener.call().caller().expiresAt();
        if (expiry != null) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            listener.call().onEnd(() -> ended.complete(null));
            Duration left = Timeouts.bounded(Duration.between(Instant.now(), expiry));
            ended.orTimeout(left.toMillis() + 1, TimeUnit.MILLISECONDS).whenComplete((done, late) -> {
                if (late != null) {
                    listener.end();
                }
            });
        }
    }

    private void watch(Listener listener, List<String> uris) {
        for (String uri : uris) {
            Caller caller = listener.call().caller();
            // The right may have been taken away since the subscription began.
            watch(
                            uri,
                            caller,
                            () -> listener.put(
                                    "resource " + uri,
                                    () -> resources.find(uri, caller).map(seen -> updated(uri))))
                    .ifPresent(watch -> listener.call().onEnd(() -> Watches.close(watch)));
        }
    }

    private static ObjectNode updated(String uri) {
        return Replies.notification(MethodNames.RESOURCE_UPDATED, Json.object().put("uri", uri));
    }

    private void tasksOf(Listener listener, List<Task> followed) {
        for (Task known : followed) {
            String taskId = known.taskId();
            TaskStore store = Objects.requireNonNull(tasks).tasks().store();
            Runnable tell = () -> listener.put("task " + taskId, () -> store.get(taskId)
                    .map(task -> Replies.notification(MethodNames.TASK_CHANGED, Tasks.toJson(task))));
            AutoCloseable watch = store.watch(taskId, tell);
            listener.call().onEnd(() -> Watches.close(watch));
            if (store.get(taskId)
                    .filter(now -> now.version() == known.version())
                    .isEmpty()) {
                // The task has changed before it was watched.
                tell.run();
            }
        }
    }

    private List<Task> followed(Request request, JsonNode wanted) throws RpcException {
        List<Task> followed = new ArrayList<>();
        if (tasks == null || wanted.isEmpty()) {
            return followed;
        }
        TaskMethods.requireTasks(request);
        limit("tasks", wanted);
        Set<String> taskIds = new LinkedHashSet<>();
        wanted.forEach(taskId -> taskIds.add(taskId.asText()));
        for (String taskId : taskIds) {
            tasks.tasks().find(taskId, request.metadata().principal()).ifPresent(followed::add);
        }
        return followed;
    }

    private static void limit(String what, JsonNode wanted) throws RpcException {
        if (wanted.size() > MAX_WATCHED) {
            throw RpcException.invalidParams("A subscription can watch " + MAX_WATCHED + " " + what + " at most.");
        }
    }

    private boolean offers(ListKind kind) {
        return switch (kind) {
            case TOOLS -> capabilities.tools();
            case RESOURCES -> capabilities.resources();
            case PROMPTS -> capabilities.prompts();
        };
    }

    private List<String> watchable(JsonNode wanted, Caller caller) throws RpcException {
        limit("resources", wanted);
        Set<String> uris = new LinkedHashSet<>();
        for (JsonNode uri : wanted) {
            if (uri.isTextual() && watcher(uri.textValue(), caller).isPresent()) {
                uris.add(uri.textValue());
            }
        }
        return List.copyOf(uris);
    }

    /** Serves {@code resources/subscribe}. Has no effect if the connection cannot carry notifications. */
    void subscribe(Call call) throws RpcException {
        Request request = call.request();
        String uri = request.text("uri");
        resources
                .find(uri, call.caller())
                .orElseThrow(
                        () -> RpcException.resourceNotFound(request.revision().resourceNotFound(), uri));
        ConnectionState connection = ConnectionState.of(request.metadata());
        if (connection != null && connection.unsolicited().isPresent()) {
            if (!connection.canWatch(uri)) {
                throw RpcException.invalidParams(
                        "A client can subscribe to " + ConnectionState.MAX_WATCHED + " resources at most.");
            }
            ReplySink sink = connection.unsolicited().get();
            Outbox outbox = new Outbox("A subscriber of " + uri, notifiers, sink::isReady);
            outbox.open();
            watch(
                            uri,
                            call.caller(),
                            () -> outbox.put("updated", () -> {
                                if (!call.caller().isExpired(Instant.now())
                                        && resources.find(uri, call.caller()).isPresent()) {
                                    sink.notification(updated(uri));
                                }
                            }))
                    .ifPresent(watch -> connection.watch(uri, watch));
        }
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    /** Serves {@code resources/unsubscribe}. */
    void unsubscribe(Call call) throws RpcException {
        Request request = call.request();
        String uri = request.text("uri");
        ConnectionState connection = ConnectionState.of(request.metadata());
        if (connection != null) {
            connection.unwatch(uri);
        }
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    /** Notifies subscribers that a list has changed. */
    void changed(ListKind kind) {
        for (Listener listener : listeners) {
            if (listener.lists().contains(kind)) {
                listener.put(kind.filter, () -> Optional.of(Replies.notification(kind.notification, Json.object())));
            }
        }
    }

    private Optional<ResourceWatcher> watcher(String uri, Caller caller) {
        return resources.find(uri, caller).flatMap(match -> match.resource().watcher());
    }

    private Optional<AutoCloseable> watch(String uri, Caller caller, Runnable changed) {
        try {
            Optional<ResourceWatcher> watcher = watcher(uri, caller);
            return watcher.isEmpty()
                    ? Optional.empty()
                    : Optional.of(watcher.get().watch(uri, caller, changed));
        } catch (Exception e) {
            log.warn("{} cannot be watched", LogText.of(uri), LogText.of(e));
            return Optional.empty();
        }
    }
}
