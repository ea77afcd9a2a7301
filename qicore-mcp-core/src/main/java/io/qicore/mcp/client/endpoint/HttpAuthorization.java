package io.qicore.mcp.client.endpoint;

import io.qicore.mcp.client.error.HttpAnswer;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Gives requests their credentials, and gets other ones when the server refuses them. Its methods do not wait: what takes time,
 * such as asking a person, completes later. Must be thread-safe.
 */
public interface HttpAuthorization {

    /**
     * A request that the server has refused with 401, or with 403 and a challenge. Immutable.
     *
     * @param operation what was refused: the JSON-RPC method and the name of the tool, prompt or resource
     * @param credentials the value of {@code Authorization} that was refused; empty if there was none
     * @param answer the status and the challenge
     * @param count how often this request has been refused, from 1
     */
    record Refusal(String operation, Optional<String> credentials, HttpAnswer answer, int count) {
        /** Requires all components. */
        public Refusal {
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(credentials, "credentials");
            Objects.requireNonNull(answer, "answer");
        }

        /** Returns the refusal without the credentials. */
        @Override
        public String toString() {
            return "Refusal[" + operation + ", " + answer + ", " + count + "]";
        }
    }

    /**
     * Returns the value of {@code Authorization} for a request; empty to send the request without one.
     *
     * @param server the address of the server
     */
    CompletionStage<Optional<String>> credentials(URI server);

    /**
     * Is told that the server has refused a request.
     *
     * @param server the address of the server
     * @param refusal the request and its answer
     * @return whether to send the request again; false to report the refusal to the caller. A failure is reported instead of it
     */
    CompletionStage<Boolean> refused(URI server, Refusal refusal);
}
