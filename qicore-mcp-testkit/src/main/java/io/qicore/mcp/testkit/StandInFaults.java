package io.qicore.mcp.testkit;

import com.sun.net.httpserver.HttpExchange;
import io.qicore.mcp.testkit.CryptoCompareStandIn.Fault;
import io.qicore.mcp.testkit.CryptoCompareStandIn.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;

/** Sends answers over HTTP, as they are or broken. Thread-safe. */
final class StandInFaults {

    static final Reply RATE_LIMIT = new Reply(
            200,
            Map.of("X-RateLimit-Remaining-All", "0, 0;window=60", "X-RateLimit-Reset-All", "1, 1;window=60"),
            bytes(CryptoCompareStandIn.error(99, "You are over your rate limit please upgrade your account!")));

    static final Reply NO_KEY = new Reply(
            200,
            Map.of(),
            bytes(CryptoCompareStandIn.error(1, "You need a valid auth key or api key to access this endpoint")));

    private static final byte[] PAGE = bytes("<html><body><h1>Oops</h1></body></html>");
    private static final int HUGE = 20 * 1024 * 1024;

    private final CountDownLatch closed = new CountDownLatch(1);

    void send(HttpExchange exchange, Fault fault, Reply usual) throws IOException {
        byte[] body = usual.body();
        switch (fault) {
            case RATE_LIMITED -> send(exchange, RATE_LIMIT);
            case TOO_MANY_REQUESTS -> send(exchange, new Reply(429, Map.of(), bytes("slow down")));
            case UNAUTHORIZED -> send(exchange, NO_KEY);
            case SERVER_ERROR -> send(exchange, new Reply(500, Map.of("Content-Type", "text/html"), PAGE));
            case HTML -> send(exchange, new Reply(200, Map.of("Content-Type", "text/html"), PAGE));
            case TRUNCATED -> send(exchange, new Reply(200, Map.of(), Arrays.copyOf(body, body.length / 2)));
            case HUGE -> send(exchange, new Reply(200, Map.of(), bytes("{\"x\":\"" + "y".repeat(HUGE) + "\"}")));
            case GZIP -> send(exchange, new Reply(200, Map.of("Content-Encoding", "gzip"), gzip(body)));
            case REDIRECT -> send(exchange, new Reply(302, Map.of("Location", "/stats/rate/limit"), new byte[0]));
            case BROKEN_OFF -> {
                exchange.sendResponseHeaders(200, body.length + 10L);
                exchange.getResponseBody().write(body);
                exchange.getResponseBody().flush();
            }
            case HANG -> {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().flush();
                awaitClosed();
            }
        }
    }

    void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        if (reply.body().length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(reply.body());
            }
        }
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] gzip(byte[] body) throws IOException {
        var compressed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(compressed)) {
            out.write(body);
        }
        return compressed.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Lets the answers that hang end. */
    void close() {
        closed.countDown();
    }
}
