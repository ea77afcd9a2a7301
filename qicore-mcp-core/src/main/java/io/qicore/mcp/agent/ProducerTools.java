package io.qicore.mcp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Calls the tools of a producer server that agents use. Thread-safe. */
final class ProducerTools {

    static final ToolContract START_PRODUCER =
            new ToolContract("start_producer", Set.of("sourceId", "config"), Set.of());
    static final ToolContract STOP_PRODUCER = new ToolContract("stop_producer", Set.of("sourceId"), Set.of());
    static final ToolContract GET_PRODUCER_STATUS =
            new ToolContract("get_producer_status", Set.of(), Set.of("producers[].sourceId", "producers[].status"));

    static final List<ToolContract> TOOLS = List.of(START_PRODUCER, STOP_PRODUCER, GET_PRODUCER_STATUS);

    /** The key of the topic in the configuration of a producer. */
    static final String TOPIC_SETTING = "topic";

    /** The states that a producer does not leave. In any other it is stopped before it can be started again. */
    private static final Set<String> ENDED = Set.of("stopped", "completed", "failed");

    private final MCPClient client;

    ProducerTools(MCPClient client) {
        this.client = Objects.requireNonNull(client, "client");
    }

    void start(String sourceId, Map<String, Object> config) {
        START_PRODUCER.call(client, Map.of("sourceId", sourceId, "config", config));
    }

    void stop(String sourceId) {
        STOP_PRODUCER.call(client, Map.of("sourceId", sourceId));
    }

    /** Returns whether the server has the producer and it has not ended; it may be stalled or paused. */
    boolean isActive(String sourceId) {
        for (JsonNode producer : GET_PRODUCER_STATUS.call(client, Map.of()).required("producers")) {
            if (producer.required("sourceId").asText().equals(sourceId)) {
                return !ENDED.contains(producer.required("status").asText());
            }
        }
        return false;
    }
}
