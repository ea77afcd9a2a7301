package io.qicore.mcp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.MCPClientException;
import io.qicore.mcp.tool.MCPToolError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sets up a data flow through three MCP servers and watches over it: topic, table, producer, then the lag of the
 * consumer group at regular intervals.
 *
 * <p>The clients stay the caller's. {@link #close()} ends the watching; what was set up goes on. Thread-safe.
 */
public class DataPipelineAgent extends BaseAgent {

    /** The lag, in records, from which {@link #handleBacklog} gives the backlog up. */
    public static final long GIVE_UP_LAG = 100_000;

    private static final List<Map<String, Object>> CANDLE_COLUMNS = List.of(
            column("time", "timestamptz"),
            column("symbol", "text"),
            column("open", "double precision"),
            column("high", "double precision"),
            column("low", "double precision"),
            column("close", "double precision"),
            column("volume", "double precision"));

    private final MCPClient kafka;
    private final MCPClient database;
    private final MCPClient producer;

    /**
     * An agent that works through the given clients.
     *
     * @param kafka a client of a server with the tools of {@code kafka-mcp-server}
     * @param database the same of {@code timescale-mcp-server}
     * @param producer the same of {@code producer-mcp-server}
     */
    public DataPipelineAgent(MCPClient kafka, MCPClient database, MCPClient producer) {
        super("data-pipeline-agent");
        this.kafka = Objects.requireNonNull(kafka);
        this.database = Objects.requireNonNull(database);
        this.producer = Objects.requireNonNull(producer);
    }

    /**
     * Sets up the flow. When this method returns, the topic and the table exist, the producer runs, and the lag is being
     * watched until {@link #close()}. A topic or table that exists already is used as it is.
     *
     * @throws MCPToolError if a server refuses a step; the steps before it stay done
     * @throws MCPClientException if a server cannot be reached
     */
    public void orchestrateDataFlow(DataFlowRequest request) {
        createTopic(request);
        if (request.table() != null) {
            createTable(request.table());
        }
        startProducer(request);
        watch(request);
    }

    private void createTopic(DataFlowRequest request) {
        try {
            kafka.call("create_topic", Map.of("name", request.topic(), "partitions", request.partitions()));
        } catch (MCPToolError e) {
            if (!e.code().equals("TOPIC_EXISTS")) {
                throw e;
            }
            log.info("Topic {} exists already and is used as it is", request.topic());
        }
    }

    private void createTable(String table) {
        database.call(
                "create_table",
                Map.of(
                        "table",
                        table,
                        "columns",
                        CANDLE_COLUMNS,
                        "primaryKey",
                        List.of("symbol", "time"),
                        "ifNotExists",
                        true));
        try {
            database.call("create_hypertable", Map.of("table", table, "timeColumn", "time", "ifNotExists", true));
        } catch (MCPToolError e) {
            if (!e.code().equals("TIMESCALE_NOT_INSTALLED")) {
                throw e;
            }
            log.info("Without TimescaleDB, {} stays an ordinary table", table);
        }
    }

    private void startProducer(DataFlowRequest request) {
        Map<String, Object> config = new LinkedHashMap<>(request.producerConfig());
        config.putIfAbsent("topic", request.topic());
        producer.call("start_producer", Map.of("sourceId", request.sourceId(), "config", config));
    }

    private void watch(DataFlowRequest request) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name() + "-" + request.sourceId());
            thread.setDaemon(true);
            return thread;
        });
        long interval = request.monitoringInterval().toNanos();
        timer.scheduleWithFixedDelay(() -> look(request), interval, interval, TimeUnit.NANOSECONDS);
        registerCleanup(timer::shutdownNow);
    }

    private void look(DataFlowRequest request) {
        try {
            JsonNode lag = lagOfGroup(
                    kafka.call("get_consumer_lag", Map.of("topic", request.topic())), request.consumerGroup());
            if (lag.path("lag").asLong() > request.maxLag()) {
                handleBacklog(request, lag);
            }
        } catch (MCPToolError | MCPClientException e) {
            // The next look may succeed; a watcher that gives up at the first failure watches nothing.
            log.warn("Could not watch the lag of {}: {}", request.topic(), e.getMessage());
        } catch (RuntimeException e) {
            log.error("Watching the lag of {} failed", request.topic(), e);
        }
    }

    /** The part of the answer about the flow's own group; all of it if the server does not tell groups apart. */
    private static JsonNode lagOfGroup(JsonNode answer, String group) {
        if (!answer.has("groups")) {
            return answer;
        }
        for (JsonNode entry : answer.get("groups")) {
            if (entry.path("groupId").asText().equals(group)) {
                return entry;
            }
        }
        // The group has not begun to consume: nothing can be moved.
        return MissingNode.getInstance();
    }

    /**
     * Reacts to a lag above {@link DataFlowRequest#maxLag()}. From {@link #GIVE_UP_LAG} on it moves the consumer group to
     * the end of every partition, so that the records in between are skipped; below it warns. Override it for another
     * policy.
     *
     * @param request the flow
     * @param lag what {@code get_consumer_lag} says of the flow's group; {@code lag} is its number of records
     */
    protected void handleBacklog(DataFlowRequest request, JsonNode lag) {
        long records = lag.path("lag").asLong();
        log.warn("Lag of {} is {} records, above {}", request.topic(), records, request.maxLag());
        if (records <= GIVE_UP_LAG) {
            return;
        }
        JsonNode metadata = kafka.call("get_topic_metadata", Map.of("topic", request.topic()));
        for (JsonNode partition : metadata.path("partitions")) {
            kafka.call(
                    "reset_consumer_offset",
                    Map.of(
                            "groupId", request.consumerGroup(),
                            "topic", request.topic(),
                            "partition", partition.path("partition").asInt(),
                            "offset", "latest"));
        }
        log.warn("Group {} skips the backlog of {}", request.consumerGroup(), request.topic());
    }

    private static Map<String, Object> column(String name, String type) {
        return Map.of("name", name, "type", type);
    }
}
