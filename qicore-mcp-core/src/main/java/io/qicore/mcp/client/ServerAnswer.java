package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a server has answered to a request.
 *
 * @param message the JSON-RPC response
 * @param http how the answer came over HTTP; null for other transports
 */
record ServerAnswer(JsonNode message, @Nullable HttpAnswer http) {

    /**
     * The part of an HTTP answer that is not in its body.
     *
     * @param status the status
     * @param challenge the value of {@code WWW-Authenticate}, with commas if there are several; null if there is none
     */
    record HttpAnswer(int status, @Nullable String challenge) {}
}
