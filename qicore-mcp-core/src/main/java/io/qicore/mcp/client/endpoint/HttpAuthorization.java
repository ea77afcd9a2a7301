package io.qicore.mcp.client.endpoint;

import io.qicore.mcp.client.error.HttpAnswer;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Gives requests their credentials, and gets other ones when the server refuses them. Its methods do not wait: what takes time,
 * such as asking a person, completes later. Must be thread-safe.
 */
public interface HttpAuthorization {

    /**
     * Returns the value of {@code Authorization} for a request; empty to send the request without one.
     *
     * @param server the address of the server
     */
    CompletionStage<Optional<String>> credentials(URI server);

    /**
     * Is told that the server has refused a request with 401, or with 403 and a challenge.
     *
     * @param server the address of the server
     * @param used the value of {@code Authorization} that was refused; empty if there was none
     * @param answer the status and the challenge
     * @param refusals how often this request has been refused, from 1
     * @return whether to send the request again; false to report the refusal to the caller. A failure is reported instead of it
     */
    CompletionStage<Boolean> refused(URI server, Optional<String> used, HttpAnswer answer, int refusals);
}
