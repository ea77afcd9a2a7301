package io.qicore.mcp.transport.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Runs an action when the container aborts an exchange because of an error or a timeout. */
final class AsyncErrors implements AsyncListener {

    private final Runnable action;

    AsyncErrors(Runnable action) {
        this.action = action;
    }

    @Override
    public void onError(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // Called after this transport completed the exchange, or after one of the methods above.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Never called: asynchronous processing is started only once.
    }
}
