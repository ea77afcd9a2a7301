package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A call of {@code subscriptions/listen}. What it is told before its acknowledgement waits for that. Thread-safe. */
final class Listener {

    private static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";

    private final Request request;
    private final Call call;
    private final Set<Subscriptions.ListKind> lists;

    // Guarded by this.
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean acknowledged;

    Listener(Request request, Call call, Set<Subscriptions.ListKind> lists) {
        this.request = request;
        this.call = call;
        this.lists = Set.copyOf(lists);
    }

    boolean wants(Subscriptions.ListKind kind) {
        return lists.contains(kind);
    }

    /** Tells the client what it will hear of, and then what has happened meanwhile. */
    void acknowledge(ObjectNode honoured) {
        ObjectNode params = Json.object();
        params.set("notifications", honoured);
        write("notifications/subscriptions/acknowledged", params);
        while (true) {
            List<Runnable> next;
            synchronized (this) {
                if (waiting.isEmpty()) {
                    acknowledged = true;
                    return;
                }
                next = List.copyOf(waiting);
                waiting.clear();
            }
            next.forEach(Runnable::run);
        }
    }

    void send(String notification, ObjectNode params) {
        afterAcknowledgement(() -> write(notification, params));
    }

    /** Ends the subscription with an answer. */
    void end() {
        afterAcknowledgement(this::close);
    }

    private void afterAcknowledgement(Runnable action) {
        synchronized (this) {
            if (!acknowledged) {
                waiting.add(action);
                return;
            }
        }
        action.run();
    }

    private void write(String notification, ObjectNode params) {
        params.withObjectProperty("_meta").set(SUBSCRIPTION_ID, request.id());
        call.send(Replies.notification(notification, params));
    }

    private void close() {
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
                    .ifPresent(sink -> sink.notification(Replies.notification("notifications/cancelled", cancelled)));
        }
    }
}
