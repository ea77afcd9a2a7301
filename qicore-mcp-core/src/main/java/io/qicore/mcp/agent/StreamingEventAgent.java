package io.qicore.mcp.agent;

import io.qicore.mcp.agent.StreamingEvent.ConsumerLagEvent;
import io.qicore.mcp.agent.StreamingEvent.DataAnomalyEvent;
import io.qicore.mcp.agent.StreamingEvent.ProducerFailureEvent;
import io.qicore.mcp.client.MCPClient;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * Reacts to events in a stream through MCP calls: it looks first and acts only if the event still holds. The clients
 * stay the caller's. Thread-safe.
 */
public class StreamingEventAgent extends BaseAgent {

    private static final Duration LIVE_PRICE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaTools kafka;
    private final ProducerTools producer;
    private final LiveDataTools realTime;

    /**
     * An agent that works through the given clients.
     *
     * @param kafka a client of a server with the tools of {@code kafka-mcp-server}
     * @param producer the same of {@code producer-mcp-server}
     * @param realTime the same of {@code realtime-mcp-server}
     */
    public StreamingEventAgent(MCPClient kafka, MCPClient producer, MCPClient realTime) {
        super("streaming-event-agent");
        this.kafka = new KafkaTools(kafka);
        this.producer = new ProducerTools(producer);
        this.realTime = new LiveDataTools(realTime);
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
        if (kafka.partitions(event.topic()).size() >= event.recommendedPartitions()) {
            return false;
        }
        kafka.addPartitions(event.topic(), event.recommendedPartitions());
        return true;
    }

    /** Starts the producer again, unless it runs. */
    private boolean handleProducerFailure(ProducerFailureEvent event) {
        if (producer.isRunning(event.sourceId())) {
            return false;
        }
        producer.start(event.sourceId(), event.config());
        return true;
    }

    /** Stops the producer if the price is still not plausible, so that no more wrong data is written. */
    private boolean handleDataAnomaly(DataAnomalyEvent event) {
        OptionalDouble price = realTime.price(event.symbol(), LIVE_PRICE_TIMEOUT);
        // Without a price nothing says that the anomaly still holds.
        boolean plausible = price.isEmpty()
                || (price.getAsDouble() >= event.plausibleLow() && price.getAsDouble() <= event.plausibleHigh());
        if (plausible || !producer.isRunning(event.sourceId())) {
            return false;
        }
        producer.stop(event.sourceId());
        return true;
    }
}
