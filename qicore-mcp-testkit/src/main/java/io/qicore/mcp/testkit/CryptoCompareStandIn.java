package io.qicore.mcp.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A local service that answers like CryptoCompare: the REST endpoints {@code /data/price}, {@code /data/pricemulti}, {@code
 * /data/v2/histominute}, {@code histohour}, {@code histoday}, {@code /data/all/coinlist} and {@code /stats/rate/limit}, and the
 * WebSocket stream of the aggregate index. Errors are as documented: HTTP 200 with {@code "Response":"Error"}. It knows the
 * markets that a test gives a price, has candles of them since 2010, and fails as a test says.
 *
 * <pre>{@code
 * try (var service = CryptoCompareStandIn.start()) {
 *     service.price("BTC", "USD", 95_000);
 *     var server = new CryptoCompareMCPServer(service.url(), null, ServerSettings.defaults());
 * }
 * }</pre>
 *
 * <p>Listens on free ports of the loopback interface. Thread-safe.
 *
 * @see <a href="https://min-api.cryptocompare.com/documentation">CryptoCompare API documentation</a>
 */
public final class CryptoCompareStandIn implements AutoCloseable {

    /** The first time of which it has candles. */
    public static final Instant FIRST_CANDLE = Instant.parse("2010-07-17T00:00:00Z");

    /** The largest {@code limit} of candles. */
    private static final int MAX_LIMIT = 2_000;

    private static final long MINUTES_KEPT = 7 * 86_400L;

    /** What a client has asked for. */
    public record Request(URI uri, @Nullable String authorization) {}

    /** A way to fail, instead of the next answer over HTTP. */
    public enum Fault {
        /** HTTP 200 with the error of a rate limit, and headers that say when it is lifted: in one second. */
        RATE_LIMITED,
        /** HTTP 429 with a text and no headers about the limit. */
        TOO_MANY_REQUESTS,
        /** HTTP 200 with the error of a missing key. */
        UNAUTHORIZED,
        /** HTTP 500 with a page of HTML. */
        SERVER_ERROR,
        /** HTTP 200 with a page of HTML. */
        HTML,
        /** The first half of the answer, which is not JSON then. */
        TRUNCATED,
        /** The answer ends before the length that its head promises. */
        BROKEN_OFF,
        /** 20 MB of JSON. */
        HUGE,
        /** The answer compressed, which nobody asked for. */
        GZIP,
        /** A redirect to another path. */
        REDIRECT,
        /** The head, and then nothing until the service is closed. */
        HANG
    }

    /** One answer instead of the usual one. */
    record Reply(int status, Map<String, String> headers, byte[] body) {}

    private final Map<String, Map<String, Double>> markets = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Object> faults = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "crypto-compare-stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final Clock clock;
    private final HttpServer http;
    private final StandInStream stream;
    private final StandInFaults failing = new StandInFaults();
    private volatile @Nullable String key;
    private long made;
    private long limit = Long.MAX_VALUE;

    private CryptoCompareStandIn(Clock clock) throws IOException {
        this.clock = clock;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        stream = new StandInStream(threads, markets, () -> key);
        http.start();
    }

    /** Starts a service that knows no market and needs no key. */
    public static CryptoCompareStandIn start() {
        return start(Clock.systemUTC());
    }

    /** Starts a service that takes a clock for the present time, which decides up to when it has candles. */
    public static CryptoCompareStandIn start(Clock clock) {
        try {
            return new CryptoCompareStandIn(clock);
        } catch (IOException e) {
            throw new UncheckedIOException("The stand-in of CryptoCompare cannot listen", e);
        }
    }

    /** Returns the address of the REST service. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** Returns the address of the WebSocket service. */
    public URI streamUrl() {
        return stream.url();
    }

    /** Sets the current price of a market, and sends it to those that have subscribed to it. */
    public void price(String symbol, String currency, double price) {
        markets.computeIfAbsent(symbol, name -> new ConcurrentHashMap<>()).put(currency, price);
        stream.send(symbol, currency, price, clock.instant());
    }

    /** Requires a key from now on: in the header {@code Authorization} over HTTP, as {@code api_key} for the stream. */
    public void requireKey(String required) {
        key = Objects.requireNonNull(required, "required");
    }

    /** Answers this many more requests over HTTP, and the others with the error of a rate limit, until the next call of this method. */
    public synchronized void allow(long more) {
        limit = made + more;
    }

