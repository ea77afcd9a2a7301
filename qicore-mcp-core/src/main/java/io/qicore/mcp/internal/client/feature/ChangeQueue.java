package io.qicore.mcp.internal.client.feature;

import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.internal.client.channel.Serial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Tells a listener of changes, one after the other. What has changed again before the listener was told is told once. Thread-safe.
 */
final class ChangeQueue {

    private final Serial order;
    private final Consumer<ServerChange> listener;
    private final int maxWaiting;
    // Guarded by itself.
    private final Map<Object, ServerChange> waiting = new LinkedHashMap<>();

    /** @param maxWaiting how many different changes may wait for the listener */
    ChangeQueue(Executor callbacks, Consumer<ServerChange> listener, int maxWaiting) {
        this.order = new Serial(callbacks);
        this.listener = listener;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Tells of a change; returns false if too many different ones are waiting.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor has been shut down
     */
    boolean tell(ServerChange change) {
        // Of a task, only the latest state is of interest.
        Object what = change instanceof ServerChange.Task task ? task.state().id() : change;
        synchronized (waiting) {
            if (waiting.containsKey(what)) {
                waiting.put(what, change);
                return true;
            }
            if (waiting.size() >= maxWaiting) {
                return false;
            }
            waiting.put(what, change);
        }
        order.execute(() -> {
            ServerChange latest;
            synchronized (waiting) {
                latest = waiting.remove(what);
            }
            listener.accept(latest);
        });
        return true;
    }
}
