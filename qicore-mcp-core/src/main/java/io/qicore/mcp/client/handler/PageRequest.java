package io.qicore.mcp.client.handler;

import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ElicitationAnswer;
import java.net.URI;
import java.util.Objects;

/**
 * A web page that a server wants the user to open. Its text and its address come from the server. Immutable.
 *
 * @param server the name or address of the server that asks
 * @param message tells the user why to open the page
 * @param url the address, whose scheme is {@code https}, or {@code http} on this machine
 */
public record PageRequest(String server, String message, URI url) {
    /** Requires all components. */
    public PageRequest {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(url, "url");
    }

    /** Returns the answer of a user who has agreed to open the page, which does not mean that the steps there are done. */
    public ElicitationAnswer accept() {
        return new ElicitationAnswer(ElicitationAnswer.Action.ACCEPT, Json.object());
    }

    /** Returns the answer of a user who has said no. */
    public ElicitationAnswer decline() {
        return new ElicitationAnswer(ElicitationAnswer.Action.DECLINE, Json.object());
    }

    /** Returns the answer of a user who has made no choice. */
    public ElicitationAnswer cancel() {
        return new ElicitationAnswer(ElicitationAnswer.Action.CANCEL, Json.object());
    }
}
