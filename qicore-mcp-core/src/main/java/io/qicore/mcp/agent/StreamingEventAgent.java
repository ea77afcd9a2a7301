package io.qicore.mcp.agent;

import io.qicore.mcp.agent.StreamingEvent.ConsumerLagEvent;
import io.qicore.mcp.agent.StreamingEvent.DataAnomalyEvent;
import io.qicore.mcp.agent.StreamingEvent.ProducerFailureEvent;
import io.qicore.mcp.client.MCPClient;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Reacts to events in a data stream with MCP calls. It first checks whether an event is still true, and acts only then. The
 * clients belong to the caller, who closes them. Thread-safe.
 */
public class StreamingEventAgent extends BaseAgent {

    private static final Duration LIVE_PRICE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaTools kafka;
    private final ProducerTools producer;
    private final LiveDataTools realTime;

    /**
     * Creates an agent that uses the given clients.
     *
     * @param kafka a client of a server with the tools of {@code kafka-mcp-server}
     * @param producer a client of a server with the tools of {@code producer-mcp-server}
     * @param realTime a client of a server with the tools of {@code realtime-mcp-server}
     */
    public StreamingEventAgent(MCPClient kafka, MCPClient producer, MCPClient realTime) {
        super("streaming-event-agent");
        this.kafka = new KafkaTools(Objects.requireNonNull(kafka, "kafka"));
        this.producer = new ProducerTools(Objects.requireNonNull(producer, "producer"));
        this.realTime = new LiveDataTools(Objects.requireNonNull(realTime, "realTime"));
    }

    /**
     * Handles one event. When this method returns, all calls for the event have been made.
     *
     * @return whether anything was changed
     * @throws io.qicore.mcp.tool.MCPToolError if a server refuses a step
     * @throws io.qicore.mcp.client.error.MCPClientException if a server cannot be reached
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
        log.info("{}: {}", event, changed ? "handled" : "no action needed");
        return changed;
    }

    /** Adds partitions if the topic has fewer than recommended. */
    private boolean handleConsumerLag(ConsumerLagEvent event) {
        if (kafka.partitions(event.topic()).size() >= event.recommendedPartitions()) {
            return false;
        }
        kafka.addPartitions(event.topic(), event.recommendedPartitions());
        return true;
    }

    /** Starts the producer again if it has ended. */
    private boolean handleProducerFailure(ProducerFailureEvent event) {
        if (producer.isActive(event.sourceId())) {
            return false;
        }
        producer.start(event.sourceId(), event.config());
        return true;
    }

    /** Stops the producer if the price is still not plausible, so that no more wrong data is written. */
    private boolean handleDataAnomaly(DataAnomalyEvent event) {
        OptionalDouble price = realTime.price(event.symbol(), LIVE_PRICE_TIMEOUT);
        // Without a price, nothing shows that the anomaly persists.
        boolean plausible = price.isEmpty()
                || (price.getAsDouble() >= event.plausibleLow() && price.getAsDouble() <= event.plausibleHigh());
        if (plausible || !producer.isActive(event.sourceId())) {
            return false;
        }
        producer.stop(event.sourceId());
        return true;
    }
}