    /** Fails this many of the next requests over HTTP. */
    public void fail(Fault fault, int times) {
        for (int i = 0; i < times; i++) {
            faults.add(fault);
        }
    }

    /** Answers the next request over HTTP with a status, headers and a body. */
    public void answerNext(int status, Map<String, String> headers, byte[] body) {
        faults.add(new Reply(status, Map.copyOf(headers), body.clone()));
    }

    /** Returns the requests over HTTP so far, also those that have failed. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Returns the number of connections to the stream that are open. */
    public int streamConnections() {
        return stream.connections();
    }

    /** Returns the number of subscriptions of all open connections. */
    public int subscriptions() {
        return stream.subscriptions();
    }

    /** Sends a heartbeat to all connections. */
    public void heartbeat() {
        streamText("{\"TYPE\":\"999\",\"MESSAGE\":\"HEARTBEAT\",\"TIMEMS\":" + clock.millis() + "}");
    }

    /** Sends a text message to all connections, whatever it is. */
    public void streamText(String text) {
        stream.each(connection -> connection.text(text));
    }

    /** Sends a text message to all connections in frames of a number of bytes, with a ping between them. */
    public void streamFragments(String text, int bytes) {
        stream.each(connection -> StandInStream.fragments(connection, text, bytes));
    }

    /** Sends bytes to all connections as they are, such as a frame that breaks the protocol. */
    public void streamBytes(byte[] bytes) {
        stream.each(connection -> connection.write(bytes));
    }

    /** Closes all connections with a code, such as 1001. */
    public void streamClose(int code) {
        stream.each(connection -> {
            connection.close(code);
            connection.close();
        });
    }

    /** Ends all connections without a close frame. */
    public void streamCut() {
        stream.each(WebSocketFrames::close);
    }

    /** Refuses the next connections to the stream with an HTTP status; 0 accepts them again. */
    public void streamRefuse(int status) {
        stream.refuse(status);
    }

