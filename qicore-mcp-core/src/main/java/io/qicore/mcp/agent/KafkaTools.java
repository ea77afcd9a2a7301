package io.qicore.mcp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls the tools of a Kafka server that agents use. Thread-safe. */
final class KafkaTools {

    static final ToolContract CREATE_TOPIC = new ToolContract("create_topic", Set.of("name", "partitions"), Set.of());
    static final ToolContract GET_TOPIC_METADATA =
            new ToolContract("get_topic_metadata", Set.of("topic"), Set.of("partitions[].partition"));
    static final ToolContract ADD_PARTITIONS = new ToolContract("add_partitions", Set.of("topic", "count"), Set.of());
    static final ToolContract GET_CONSUMER_LAG =
            new ToolContract("get_consumer_lag", Set.of("topic", "groupId"), Set.of("lag", "groups[].groupId"));
    static final ToolContract RESET_CONSUMER_OFFSET =
            new ToolContract("reset_consumer_offset", Set.of("groupId", "topic", "partition", "offset"), Set.of());

    static final List<ToolContract> TOOLS =
            List.of(CREATE_TOPIC, GET_TOPIC_METADATA, ADD_PARTITIONS, GET_CONSUMER_LAG, RESET_CONSUMER_OFFSET);

    static final String TOPIC_EXISTS = "TOPIC_EXISTS";
    static final String GROUP_NOT_FOUND = "GROUP_NOT_FOUND";
    static final Set<String> ERROR_CODES = Set.of(TOPIC_EXISTS, GROUP_NOT_FOUND);

    private static final String END_OFFSET = "latest";

    private final MCPClient client;

    KafkaTools(MCPClient client) {
        this.client = Objects.requireNonNull(client, "client");
    }

    /** Creates a topic; returns false if it exists already. */
    boolean createTopic(String topic, int partitions) {
        try {
            CREATE_TOPIC.call(client, Map.of("name", topic, "partitions", partitions));
            return true;
        } catch (MCPToolError e) {
            if (!e.code().equals(TOPIC_EXISTS)) {
                throw e;
            }
            return false;
        }
    }

    /** Returns the numbers of a topic's partitions. */
    List<Integer> partitions(String topic) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode partition :
                GET_TOPIC_METADATA.call(client, Map.of("topic", topic)).required("partitions")) {
            numbers.add(partition.required("partition").asInt());
        }
        return numbers;
    }

    /** Adds partitions until the topic has the given total. */
    void addPartitions(String topic, int total) {
        ADD_PARTITIONS.call(client, Map.of("topic", topic, "count", total));
    }

    /**
     * Returns the backlog of a group on a topic, or of the group that is furthest behind if {@code group} is null; empty if
     * the group does not exist or no group has begun to consume the topic.
     */
    Optional<Backlog> backlog(String topic, @Nullable String group) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("topic", topic);
        if (group != null) {
            arguments.put("groupId", group);
        }
        JsonNode answer;
        try {
            answer = GET_CONSUMER_LAG.call(client, arguments);
        } catch (MCPToolError e) {
            if (!e.code().equals(GROUP_NOT_FOUND)) {
                throw e;
            }
            return Optional.empty();
        }
        long lag = answer.required("lag").asLong();
        if (group != null) {
            return Optional.of(new Backlog(group, lag));
        }
        JsonNode groups = answer.required("groups");
        return groups.isEmpty()
                ? Optional.empty()
                : Optional.of(new Backlog(groups.get(0).required("groupId").asText(), lag));
    }

    /** Moves a group to the end offset of one partition. */
    void skipToEnd(String group, String topic, int partition) {
        RESET_CONSUMER_OFFSET.call(
                client, Map.of("groupId", group, "topic", topic, "partition", partition, "offset", END_OFFSET));
    }
}
