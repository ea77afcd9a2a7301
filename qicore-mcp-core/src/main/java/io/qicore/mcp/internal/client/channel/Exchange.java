package io.qicore.mcp.internal.client.channel;

import java.util.concurrent.CompletableFuture;

/** A message that has been sent, and what belongs to it. Thread-safe. */
public interface Exchange {

    /** The exchange of a channel that has nothing of each message. */
    Exchange SENT = new Exchange() {
        @Override
        public CompletableFuture<?> delivered() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void end() {}
    };

    /**
     * Completes when the server has the message, exceptionally if that failed. For a request, also wait for the inbox, which is
     * told whether it failed.
     */
    CompletableFuture<?> delivered();

    /** Stops receiving what belongs to the message. The inbox is not told anything more. */
    void end();
}
