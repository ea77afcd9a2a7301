package io.qicore.mcp.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.agent.DataFlowRequest;
import io.qicore.mcp.agent.DataPipelineAgent;
import io.qicore.mcp.agent.TableDefinition;
import io.qicore.mcp.agent.TableDefinition.Column;
import io.qicore.mcp.testkit.EmbeddedConnect;
import io.qicore.mcp.testkit.StreamingInfrastructure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs the quickstart's pipeline, step by step. */
final class Pipeline {

    private static final String TOPIC = "crypto-ohlcv";
    private static final String TABLE = "crypto_ohlcv";
    private static final TableDefinition CANDLES = new TableDefinition(
            TABLE,
            List.of(
                    new Column("time", "timestamptz"),
                    new Column("symbol", "text"),
                    new Column("open", "double precision"),
                    new Column("high", "double precision"),
                    new Column("low", "double precision"),
                    new Column("close", "double precision"),
                    new Column("volume", "double precision")),
            List.of("symbol", "time"),
            "time");
    private static final String SOURCE = "quickstart";
    private static final String LIVE_SOURCE = "live";
    private static final String GROUP = "crypto-group";
    private static final List<String> SYMBOLS = List.of("BTC", "ETH", "SOL", "XRP", "ADA", "DOGE");
    private static final int CANDLES_PER_SYMBOL = 180;
    private static final int CANDLES_PER_SECOND = 120;
    private static final int CATCH_UP_SECONDS = 20;
    private static final int MOST_SECONDS_TO_STOP = 20;
    private static final long LOOK_EVERY_MILLIS = 500;
    private static final long UNKNOWN = -1;

    /** The states of a producer that it does not leave. */
    private static final Set<String> ENDED = Set.of("completed", "failed", "stopped");

    private final Console console;
    private final CallStatistics statistics = new CallStatistics();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    Pipeline(Console console) {
        this.console = console;
    }

    /**
     * Runs all steps.
     *
     * @param options whether to keep running afterwards, with a producer that never ends, until Ctrl-C; and where producers run
     * @return whether all produced records have been stored and the lag is 0
     */
    boolean run(Options options) throws Exception {
        long start = System.nanoTime();
        console.print("");
        try (StreamingInfrastructure infrastructure =
                        console.step("Kafka broker and PostgreSQL started", StreamingInfrastructure::embedded);
                EmbeddedConnect worker = options.connect() ? startWorker(infrastructure) : null;
                Servers servers = console.step(
                        "MCP servers started, each on its own port",
                        () -> Servers.start(infrastructure, worker, options.serve(), statistics));
                DataPipelineAgent agent = new DataPipelineAgent(
                        servers.client("kafka"), servers.client("timescale"), servers.client("producer"))) {
            setUp(agent);
            Summary summary;
            try (CandleSink sink = new CandleSink(infrastructure, TOPIC, GROUP, TABLE)) {
                askForLivePrices(servers);
                awaitProducer(servers, sink);
                awaitSink(servers, sink);
                summary = summarize(servers);
                console.print(summary.render(statistics, Duration.ofNanos(System.nanoTime() - start)));
                if (options.serve()) {
                    infrastructure.beforeShutdown(this::stopServing);
                    serve(servers);
                }
            }
            return summary.isSuccess();
        } finally {
            closed.countDown();
        }
    }

    private EmbeddedConnect startWorker(StreamingInfrastructure infrastructure) throws Exception {
        return console.step(
                "Kafka Connect worker started",
                () -> EmbeddedConnect.builder(infrastructure.bootstrapServers()).start());
    }

    private void setUp(DataPipelineAgent agent) throws Exception {
        Map<String, Object> producer = new LinkedHashMap<>();
        producer.put("type", "simulated");
        producer.put("symbols", SYMBOLS);
        producer.put("interval", "1m");
        producer.put(
                "startTime",
                Instant.now().minus(Duration.ofMinutes(CANDLES_PER_SYMBOL)).toString());
        producer.put("candlesPerSymbol", CANDLES_PER_SYMBOL);
        producer.put("rate", CANDLES_PER_SECOND);
        DataFlowRequest request = new DataFlowRequest(TOPIC, SOURCE, 3, 10_000, producer)
                .withTable(CANDLES)
                .withConsumerGroup(GROUP)
                .withMonitoringInterval(Duration.ofSeconds(2));
        console.step("Agent created a topic and a table, and started a producer", () -> {
            agent.orchestrateDataFlow(request);
            return request;
        });
    }

