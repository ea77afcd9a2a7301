package io.qicore.mcp.transport.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Hears that the container gives an exchange up. */
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
        // Either by us, or after one of the others.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it again.
    }
}
