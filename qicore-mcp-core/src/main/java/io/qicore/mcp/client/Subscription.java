package io.qicore.mcp.client;

/** A subscription to changes of a server. Thread-safe. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    /** Ends the subscription. The listener is not told of later changes. May be called again. */
    @Override
    void close();
}
