package io.qicore.mcp.resource;

/** Watches resources for clients that want to be told of changes. Called by many threads at once. */
@FunctionalInterface
public interface ResourceWatcher {

    /**
     * Begins to watch one resource. What it holds (a timer, a query) belongs to that one subscription and must end with
     * it.
     *
     * @param uri the resource
     * @param changed to be run whenever the resource has changed; quick, thread-safe
     * @return closed when nobody listens any more
     * @throws Exception if it cannot be watched; the subscription goes on without it
     */
    AutoCloseable watch(String uri, Runnable changed) throws Exception;
}
