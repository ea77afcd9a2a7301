package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import java.util.concurrent.CompletableFuture;

/** Receives what a server sends besides answers and progress. Thread-safe. */
public interface ServerMessages {

    /** Receives a notification that does not belong to a request. Returns quickly. */
    void notified(String method, JsonNode params);

    /** Is told that a revision with a handshake has been agreed on, so that what the server was told before is forgotten. */
    void agreed();

    /** Is told that the server is gone, or has forgotten the session, and perhaps with it what it was told before. */
    void lost();

    /** Is told that the requests have other credentials from now on, so that earlier answers may not be for them. */
    void credentialsChanged();

    /**
     * Receives a request of a server of a revision with a handshake.
     *
     * @return the result; fails with {@link Refused} to answer with an error
     */
    CompletableFuture<JsonNode> asked(String method, JsonNode params);

    /** Refuses a request of the server. */
    final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient RpcError error;

        /** Refuses with the given error. */
        public Refused(RpcError error) {
            super(error.message(), null, false, false);
            this.error = error;
        }

        RpcError error() {
            return error;
        }
    }
}