    /** Returns the close price of the candle that begins at a time, which is different for each time. */
    public static double closeAt(Instant time) {
        return 1_000 + Math.floorMod(time.getEpochSecond() / 60, 1_000_000L) / 100.0;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(new Request(
                    exchange.getRequestURI(), exchange.getRequestHeaders().getFirst("Authorization")));
            Reply usual = usual(exchange);
            Object fault = faults.poll();
            if (fault instanceof Reply instead) {
                failing.send(exchange, instead);
            } else if (fault instanceof Fault kind) {
                failing.send(exchange, kind, usual);
            } else {
                failing.send(exchange, usual);
            }
        }
    }

    private synchronized Reply usual(HttpExchange exchange) {
        if (made >= limit) {
            return StandInFaults.RATE_LIMIT;
        }
        made++;
        String required = key;
        if (required != null
                && !("Apikey " + required).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return StandInFaults.NO_KEY;
        }
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        String path = exchange.getRequestURI().getPath();
        String body =
                switch (path) {
                    case "/data/price" -> price(query);
                    case "/data/pricemulti" -> prices(query);
                    case "/data/v2/histominute" -> candles(query, 60);
                    case "/data/v2/histohour" -> candles(query, 3_600);
                    case "/data/v2/histoday" -> candles(query, 86_400);
                    case "/data/all/coinlist" -> coins();
                    case "/stats/rate/limit" -> rateLimit();
                    default -> error(1, "Path does not exist");
                };
        return new Reply(
                200,
                Map.of(
                        "X-RateLimit-Remaining-All",
                        left() + ", " + left() + ";window=60",
                        "X-RateLimit-Reset-All",
                        "1, 1;window=60"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private long left() {
        return limit == Long.MAX_VALUE ? 100_000 : limit - made;
    }

    private String price(Map<String, String> query) {
        Map<String, Double> market = markets.getOrDefault(query.getOrDefault("fsym", ""), Map.of());
        Map<String, Double> prices = new TreeMap<>(market);
        prices.keySet().retainAll(List.of(query.getOrDefault("tsyms", "").split(",")));
        return prices.isEmpty() ? unknown(query.get("fsym") + "-" + query.get("tsyms")) : json(prices);
    }

    private String prices(Map<String, String> query) {
        List<String> found = new ArrayList<>();
        for (String symbol : query.getOrDefault("fsyms", "").split(",")) {
            Map<String, Double> prices = new TreeMap<>(markets.getOrDefault(symbol, Map.of()));
            prices.keySet().retainAll(List.of(query.getOrDefault("tsyms", "").split(",")));
            if (!prices.isEmpty()) {
                found.add("\"" + symbol + "\":" + json(prices));
            }
        }
        return found.isEmpty()
                ? unknown(query.get("fsyms") + "-" + query.get("tsyms"))
                : "{" + String.join(",", found) + "}";
    }

    private static String json(Map<String, Double> prices) {
        List<String> members = new ArrayList<>();
        prices.forEach((currency, price) -> members.add("\"" + currency + "\":" + price));
        return "{" + String.join(",", members) + "}";
    }

    private String candles(Map<String, String> query, long seconds) {
        String symbol = query.getOrDefault("fsym", "");
        if (!markets.getOrDefault(symbol, Map.of()).containsKey(query.getOrDefault("tsym", ""))) {
            return unknown(symbol + "-" + query.get("tsym"));
        }
        long count = Long.parseLong(query.getOrDefault("limit", "168"));
        if (count < 1 || count > MAX_LIMIT) {
            return error(2, "limit is larger than max value.");
        }
        long now = clock.instant().getEpochSecond();
        long to = Math.min(Long.parseLong(query.getOrDefault("toTs", String.valueOf(now))), now);
        if (seconds == 60 && to < now - MINUTES_KEPT) {
            return error(1, "We only store the last 7 days of minute data.");
        }
        long last = Math.floorDiv(to, seconds) * seconds;
        List<String> candles = new ArrayList<>();
        for (long time = last - count * seconds; time <= last; time += seconds) {
            // Before a currency was traded, the service sends zeros.
            double close = time < FIRST_CANDLE.getEpochSecond() ? 0 : closeAt(Instant.ofEpochSecond(time));
            candles.add("{\"time\":" + time + ",\"high\":" + close + ",\"low\":" + close + ",\"open\":" + close
                    + ",\"volumefrom\":1,\"volumeto\":" + close + ",\"close\":" + close
                    + ",\"conversionType\":\"direct\",\"conversionSymbol\":\"\"}");
        }
        return success("{\"Aggregated\":false,\"TimeFrom\":" + (last - count * seconds) + ",\"TimeTo\":" + last
                + ",\"Data\":[" + String.join(",", candles) + "]}");
    }

    private String coins() {
        List<String> coins = new ArrayList<>();
        new TreeMap<>(markets)
                .keySet()
                .forEach(symbol -> coins.add("\"" + symbol + "\":{\"Id\":\"" + coins.size() + "\",\"Symbol\":\""
                        + symbol + "\",\"FullName\":\"Coin " + symbol + "\"}"));
        return success("{" + String.join(",", coins) + "}");
    }

    private String rateLimit() {
        List<String> counts = new ArrayList<>();
        List<String> lefts = new ArrayList<>();
        for (String window : List.of("second", "minute", "hour", "day", "month")) {
            counts.add("\"" + window + "\":" + made);
            lefts.add("\"" + window + "\":" + left());
        }
        return success(
                "{\"calls_made\":{" + String.join(",", counts) + "},\"calls_left\":{" + String.join(",", lefts) + "}}");
    }

    private static String unknown(String pair) {
        return error(2, "cccagg_or_exchange market does not exist for this coin pair (" + pair + ")");
    }

    private static String success(String data) {
        return "{\"Response\":\"Success\",\"Message\":\"\",\"HasWarning\":false,\"Type\":100,\"RateLimit\":{},\"Data\":"
                + data + "}";
    }

    static String error(int type, String message) {
        return "{\"Response\":\"Error\",\"Message\":\"" + message.replaceAll("[\"\\\\\\p{Cntrl}]", "?")
                + "\",\"HasWarning\":false,\"Type\":" + type + ",\"RateLimit\":{},\"Data\":{}}";
    }

    static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String item : raw == null ? new String[0] : raw.split("&")) {
            int equals = item.indexOf('=');
            if (equals > 0) {
                query.put(
                        item.substring(0, equals),
                        URLDecoder.decode(item.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    /** Ends the service and all its connections. */
    @Override
    public void close() {
        failing.close();
        stream.close();
        http.stop(0);
        threads.shutdownNow();
    }
}
