package io.qicore.mcp.resource;

import io.qicore.mcp.auth.Caller;

/** Watches resources for clients that subscribe to them. Implementations must be thread-safe. */
@FunctionalInterface
public interface ResourceWatcher {

    /**
     * Starts to watch one resource for one subscription. Whatever the watch needs, such as a timer or a query, must be
     * released when the returned handle is closed.
     *
     * @param uri the URI of the resource
     * @param caller who subscribes; notifications must depend only on what this caller may read
     * @param changed to run each time the resource changes; it is thread-safe and returns quickly
     * @return a handle that the engine closes when the subscription ends
     * @throws Exception if the resource cannot be watched; the subscription then continues without this resource
     */
    AutoCloseable watch(String uri, Caller caller, Runnable changed) throws Exception;
}
