package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.internal.client.channel.Arrival;
import io.qicore.mcp.internal.client.channel.Channel;
import io.qicore.mcp.internal.client.channel.Exchange;
import io.qicore.mcp.internal.client.channel.Inbox;
import io.qicore.mcp.internal.client.channel.MessageJson;
import io.qicore.mcp.internal.client.channel.Outgoing;
import io.qicore.mcp.internal.client.protocol.Pending.Answer;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests and their answers on a channel, found by their ids. Thread-safe. */
final class Wire implements Inbox, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Wire.class);

    private final LogLimit warnings = new LogLimit(20);

    /** How many requests of the server may be answered at once. */
    private static final int MAX_ASKED = 64;

    /** How large a request of the server may be; up to 64 of them wait for the person. */
    private static final long MAX_ASKED_BYTES = 4 << 20;

    private final Channel channel;
    private final ServerMessages server;
    private final Executor callbacks;
    private final Consumer<Boolean> onLost;
    private final AtomicLong lastId;
    private final AtomicInteger asked = new AtomicInteger();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private volatile Era era;
    private volatile @Nullable MCPClientException closed;

    /**
     * @param lastId the id of the latest request; shared by the channels to one server
     * @param onLost is told that the server is gone, or, by true, only its session
     */
    Wire(
            Channel channel,
            ServerMessages server,
            Executor callbacks,
            AtomicLong lastId,
            Declaration declaration,
            Consumer<Boolean> onLost) {
        this.channel = channel;
        this.server = server;
        this.callbacks = callbacks;
        this.lastId = lastId;
        this.onLost = onLost;
        this.era = LegacyEra.unknown(declaration);
        channel.open(this);
    }

    Channel channel() {
        return channel;
    }

    /** Sets the revision in which requests of the server are answered. */
    void agree(Era agreed) {
        era = agreed;
    }

    /** Sends a request. If the scope ends before the answer, the future fails and the server is told. */
    CompletableFuture<Answer> request(Scope scope, Era as, String method, ObjectNode params, RequestOptions options) {
        long id = lastId.incrementAndGet();
        Pending request = new Pending(method, channel, options.listener(), callbacks);
        pending.put(id, request);
        MCPClientException why = closed;
        if (why != null) {
            pending.remove(id);
            request.fail(why);
            return request.answer();
        }
        Exchange exchange;
        try {
            exchange = channel.send(as.request(id, method, params, options));
        } catch (RuntimeException e) {
            pending.remove(id);
            request.fail(e);
            return request.answer();
        }
        Runnable forget = scope.onEnd(ended -> {
            if (pending.remove(id) != null) {
                request.fail(ended);
                cancel(as, method, id, exchange);
            }
        });
        return request.answer().whenComplete((answer, failure) -> {
            pending.remove(id);
            forget.run();
        });
    }

    private void cancel(Era as, String method, long id, Exchange exchange) {
        if (closed == null
                && !method.equals(MethodNames.INITIALIZE)
                && (as.hasHandshake() || !channel.isCancelledByEnding())) {
            send(as, MethodNames.CANCELLED, Json.object().put("requestId", id));
        }
        exchange.end();
    }

    /** Sends a notification. The future fails if it cannot be delivered. */
    CompletableFuture<?> send(Era as, String method, ObjectNode params) {
        return send(as.notification(method, params));
    }

    private CompletableFuture<?> send(Outgoing message) {
        try {
            return channel.send(message).delivered();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void received(Arrival arrival) {
        JsonNode message = arrival.message();
        if (message.isArray()) {
            // A batch of revision 2025-03-26
            for (JsonNode part : message) {
                if (part.isObject()) {
                    received(new Arrival(part, arrival.request(), arrival.http(), arrival.session()));
                }
            }
        } else if (message.path("method").isTextual()) {
            if (message.has("id")) {
                asked(message);
            } else {
                notified(message, arrival.request());
            }
        } else {
            answered(arrival);
        }
    }

    private void answered(Arrival arrival) {
        Pending request = find(arrival.message().path("id"));
        boolean isElsewhere = arrival.request() != null
                && !arrival.request().equals(MessageJson.id(arrival.message().path("id")));
        if (request == null || isElsewhere) {
            // Also the late answer to a request that has been cancelled
            log.debug("{} answers what was not asked, or is not asked any more", channel);
        } else {
            request.answered(arrival);
        }
    }

    private @Nullable Pending find(JsonNode id) {
        Long known = MessageJson.id(id);
        return known == null ? null : pending.get(known);
    }

    private void notified(JsonNode notification, @Nullable Long origin) {
        String method = notification.get("method").textValue();
        JsonNode params = notification.path("params");
        JsonNode subscription = params.path("_meta").path("io.modelcontextprotocol/subscriptionId");
        JsonNode owner = subscription.isMissingNode() ? params.path("progressToken") : subscription;
        if (!owner.isMissingNode()) {
            Pending request = find(owner);
            if (request != null && (origin == null || origin.equals(MessageJson.id(owner)))) {
                request.notified(notification);
            }
        } else if (!method.equals(MethodNames.PROGRESS)) {
            server.notified(method, params);
        }
    }

    private void asked(JsonNode request) {
        Era current = era;
        if (!(current instanceof LegacyEra legacy)) {
            if (warnings.allows()) {
                log.warn(
                        "{} sent the request {}, which revision 2026-07-28 does not allow",
                        channel,
                        LogText.of(request.path("method").textValue()));
            }
            return;
        }
        if (asked.incrementAndGet() > MAX_ASKED || MessageJson.size(request) > MAX_ASKED_BYTES) {
            asked.decrementAndGet();
            send(legacy.response(error(
                    request,
                    new RpcError(
                            RpcError.BUSY,
                            "The client is busy with other requests of the server, or the request is too large."))));
            return;
        }
        server.asked(request.get("method").textValue(), request.path("params"))
                .handle((result, failure) -> {
                    ObjectNode response = failure == null ? result(request, result) : error(request, errorOf(failure));
                    return send(legacy.response(response));
                })
                .whenComplete((sent, failure) -> asked.decrementAndGet());
    }

    private static RpcError errorOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ServerMessages.Refused refused
                ? refused.error()
                : new RpcError(RpcError.INTERNAL_ERROR, "The client failed.");
    }

    private static ObjectNode result(JsonNode request, JsonNode result) {
        ObjectNode response = Json.object().put("jsonrpc", "2.0");
        response.set("id", request.get("id"));
        response.set("result", result);
        return response;
    }

    private static ObjectNode error(JsonNode request, RpcError error) {
        ObjectNode response = Json.object().put("jsonrpc", "2.0");
        response.set("id", request.get("id"));
        response.putObject("error").put("code", error.code()).put("message", error.message());
        return response;
    }

    @Override
    public void failed(long id, MCPClientException why) {
        Pending request = pending.remove(id);
        if (request != null) {
            request.fail(why);
        }
    }

    @Override
    public void lost(MCPClientException why) {
        onLost.accept(false);
        failAll(why);
        if (closed == null) {
            server.lost();
        }
    }

    @Override
    public void sessionEnded() {
        if (closed == null) {
            onLost.accept(true);
            server.lost();
        }
    }

    @Override
    public void credentialsChanged() {
        server.credentialsChanged();
    }

    private void failAll(MCPClientException why) {
        // A failure may lead to another request at once, which is not to fail, too.
        for (Long id : List.copyOf(pending.keySet())) {
            failed(id, why);
        }
    }

    /** Fails the requests in flight and later ones. Does not wait. */
    void end(MCPClientException why) {
        closed = why;
        failAll(why);
    }

    @Override
    public void close() {
        end(new MCPConnectionException("The client of " + channel + " is closed.", null));
        if (era instanceof LegacyEra legacy && legacy.hasSession()) {
            channel.endSession(legacy.headers());
        }
        channel.close();
    }
}
