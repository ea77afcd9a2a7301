package io.qicore.mcp.internal.client.http;

import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.internal.client.channel.Arrival;
import io.qicore.mcp.internal.client.channel.Channel;
import io.qicore.mcp.internal.client.channel.Exchange;
import io.qicore.mcp.internal.client.channel.Inbox;
import io.qicore.mcp.internal.client.channel.MessageJson;
import io.qicore.mcp.internal.client.channel.Outgoing;
import io.qicore.mcp.internal.header.MediaType;
import io.qicore.mcp.internal.header.Origin;
import io.qicore.mcp.internal.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * HTTP+SSE of 2024-11-05: one stream for everything that the server sends, and an address to which the client posts. The stream is
 * opened by the first message, and again by the next one after it has ended.
 */
public final class SseChannel implements Channel {

    private final HttpEndpoint endpoint;
    private final JdkHttp http;
    private final Sending.Sender sender;
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Inbox inbox;
    // Guarded by this.
    private @Nullable Stream stream;

    /** Creates the channel to an endpoint. */
    public SseChannel(HttpEndpoint endpoint) {
        this.endpoint = endpoint;
        this.http = new JdkHttp(endpoint);
        this.sender = new Sending.Sender(endpoint, http, () -> inbox().credentialsChanged());
    }

    @Override
    public void open(Inbox receiver) {
        inbox = receiver;
    }

    @Override
    public Exchange send(Outgoing message) {
        AtomicReference<@Nullable CompletableFuture<?>> posted = new AtomicReference<>();
        CompletableFuture<HttpResponse<byte[]>> answer = stream().postTo.thenCompose(address -> {
            CompletableFuture<HttpResponse<byte[]>> sent = post(message, address);
            posted.set(sent);
            return sent;
        });
        CompletableFuture<Void> delivered = answer.thenAccept(response -> {
            if (response.statusCode() < 200 || response.statusCode() >= 300) {
                throw Http.notMcp(endpoint, response.statusCode(), response.headers(), "to a message");
            }
        });
        Long request = message.requestId();
        delivered.whenComplete((nothing, failure) -> {
            if (failure != null && request != null) {
                inbox().failed(request, Http.failure(endpoint, failure));
            }
        });
        return new Exchange() {
            @Override
            public CompletableFuture<?> delivered() {
                return delivered;
            }

            @Override
            public void end() {
                // If the address is not known yet, nothing is posted any more.
                answer.cancel(false);
                CompletableFuture<?> sent = posted.get();
                if (sent != null) {
                    sent.cancel(true);
                }
            }
        };
    }

    private CompletableFuture<HttpResponse<byte[]>> post(Outgoing message, URI address) {
        byte[] bytes = Json.bytes(message.message());
        return open(sender.send(
                HttpExchange.operation(message.message()),
                () -> Http.request(endpoint, address, Map.of())
                        .header("Content-Type", MediaType.JSON)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)),
                info -> new LimitedBody(endpoint.maxMessageBytes())));
    }

    /** Remembers an exchange until its end, so that it can be ended with the channel. */
    private <T> CompletableFuture<T> open(CompletableFuture<T> exchange) {
        open.add(exchange);
        exchange.whenComplete((answer, failure) -> open.remove(exchange));
        return exchange;
    }

    private synchronized Stream stream() {
        if (stream == null || stream.hasEnded) {
            stream = new Stream();
            stream.start();
        }
        return stream;
    }

    @Override
    public boolean isCancelledByEnding() {
        return false;
    }

    @Override
    public boolean needsHandshake() {
        return true;
    }

    @Override
    public synchronized void close() {
        if (stream != null) {
            stream.end();
        }
        // The HTTP client of Java 17 has no end of its own.
        open.forEach(exchange -> exchange.cancel(true));
        http.close();
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }

    private Inbox inbox() {
        return Objects.requireNonNull(inbox, "open() has not been called");
    }

    /** The stream of the server, from its beginning to its end. */
    private final class Stream {

        private final CompletableFuture<URI> postTo = new CompletableFuture<>();
        private final EventSubscriber events =
                new EventSubscriber(new EventParser(endpoint.maxMessageBytes(), this::event));
        private volatile boolean hasEnded;

        void start() {
            open(sender.send(
                            "GET",
                            () -> Http.request(endpoint, endpoint.uri(), Map.of())
                                    .header(Http.ACCEPT, MediaType.EVENTS)
                                    .GET(),
                            this::body))
                    .whenComplete((response, failure) -> lost(
                            failure != null
                                    ? Http.failure(endpoint, failure)
                                    : Http.isEvents(response.statusCode(), response.headers())
                                            ? new MCPConnectionException(endpoint + " ended its event stream.", null)
                                            : Http.notMcp(
                                                    endpoint,
                                                    response.statusCode(),
                                                    response.headers(),
                                                    "instead of an event stream")));
        }

        private HttpResponse.BodySubscriber<byte[]> body(HttpResponse.ResponseInfo info) {
            return Http.isEvents(info.statusCode(), info.headers())
                    ? events
                    : new LimitedBody(endpoint.maxMessageBytes());
        }

        private void event(String type, byte[] data) {
            if (type.equals("endpoint")) {
                postTo.complete(address(new String(data, StandardCharsets.UTF_8)));
            } else if (type.equals("message")) {
                inbox().received(Arrival.of(MessageJson.parse(data, endpoint), null));
            }
        }

        /** Returns the address to post to; it must be on the same server, because the client sends its credentials there. */
        private URI address(String text) {
            URI base = endpoint.uri();
            URI address;
            try {
                address = base.resolve(text);
            } catch (IllegalArgumentException e) {
                throw new MCPConnectionException(endpoint + " names an address to post to that is not valid.", e);
            }
            if (address.getHost() == null
                    || !Origin.of(base).equals(Origin.of(address))
                    || address.getRawUserInfo() != null) {
                throw new MCPConnectionException(
                        endpoint + " wants messages to be posted to another server, which is refused.", null);
            }
            return address;
        }

        private void lost(MCPClientException why) {
            if (!hasEnded) {
                hasEnded = true;
                postTo.completeExceptionally(why);
                inbox().lost(why);
            }
        }

        void end() {
            hasEnded = true;
            postTo.completeExceptionally(new MCPConnectionException("The client of " + endpoint + " is closed.", null));
            events.cancel();
        }
    }
}
