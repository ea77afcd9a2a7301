package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import io.qicore.mcp.tool.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the price changes of the aggregate index as the service sends them. The service keeps nothing: what it sends while
 * nobody is connected is not delivered, so the position only tells the time of the last change.
 */
final class StreamSource implements RecordSource {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** The service sends a heartbeat every 30 seconds. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(75);

    /** How long nothing may come before a ping, and how long the answer to the ping may take. */
    static final Duration PING = Duration.ofSeconds(5);

    // The types of messages.
    private static final String PRICE = "5";
    private static final String UNAUTHORIZED = "401";
    private static final String TOO_MANY = "429";
    private static final String ERROR = "500";

    private final CryptoCompareType.Config config;
    private final StreamMessages messages;
    private final WebSocket socket;
    private final Map<String, Tick> last = new HashMap<>();
    private final Duration silence;
    private final Duration ping;
    private long heard = System.nanoTime();
    private long pinged = heard;
    private SourcePosition position = SourcePosition.START;

    private StreamSource(
            CryptoCompareType.Config config,
            StreamMessages messages,
            WebSocket socket,
            Duration silence,
            Duration ping) {
        this.config = config;
        this.messages = messages;
        this.socket = socket;
        this.silence = silence;
        this.ping = ping;
    }

    static StreamSource open(HttpClient http, CryptoCompareType.Config config, URI url, @Nullable String apiKey)
            throws IOException, InterruptedException {
        return open(http, config, url, apiKey, LONGEST_SILENCE, PING);
    }

    static StreamSource open(
            HttpClient http,
            CryptoCompareType.Config config,
            URI url,
            @Nullable String apiKey,
            Duration silence,
            Duration ping)
            throws IOException, InterruptedException {
        if (apiKey == null) {
            throw CryptoCompareErrors.unauthorized(".");
        }
        var messages = new StreamMessages();
        // The service takes the key as a part of the address, which nobody logs.
        URI address = URI.create(url + "?api_key=" + URLEncoder.encode(apiKey, StandardCharsets.UTF_8));
        var connecting =
                http.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT).buildAsync(address, messages);
        WebSocket socket;
        try {
            socket = connecting.get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            connecting.thenAccept(WebSocket::abort);
            throw new IOException("CryptoCompare's stream did not answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                int status = refused.getResponse().statusCode();
                CryptoCompareErrors.in(status, refused.getResponse().headers(), null)
                        .ifPresent(error -> {
                            throw error;
                        });
            }
            throw new IOException("CryptoCompare's stream cannot be reached", e);
        }
        var source = new StreamSource(config, messages, socket, silence, ping);
        ObjectNode subscription = Json.MAPPER.createObjectNode().put("action", "SubAdd");
        for (String symbol : config.symbols()) {
            subscription.withArray("subs").add("5~CCCAGG~" + symbol + "~" + config.currency());
        }
        socket.sendText(subscription.toString(), true);
        return source;
    }

    @Override
    public @Nullable SourceRecord poll(Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        do {
            String text = messages.poll(Duration.ofNanos(Math.max(0, left)));
            if (text != null) {
                heard = System.nanoTime();
                Tick tick = tick(text);
                if (tick != null) {
                    last.put(tick.symbol(), tick);
                    position = SourcePosition.of("time", tick.time().getEpochSecond());
                    return tick.record();
                }
            } else if (System.nanoTime() - heard > silence.toNanos()) {
                throw new IOException("CryptoCompare's stream is silent");
            } else {
                checkConnection();
            }
            left = end - System.nanoTime();
        } while (left > 0);
        return null;
    }

    /** Asks an idle connection whether it is still there. The JDK's WebSocket does not always tell its listener that it has ended. */
    private void checkConnection() throws IOException {
        long now = System.nanoTime();
        if (now - Math.max(heard, pinged) <= ping.toNanos()) {
            return;
        }
        if (messages.awaitsPong()) {
            throw new IOException("CryptoCompare's stream does not answer a ping");
        }
        pinged = now;
        messages.ping(socket);
    }

    /** Returns the price in a message; null if it has none, or the one that was delivered last. */
    private @Nullable Tick tick(String text) throws IOException {
        JsonNode message;
        try {
            message = Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException("CryptoCompare's stream sent something that is not JSON", e);
        }
        String type = message.path("TYPE").asText();
        switch (type) {
            case UNAUTHORIZED -> throw CryptoCompareErrors.unauthorized(said(message));
            case TOO_MANY -> throw CryptoCompareErrors.rateLimited(said(message), RateLimits.DEFAULT_WAIT);
            case ERROR -> throw error(message);
            default -> {
                if (!type.equals(PRICE)) {
                    return null;
                }
            }
        }
        String symbol = message.path("FROMSYMBOL").asText();
        JsonNode price = message.path("PRICE");
        // Messages have only what has changed.
        if (!price.isNumber() || !config.symbols().contains(symbol)) {
            return null;
        }
        Tick before = last.get(symbol);
        JsonNode updated = message.path("LASTUPDATE");
        Instant time =
                updated.isIntegralNumber() ? time(updated.longValue()) : before == null ? Instant.now() : before.time();
        var tick = new Tick(symbol, config.currency(), time, price.doubleValue());
        return tick.equals(before) || (before != null && time.isBefore(before.time())) ? null : tick;
    }

    private static Instant time(long seconds) throws IOException {
        try {
            return Instant.ofEpochSecond(seconds);
        } catch (DateTimeException e) {
            throw new IOException("CryptoCompare's stream sent a time out of range", e);
        }
    }

    private static IOException error(JsonNode message) {
        String reason = message.path("MESSAGE").asText();
        if (reason.startsWith("INVALID_SUB") || reason.startsWith("INVALID_PARAMETER")) {
            return new SourceException("CryptoCompare does not have this market" + said(message));
        }
        return new IOException("CryptoCompare's stream reports an error" + said(message));
    }

    private static String said(JsonNode message) {
        String text = message.path("MESSAGE").asText() + " "
                + message.path("PARAMETER").asText() + " "
                + message.path("INFO").asText();
        return CryptoCompareErrors.said(CryptoCompareErrors.quote(text));
    }

    @Override
    public boolean isEnded() {
        return false;
    }

    @Override
    public SourcePosition position() {
        return position;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