    private void askForLivePrices(Servers servers) throws Exception {
        JsonNode live = console.step(
                "Agent fetched the live prices of " + SYMBOLS.size() + " symbols",
                () -> servers.client("realtime").call("get_live_prices", Map.of("symbols", SYMBOLS, "timeout", 5000)));
        StringBuilder prices = new StringBuilder("     ");
        live.path("prices").forEach(price -> prices.append(' ')
                .append(price.path("symbol").asText())
                .append(' ')
                .append(price.path("close").asText()));
        console.print(prices.toString());
    }

    private void awaitProducer(Servers servers, CandleSink sink) throws InterruptedException {
        long start = System.nanoTime();
        JsonNode status = producer(servers);
        while (!ENDED.contains(status.path("status").asText())) {
            long lag = lag(servers);
            console.progress(String.format(
                    "Streaming: %d produced, %d stored, lag %s",
                    status.path("metrics").path("recordsSent").asLong(), sink.stored(), lag == UNKNOWN ? "?" : lag));
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            status = producer(servers);
        }
        if (status.path("status").asText().equals("failed")) {
            throw new IllegalStateException("The producer failed: "
                    + status.path("metrics").path("lastError").asText());
        }
        console.done("Producer sent all candles", start);
    }

    private void awaitSink(Servers servers, CandleSink sink) throws InterruptedException {
        long start = System.nanoTime();
        long deadline = start + TimeUnit.SECONDS.toNanos(CATCH_UP_SECONDS);
        while (lag(servers) != 0 && System.nanoTime() < deadline) {
            console.progress("Sink is catching up: " + sink.stored() + " stored");
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS / 5);
        }
        console.done("Sink stored all candles", start);
    }

    private Summary summarize(Servers servers) {
        long produced = producer(servers).path("metrics").path("recordsSent").asLong();
        JsonNode count = query(servers, "SELECT count(*) FROM " + TABLE);
        JsonNode symbols = query(
                servers,
                "SELECT symbol, (array_agg(close ORDER BY time DESC))[1], min(low), max(high), count(*) FROM " + TABLE
                        + " GROUP BY symbol ORDER BY symbol");
        JsonNode candles = servers.client("timescale")
                .call(
                        "get_candlesticks",
                        Map.of("table", TABLE, "symbol", SYMBOLS.get(0), "interval", "5m", "limit", 40))
                .path("candles");
        return new Summary(
                produced, count.path(0).path(0).asLong(), lag(servers), list(symbols), SYMBOLS.get(0), list(candles));
    }

    private void serve(Servers servers) throws InterruptedException {
        servers.client("producer")
                .call(
                        "start_producer",
                        Map.of(
                                "sourceId",
                                LIVE_SOURCE,
                                "config",
                                Map.of("topic", TOPIC, "symbols", SYMBOLS, "rate", SYMBOLS.size())));
        console.print("");
        console.print("Serving until Ctrl-C, with a producer '" + LIVE_SOURCE + "'. Paste this into an MCP client:");
        console.print("");
        console.print(servers.clientConfiguration());
        interrupted.await();
    }

    /** Waits until everything is closed, so that the JVM does not end before. */
    private void stopServing() {
        console.print("");
        console.print("Stopping");
        interrupted.countDown();
        try {
            closed.await(MOST_SECONDS_TO_STOP, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode producer(Servers servers) {
        for (JsonNode status :
                servers.client("producer").call("get_producer_status", Map.of()).path("producers")) {
            if (status.path("sourceId").asText().equals(SOURCE)) {
                return status;
            }
        }
        throw new IllegalStateException("The producer '" + SOURCE + "' no longer exists.");
    }

    /** Returns the lag of the sink's group, or {@link #UNKNOWN} before its first commit. */
    private static long lag(Servers servers) {
        JsonNode groups = servers.client("kafka")
                .call("get_consumer_lag", Map.of("topic", TOPIC))
                .path("groups");
        for (JsonNode group : groups) {
            if (group.path("groupId").asText().equals(GROUP)) {
                return group.path("lag").asLong();
            }
        }
        return UNKNOWN;
    }

    private static JsonNode query(Servers servers, String sql) {
        return servers.client("timescale").call("query", Map.of("sql", sql)).path("rows");
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> list = new ArrayList<>();
        array.forEach(list::add);
        return list;
    }
}
