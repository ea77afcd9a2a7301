package io.qicore.mcp.internal.client.http;

import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.internal.client.channel.Channel;
import io.qicore.mcp.internal.client.channel.Exchange;
import io.qicore.mcp.internal.client.channel.Inbox;
import io.qicore.mcp.internal.client.channel.Outgoing;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streamable HTTP: one HTTP exchange for each message. */
public final class HttpChannel implements Channel {

    private static final Logger log = LoggerFactory.getLogger(HttpChannel.class);

    /** How long the end of a session may take. */
    private static final long END_MILLIS = 1_000;

    private static final int MAX_END_BYTES = 1 << 10;

    private final HttpEndpoint endpoint;
    private final ScheduledExecutorService clock;
    private final JdkHttp http;
    private final Sending.Sender sender;
    private final Set<HttpExchange> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Inbox inbox;
    // Guarded by this.
    private @Nullable HttpExchange listening;

    /**
     * Creates the channel to an endpoint.
     *
     * @param clock runs what has to wait, such as the resumption of a stream
     */
    public HttpChannel(HttpEndpoint endpoint, ScheduledExecutorService clock) {
        this.endpoint = endpoint;
        this.clock = clock;
        this.http = new JdkHttp(endpoint);
        this.sender = new Sending.Sender(endpoint, http, () -> inbox().credentialsChanged());
    }

    @Override
    public void open(Inbox receiver) {
        inbox = receiver;
    }

    @Override
    public Exchange send(Outgoing message) {
        return started(HttpExchange.post(this, message));
    }

    @Override
    public synchronized CompletableFuture<?> listen(Map<String, String> headers) {
        if (listening == null || !listening.isListening(headers)) {
            if (listening != null) {
                listening.end();
            }
            listening = started(HttpExchange.listen(this, headers));
        }
        return listening.delivered();
    }

    private HttpExchange started(HttpExchange exchange) {
        open.add(exchange);
        exchange.start();
        return exchange;
    }

    @Override
    public void endSession(Map<String, String> headers) {
        CompletableFuture<?> sent = sender.send(
                "DELETE",
                () -> Http.request(endpoint, endpoint.uri(), headers).DELETE(),
                info -> new LimitedBody(MAX_END_BYTES));
        try {
            sent.get(END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("{} did not end the session, which then expires", endpoint, e);
        } finally {
            // Otherwise it would keep its connection.
            sent.cancel(true);
        }
    }

    @Override
    public Optional<Channel> older() {
        return Optional.of(new SseChannel(endpoint));
    }

    @Override
    public boolean hasHeaders() {
        return true;
    }

    @Override
    public boolean isCancelledByEnding() {
        return true;
    }

    @Override
    public void close() {
        open.forEach(HttpExchange::end);
        http.close();
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }

    HttpEndpoint endpoint() {
        return endpoint;
    }

    JdkHttp http() {
        return http;
    }

    Sending.Sender sender() {
        return sender;
    }

    /** Runs a task after a time; returns false if the client is closed. */
    boolean later(Runnable task, Duration delay) {
        try {
            clock.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    Inbox inbox() {
        return Objects.requireNonNull(inbox, "open() has not been called");
    }

    void ended(HttpExchange exchange) {
        open.remove(exchange);
    }
}
