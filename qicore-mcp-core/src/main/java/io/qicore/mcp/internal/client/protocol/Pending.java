package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.error.HttpAnswer;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.internal.client.channel.Arrival;
import io.qicore.mcp.internal.client.channel.MessageJson;
import io.qicore.mcp.internal.client.channel.Serial;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that has not been answered. Thread-safe. */
final class Pending {

    /** How many notifications of one request may wait for a listener that is slower than the server. */
    private static final int MAX_WAITING = 1_000;

    private static final long MAX_WAITING_BYTES = 16 << 20;

    /** The answer to a request, with the session that it named. */
    record Answer(JsonNode result, @Nullable String session) {

        /** Returns the text without the session, which may be secret. */
        @Override
        public String toString() {
            return "Answer[]";
        }
    }

    private final String method;
    private final Object server;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final @Nullable Consumer<JsonNode> listener;
    private final @Nullable Serial order;

    Pending(String method, Object server, @Nullable Consumer<JsonNode> listener, Executor callbacks) {
        this.method = method;
        this.server = server;
        this.listener = listener;
        this.order = listener == null ? null : new Serial(callbacks, MAX_WAITING, MAX_WAITING_BYTES);
    }

    CompletableFuture<Answer> answer() {
        return answer;
    }

    /** Passes a notification to the listener; drops it if too many are waiting already. */
    void notified(JsonNode notification) {
        Serial serial = order;
        Consumer<JsonNode> receiver = listener;
        if (serial != null && receiver != null) {
            try {
                serial.offer(() -> receiver.accept(notification), MessageJson.size(notification));
            } catch (RejectedExecutionException closed) {
                // The client is closed, which fails the request.
            }
        }
    }

    /** Takes the answer, after the notifications before it. */
    void answered(Arrival arrival) {
        Serial serial = order;
        if (serial == null) {
            complete(arrival);
            return;
        }
        try {
            serial.execute(() -> complete(arrival));
        } catch (RejectedExecutionException closed) {
            complete(arrival);
        }
    }

    private void complete(Arrival arrival) {
        JsonNode message = arrival.message();
        JsonNode error = message.path("error");
        HttpAnswer http = arrival.http();
        boolean isBoth = message.hasNonNull("result") && message.hasNonNull("error");
        if (isBoth) {
            answer.completeExceptionally(new MCPConnectionException(
                    server + " answered " + method + " with both a result and an error.", http, null));
        } else if (message.path("result").isObject()) {
            answer.complete(new Answer(message.get("result"), arrival.session()));
        } else if (error.path("code").isIntegralNumber() && error.get("code").canConvertToInt()) {
            answer.completeExceptionally(new MCPProtocolException(
                    error.path("code").intValue(), error.path("message").asText(), error.get("data"), http));
        } else {
            answer.completeExceptionally(new MCPConnectionException(
                    server + " answered " + method + " with a response that is neither a result nor an error.",
                    http,
                    null));
        }
    }

    void fail(Throwable why) {
        answer.completeExceptionally(why);
    }
}
