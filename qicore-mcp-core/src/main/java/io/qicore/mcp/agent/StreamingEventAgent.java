package io.qicore.mcp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.agent.StreamingEvent.ConsumerLagEvent;
import io.qicore.mcp.agent.StreamingEvent.DataAnomalyEvent;
import io.qicore.mcp.agent.StreamingEvent.ProducerFailureEvent;
import io.qicore.mcp.client.MCPClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reacts to events in a stream through MCP calls: it looks first and acts only if the event still holds. The clients
 * stay the caller's. Thread-safe.
 */
public class StreamingEventAgent extends BaseAgent {

    private static final int LIVE_PRICE_TIMEOUT_MILLIS = 5000;

    private final MCPClient kafka;
    private final MCPClient producer;
    private final MCPClient realTime;

    /**
     * An agent that works through the given clients.
     *
     * @param kafka a client of a server with the tools of {@code kafka-mcp-server}
     * @param producer the same of {@code producer-mcp-server}
     * @param realTime the same of {@code realtime-mcp-server}
     */
    public StreamingEventAgent(MCPClient kafka, MCPClient producer, MCPClient realTime) {
        super("streaming-event-agent");
        this.kafka = Objects.requireNonNull(kafka);
        this.producer = Objects.requireNonNull(producer);
        this.realTime = Objects.requireNonNull(realTime);
    }

    /**
     * Handles one event. When this method returns, what it does about the event has been done.
     *
     * @return whether it changed anything
     * @throws io.qicore.mcp.tool.MCPToolError if a server refuses a step
     * @throws io.qicore.mcp.client.MCPClientException if a server cannot be reached
     */
    public boolean handleStreamingEvent(StreamingEvent event) {
        boolean changed;
        if (event instanceof ConsumerLagEvent lag) {
            changed = handleConsumerLag(lag);
        } else if (event instanceof ProducerFailureEvent failure) {
            changed = handleProducerFailure(failure);
        } else {
            changed = handleDataAnomaly((DataAnomalyEvent) event);
        }
        log.info("{}: {}", event, changed ? "acted" : "nothing to do");
        return changed;
    }

    /** Adds the partitions that are missing. */
    private boolean handleConsumerLag(ConsumerLagEvent event) {
        JsonNode metadata = kafka.call("get_topic_metadata", Map.of("topic", event.topic()));
        if (metadata.path("partitions").size() >= event.recommendedPartitions()) {
            return false;
        }
        kafka.call("add_partitions", Map.of("topic", event.topic(), "count", event.recommendedPartitions()));
        return true;
    }

    /** Starts the producer again, unless it runs. */
    private boolean handleProducerFailure(ProducerFailureEvent event) {
        if (runs(event.sourceId())) {
            return false;
        }
        producer.call("start_producer", Map.of("sourceId", event.sourceId(), "config", event.config()));
        return true;
    }

    /** Stops the producer if the price is still not plausible, so that no more wrong data is written. */
    private boolean handleDataAnomaly(DataAnomalyEvent event) {
        JsonNode answer = realTime.call(
                "get_live_prices", Map.of("symbols", List.of(event.symbol()), "timeout", LIVE_PRICE_TIMEOUT_MILLIS));
        JsonNode price = answer.path("prices").path(0).path("close");
        boolean plausible = !price.isNumber()
                || (price.doubleValue() >= event.plausibleLow() && price.doubleValue() <= event.plausibleHigh());
        if (plausible || !runs(event.sourceId())) {
            return false;
        }
        producer.call("stop_producer", Map.of("sourceId", event.sourceId()));
        return true;
    }

    private boolean runs(String sourceId) {
        for (JsonNode status : producer.call("get_producer_status", Map.of()).path("producers")) {
            if (status.path("sourceId").asText().equals(sourceId)) {
                return status.path("status").asText().equals("running");
            }
        }
        return false;
    }
}
