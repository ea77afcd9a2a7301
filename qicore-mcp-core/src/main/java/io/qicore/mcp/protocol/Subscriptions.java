package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.resource.ResourceWatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code subscriptions/listen}, and {@code resources/subscribe} before it. A subscription lives as long as the call, or
 * the connection, that it belongs to.
 */
final class Subscriptions {

    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);
    private static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
    private static final int MAX_RESOURCES = 1_000;

    private final ResourceMethods resources;
    private final Capabilities capabilities;
    private final @Nullable TaskMethods tasks;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    Subscriptions(ResourceMethods resources, Capabilities capabilities, @Nullable TaskMethods tasks) {
        this.tasks = tasks;
        this.resources = resources;
        this.capabilities = capabilities;
    }

    /** Lists that can change. */
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

    /** A call that listens. */
    private record Listener(Request request, Call call, Set<ListKind> lists) {

        void send(String notification, ObjectNode params) {
            params.withObjectProperty("_meta").set(SUBSCRIPTION_ID, request.id());
            call.send(Replies.notification(notification, params));
        }

        void end() {
            ObjectNode result = Json.object();
            result.putObject("_meta").set(SUBSCRIPTION_ID, request.id());
            call.complete(result, Revision.ResultType.PLAIN);
            ClientConnection connection = request.metadata().connection();
            if (connection != null) {
                // The specification asks for the result in one place and for this in another; clients take both.
                ObjectNode cancelled = Json.object();
                cancelled.set("requestId", request.id());
                cancelled.put("reason", "The server ends the subscription.");
                connection
                        .unsolicited()
                        .ifPresent(
                                sink -> sink.notification(Replies.notification("notifications/cancelled", cancelled)));
            }
        }
    }

    void listen(Request request, Call call) throws RpcException {
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
        List<String> uris = watchable(wanted.path("resourceSubscriptions"));
        if (!uris.isEmpty()) {
            uris.forEach(honoured.putArray("resourceSubscriptions")::add);
        }
        List<String> taskIds = taskIds(request, wanted.path("taskIds"));
        if (!taskIds.isEmpty()) {
            taskIds.forEach(honoured.putArray("taskIds")::add);
        }
        call.detach();
        Listener listener = new Listener(request, call, lists);
        ObjectNode acknowledged = Json.object();
        acknowledged.set("notifications", honoured);
        listener.send("notifications/subscriptions/acknowledged", acknowledged);
        // Only now: nothing may go before the acknowledgement.
        listeners.add(listener);
        call.onEnd(() -> listeners.remove(listener));
        for (String uri : uris) {
            watch(
                            uri,
                            () -> listener.send(
                                    "notifications/resources/updated",
                                    Json.object().put("uri", uri)))
                    .ifPresent(watch -> call.onEnd(() -> close(watch)));
        }
        for (String taskId : taskIds) {
            AutoCloseable watch =
                    Objects.requireNonNull(tasks).tasks().store().watch(taskId, () -> tell(listener, taskId));
            call.onEnd(() -> close(watch));
        }
    }

    private List<String> taskIds(Request request, JsonNode wanted) throws RpcException {
        List<String> taskIds = new ArrayList<>();
        if (tasks == null || wanted.isEmpty()) {
            return taskIds;
        }
        TaskMethods.requireTasks(request);
        for (JsonNode taskId : wanted) {
            if (tasks.tasks()
                    .find(taskId.asText(), request.metadata().principal())
                    .isPresent()) {
                taskIds.add(taskId.asText());
            }
        }
        return taskIds;
    }

    private void tell(Listener listener, String taskId) {
        Objects.requireNonNull(tasks)
                .tasks()
                .store()
                .get(taskId)
                .ifPresent(task -> listener.send("notifications/tasks", Tasks.toJson(task)));
    }

    private boolean offers(ListKind kind) {
        return switch (kind) {
            case TOOLS -> capabilities.tools();
            case RESOURCES -> capabilities.resources();
            case PROMPTS -> capabilities.prompts();
        };
    }

    private List<String> watchable(JsonNode wanted) throws RpcException {
        if (wanted.size() > MAX_RESOURCES) {
            throw RpcException.invalidParams("A subscription can watch " + MAX_RESOURCES + " resources at most.");
        }
        List<String> uris = new ArrayList<>();
        for (JsonNode uri : wanted) {
            if (watcher(uri.asText()).isPresent() && !uris.contains(uri.asText())) {
                uris.add(uri.asText());
            }
        }
        return uris;
    }

    /** {@code resources/subscribe} of older revisions; without a connection that can carry updates it has no effect. */
    void subscribe(Request request, Call call) throws RpcException {
        String uri = request.text("uri");
        resources.find(uri).orElseThrow(() -> RpcException.resourceNotFound(request.revision(), uri));
        ClientConnection connection = request.metadata().connection();
        if (connection != null) {
            connection.unsolicited().ifPresent(sink -> watch(
                            uri,
                            () -> sink.notification(Replies.notification(
                                    "notifications/resources/updated",
                                    Json.object().put("uri", uri))))
                    .ifPresent(watch -> connection.watch(uri, watch)));
        }
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    /** {@code resources/unsubscribe} of older revisions. */
    void unsubscribe(Request request, Call call) throws RpcException {
        String uri = request.text("uri");
        if (request.metadata().connection() != null) {
            request.metadata().connection().unwatch(uri);
        }
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    /** Tells those who listen that a list has changed. */
    void changed(ListKind kind) {
        for (Listener listener : listeners) {
            if (listener.lists().contains(kind)) {
                listener.send(kind.notification, Json.object());
            }
        }
    }

    /** Ends every subscription with an answer. */
    void end() {
        listeners.forEach(Listener::end);
    }

    private Optional<ResourceWatcher> watcher(String uri) {
        return resources.find(uri).flatMap(match -> match.resource().watcher());
    }

    private Optional<AutoCloseable> watch(String uri, Runnable changed) {
        try {
            Optional<ResourceWatcher> watcher = watcher(uri);
            return watcher.isEmpty()
                    ? Optional.empty()
                    : Optional.of(watcher.get().watch(uri, changed));
        } catch (Exception e) {
            log.warn("{} cannot be watched", uri, e);
            return Optional.empty();
        }
    }

    static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            log.warn("A watch did not end cleanly", e);
        }
    }
}
