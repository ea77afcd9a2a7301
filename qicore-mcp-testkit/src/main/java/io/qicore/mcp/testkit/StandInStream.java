package io.qicore.mcp.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The WebSocket stream of the stand-in. Thread-safe. */
final class StandInStream {

    private static final Logger log = LoggerFactory.getLogger(StandInStream.class);

    private static final Pattern SUBSCRIPTION = Pattern.compile("\"(\\d+~[^\"]*)\"");

    /** Sends something to a connection. */
    @FunctionalInterface
    interface Sending {
        void to(WebSocketFrames connection) throws IOException;
    }

    private final ExecutorService threads;
    private final Map<String, Map<String, Double>> markets;
    private final Supplier<@Nullable String> key;
    private final ServerSocket listener;
    /** The subscriptions of each open connection. */
    private final Map<WebSocketFrames, Set<String>> connections = new ConcurrentHashMap<>();

    private volatile int refusal;

    StandInStream(ExecutorService threads, Map<String, Map<String, Double>> markets, Supplier<@Nullable String> key)
            throws IOException {
        this.threads = threads;
        this.markets = markets;
        this.key = key;
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        threads.execute(this::listen);
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/v2");
    }

    void refuse(int status) {
        refusal = status;
    }

    int connections() {
        return connections.size();
    }

    int subscriptions() {
        return connections.values().stream().mapToInt(Set::size).sum();
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = listener.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            log.debug("The stream listens no longer", e);
        }
    }

    private void serve(Socket socket) {
        try (var connection = new WebSocketFrames(socket)) {
            String accepted = connection.readRequest();
            if (accepted == null || refusal != 0) {
                connection.refuse(accepted == null ? 400 : refusal);
                return;
            }
            connection.accept(accepted);
            try {
                talk(connection);
            } finally {
                connections.remove(connection);
            }
        } catch (IOException e) {
            log.debug("A connection to the stream has ended", e);
        }
    }

    private void talk(WebSocketFrames connection) throws IOException {
        String required = key.get();
        int query = connection.target().indexOf('?');
        String given = CryptoCompareStandIn.query(
                        query < 0 ? null : connection.target().substring(query + 1))
                .get("api_key");
        if (required != null && !required.equals(given)) {
            connection.text(
                    "{\"TYPE\":\"401\",\"MESSAGE\":\"UNAUTHORIZED\",\"PARAMETER\":\"api_key\",\"INFO\":\"The key is"
                            + " not valid\"}");
            connection.close(1008);
            return;
        }
        connections.put(connection, ConcurrentHashMap.newKeySet());
        connection.text("{\"TYPE\":\"20\",\"MESSAGE\":\"STREAMERWELCOME\",\"SERVER_UPTIME_SECONDS\":1}");
        String message = connection.readText();
        while (message != null) {
            subscribe(connection, message);
            message = connection.readText();
        }
    }

    private void subscribe(WebSocketFrames connection, String message) throws IOException {
        if (!message.contains("\"SubAdd\"")) {
            connection.text(
                    "{\"TYPE\":\"500\",\"MESSAGE\":\"INVALID_PARAMETER\",\"PARAMETER\":\"action\",\"INFO\":\"Only"
                            + " SubAdd is known\"}");
            return;
        }
        Matcher subscriptions = SUBSCRIPTION.matcher(message);
        while (subscriptions.find()) {
            String subscription = subscriptions.group(1);
            String[] parts = subscription.split("~");
            Double price = parts.length == 4 && parts[0].equals("5") && parts[1].equals("CCCAGG")
                    ? markets.getOrDefault(parts[2], Map.of()).get(parts[3])
                    : null;
            if (price == null) {
                connection.text("{\"TYPE\":\"500\",\"MESSAGE\":\"INVALID_SUB\",\"PARAMETER\":\"" + subscription
                        + "\",\"INFO\":\"We have not integrated any of the markets\"}");
                continue;
            }
            Set<String> own = connections.get(connection);
            if (own != null && own.add(subscription)) {
                connection.text("{\"TYPE\":\"16\",\"MESSAGE\":\"SUBSCRIBECOMPLETE\",\"SUB\":\"" + subscription + "\"}");
                connection.text(update(parts[2], parts[3], price, Instant.now()));
            }
        }
        connection.text(
                "{\"TYPE\":\"3\",\"MESSAGE\":\"LOADCOMPLETE\",\"INFO\":\"All your valid subs have been loaded.\"}");
    }

    void send(String symbol, String currency, double price, Instant time) {
        connections.forEach((connection, subscriptions) -> {
            if (subscriptions.contains("5~CCCAGG~" + symbol + "~" + currency)) {
                to(connection, frames -> frames.text(update(symbol, currency, price, time)));
            }
        });
    }

    void each(Sending sending) {
        connections.keySet().forEach(connection -> to(connection, sending));
    }

    private static void to(WebSocketFrames connection, Sending sending) {
        try {
            sending.to(connection);
        } catch (IOException e) {
            log.debug("A connection to the stream is gone", e);
        }
    }

    private static String update(String symbol, String currency, double price, Instant time) {
        return "{\"TYPE\":\"5\",\"MARKET\":\"CCCAGG\",\"FROMSYMBOL\":\"" + symbol + "\",\"TOSYMBOL\":\"" + currency
                + "\",\"FLAGS\":1,\"PRICE\":" + price + ",\"LASTUPDATE\":" + time.getEpochSecond() + "}";
    }

    static void fragments(WebSocketFrames connection, String text, int bytes) throws IOException {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < all.length; from += bytes) {
            int to = Math.min(all.length, from + bytes);
            connection.frame(
                    from == 0 ? WebSocketFrames.TEXT : WebSocketFrames.CONTINUATION,
                    to == all.length,
                    Arrays.copyOfRange(all, from, to));
            connection.frame(WebSocketFrames.PING, true, new byte[] {1});
        }
    }

    void close() {
        try {
            listener.close();
        } catch (IOException e) {
            log.debug("The listener of the stream did not close", e);
        }
        each(WebSocketFrames::close);
    }
}
