package io.qicore.mcp.agent;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.tool.MCPToolError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sets up a data flow through three MCP servers and monitors it: creates the topic and the table, starts the producer, then
 * checks the lag of the consumer group at regular intervals.
 *
 * <p>{@link #close()} ends the monitoring. It does not stop the producer and does not close the clients, which belong to the
 * caller. Thread-safe.
 */
public class DataPipelineAgent extends BaseAgent {

    /** The lag, in records, above which {@link #handleBacklog} skips the backlog. */
    public static final long GIVE_UP_LAG = 100_000;

    private final KafkaTools kafka;
    private final DatabaseTools database;
    private final ProducerTools producer;

    /**
     * Creates an agent that uses the given clients.
     *
     * @param kafka a client of a server with the tools of {@code kafka-mcp-server}
     * @param database a client of a server with the tools of {@code timescale-mcp-server}
     * @param producer a client of a server with the tools of {@code producer-mcp-server}
     */
    public DataPipelineAgent(MCPClient kafka, MCPClient database, MCPClient producer) {
        super("data-pipeline-agent");
        this.kafka = new KafkaTools(Objects.requireNonNull(kafka, "kafka"));
        this.database = new DatabaseTools(Objects.requireNonNull(database, "database"));
        this.producer = new ProducerTools(Objects.requireNonNull(producer, "producer"));
    }

    /**
     * Sets up the flow. When this method returns, the topic and the table exist, the producer runs, and the lag is checked
     * regularly until {@link #close()}. A topic or table that exists already is used as it is.
     *
     * @throws MCPToolError if a server refuses a step; the steps before it are not undone
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
        if (!kafka.createTopic(request.topic(), request.partitions())) {
            log.info("Topic {} exists already and is used as it is", request.topic());
        }
    }

    private void createTable(TableDefinition table) {
        database.createTable(table);
        if (table.timeColumn() != null && !database.partitionByTime(table.name(), table.timeColumn())) {
            log.info("The database cannot partition by time; {} stays an ordinary table", table.name());
        }
    }

    private void startProducer(DataFlowRequest request) {
        Map<String, Object> config = new LinkedHashMap<>(request.producerConfig());
        config.putIfAbsent(ProducerTools.TOPIC_SETTING, request.topic());
        producer.start(request.sourceId(), config);
    }

    private void watch(DataFlowRequest request) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name() + "-" + request.sourceId());
            thread.setDaemon(true);
            return thread;
        });
        long interval = request.monitoringInterval().toNanos();
        timer.scheduleWithFixedDelay(() -> checkLag(request), interval, interval, TimeUnit.NANOSECONDS);
        registerCleanup(timer::shutdownNow);
    }

    private void checkLag(DataFlowRequest request) {
        try {
            kafka.backlog(request.topic(), request.consumerGroup())
                    .filter(backlog -> backlog.records() > request.maxLag())
                    .ifPresent(backlog -> handleBacklog(request, backlog));
        } catch (MCPToolError | MCPClientException e) {
            // The next check may succeed, so the monitoring goes on.
            log.warn("Could not watch the lag of {}: {}", request.topic(), e.getMessage());
        } catch (RuntimeException e) {
            // An exception that leaves this method would end the timer.
            log.error("Watching the lag of {} failed", request.topic(), e);
        }
    }

    /**
     * Reacts to a lag above {@link DataFlowRequest#maxLag()}. Above {@link #GIVE_UP_LAG} it moves the consumer group
     * that the request names to the end offset of every partition, so that the records in between are skipped. Otherwise,
     * and always if the request does not name a group, it only logs a warning. Override it for another policy. Called from
     * the thread that monitors the flow; an exception is logged, and the monitoring goes on.
     *
     * @param request the flow
     * @param backlog the group that is watched and its lag
     */
    protected void handleBacklog(DataFlowRequest request, Backlog backlog) {
        String group = backlog.consumerGroup();
        log.warn(
                "Group {} has a lag of {} records on {}, which is more than {}",
                group,
                backlog.records(),
                request.topic(),
                request.maxLag());
        if (backlog.records() <= GIVE_UP_LAG) {
            return;
        }
        if (request.consumerGroup() == null) {
            log.warn("The offsets of group {} are not changed, because the request does not name the group", group);
            return;
        }
        for (int partition : kafka.partitions(request.topic())) {
            kafka.skipToEnd(group, request.topic(), partition);
        }
        log.warn("Moved group {} to the end offsets of {}", group, request.topic());
    }
}
