package io.qicore.mcp.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Gives the engine any bytes. Input that begins with header lines and a blank line is one message with headers; any other
 * is a line for each message on one connection. {@code $ASKED} stands for the id of the last request of the server.
 */
public final class EngineFuzzer {

    private static final long SLOW_MILLIS = 3_000;
    private static final int RENEWAL = 2_000;

    private static @Nullable FuzzServer server;
    private static int runs;

    private EngineFuzzer() {}

    /** Called by the fuzzer before it measures time. */
    public static void fuzzerInitialize() throws Exception {
        fuzzerTestOneInput(new Grammar(0).engineInput());
    }

    /** Called by the fuzzer, and by the test that replays the corpus. */
    public static synchronized void fuzzerTestOneInput(byte[] input) throws Exception {
        if (server == null || ++runs % RENEWAL == 0) {
            if (server != null) {
                server.cleanup();
            }
            server = new FuzzServer();
            server.initialize();
        }
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int blank = text.indexOf("\n\n");
        Map<String, String> headers = blank < 0 ? null : headers(text.substring(0, blank));
        if (headers != null) {
            byte[] body = text.substring(blank + 2).getBytes(StandardCharsets.ISO_8859_1);
            Exchange exchange = new Exchange(body, input, new AtomicReference<>());
            exchange.send(
                    server.engine(),
                    CallMetadata.of(exchange.control).withHeaders(name -> headers.get(name.toLowerCase(Locale.ROOT))));
            exchange.end();
            return;
        }
        AtomicReference<String> asked = new AtomicReference<>("none");
        ClientConnection connection = MCPEngine.newConnection(notification -> {});
        List<Exchange> exchanges = new ArrayList<>();
        for (String line : text.split("\n", 50)) {
            byte[] message = line.replace("$ASKED", asked.get()).getBytes(StandardCharsets.ISO_8859_1);
            Exchange exchange = new Exchange(message, input, asked);
            exchanges.add(exchange);
            exchange.send(server.engine(), CallMetadata.of(exchange.control).withConnection(connection));
        }
        for (Exchange exchange : exchanges) {
            exchange.end();
        }
        connection.closed();
    }

    private static @Nullable Map<String, String> headers(String lines) {
        Map<String, String> headers = new TreeMap<>();
        for (String line : lines.split("\n")) {
            int colon = line.indexOf(": ");
            if (colon < 1 || line.startsWith("{") || line.startsWith("[")) {
                return null;
            }
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
        }
        return headers;
    }

    /** One message and what comes back. */
    private static final class Exchange implements ReplySink {

        private final byte[] message;
        private final byte[] input;
        private final AtomicReference<String> asked;
        private final CallControl control = new CallControl();
        private final AtomicInteger ends = new AtomicInteger();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicReference<Throwable> finding = new AtomicReference<>();
        private @Nullable Reply reply;

        Exchange(byte[] message, byte[] input, AtomicReference<String> asked) {
            this.message = message;
            this.input = input;
            this.asked = asked;
        }

        void send(MCPEngine engine, CallMetadata metadata) {
            long start = System.nanoTime();
            engine.handle(message, metadata, this);
            long millis = (System.nanoTime() - start) / 1_000_000;
            Oracle.require(millis < SLOW_MILLIS, "it took " + millis + " ms");
        }

        /** Ends the call if it is still open, and checks what came of it. */
        void end() throws InterruptedException {
            control.cancel("the input is over");
            Oracle.require(ended.await(SLOW_MILLIS, TimeUnit.MILLISECONDS), "no end");
            Throwable found = finding.get();
            if (found != null) {
                throw new Oracle.Finding(String.valueOf(found.getMessage()), found);
            }
            if (reply != null) {
                Oracle.check(message, input, reply);
            }
        }

        @Override
        public void notification(ObjectNode sent) {
            check(() -> {
                Oracle.require(ends.get() == 0, "a notification after the end: " + sent);
                JsonNode read = Oracle.parsed(sent.toString().getBytes(StandardCharsets.UTF_8));
                Oracle.require(read != null, "a notification is no JSON: " + sent);
                Oracle.shape(input, read);
                if (read.has("id")) {
                    asked.set(read.get("id").asText());
                }
            });
        }

        @Override
        public void reply(Reply given) {
            check(() -> Oracle.require(ends.incrementAndGet() == 1, "two answers"));
            reply = given;
            ended.countDown();
        }

        @Override
        public void cancelled() {
            check(() -> Oracle.require(ends.incrementAndGet() == 1, "an answer and a cancellation"));
            ended.countDown();
        }

        private void check(Runnable checks) {
            try {
                checks.run();
            } catch (Oracle.Finding e) {
                finding.compareAndSet(null, e);
            }
        }
    }
}
