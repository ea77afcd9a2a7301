package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.LogOffsets.Offset;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** The tool {@code get_topic_metadata}: four requests, three of them at once. */
final class GetTopicMetadata {

    record Args(
            @Schema(value = "Name of the topic", minLength = 1)
            String topic) {}

    record Partition(
            int partition,

            @Schema("Id of the broker that leads it; left out while there is none") @Nullable
            Integer leader,

            @Schema("Ids of the brokers that should have a copy")
            List<Integer> replicas,

            @Schema("Ids of the brokers whose copy is in sync")
            List<Integer> isr,

            @Schema("Offset of the oldest record kept") @Nullable
            Long earliestOffset,

            @Schema("Offset that the next record gets") @Nullable
            Long latestOffset,

            @Schema("Error code that explains missing offsets") @Nullable
            String reason) {}

    record Result(
            String topic,
            @Nullable String topicId,

            @Schema("Whether it is one of Kafka's own topics")
            boolean internal,

            @Schema("By partition number") List<Partition> partitions,

            @Schema(
                    "Configuration set on the topic or inherited from brokers that do not have Kafka's defaults; left out if"
                            + " this server may not read it")
            @Nullable
            Map<String, String> configs) {}

    private GetTopicMetadata() {}

    static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_topic_metadata", Args.class, Result.class)
                .title("Describe a topic")
                .description("Describes a topic: for each partition its leader, replicas and first and next offset;"
                        + " and the configuration that differs from the defaults.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> describe(handle.session(context), args.topic()))
                .build();
    }

    private static Result describe(AdminSession kafka, String name) {
        TopicDescription topic = Topics.describe(kafka, name);
        var earliest = LogOffsets.request(kafka, name, topic.partitions(), OffsetSpec.earliest());
        var latest = LogOffsets.request(kafka, name, topic.partitions(), OffsetSpec.latest());
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var config = kafka.admin()
                .describeConfigs(List.of(resource), kafka.bounded(new DescribeConfigsOptions().includeSynonyms(true)))
                .values()
                .get(resource);
        Map<String, String> overrides = overrides(kafka, name, config);
        Map<Integer, Offset> first = earliest.await();
        Map<Integer, Offset> next = latest.await();
        List<Partition> partitions = topic.partitions().stream()
                .map(partition -> row(
                        partition,
                        Objects.requireNonNull(first.get(partition.partition())),
                        Objects.requireNonNull(next.get(partition.partition()))))
                .toList();
        // Brokers before 2.8 know no topic ids.
        String id =
                Uuid.ZERO_UUID.equals(topic.topicId()) ? null : topic.topicId().toString();
        return new Result(name, id, topic.isInternal(), partitions, overrides);
    }

    private static Partition row(TopicPartitionInfo partition, Offset first, Offset next) {
        Node leader = Topics.leader(partition);
        MCPToolError error = first.error() == null ? next.error() : first.error();
        return new Partition(
                partition.partition(),
                leader == null ? null : leader.id(),
                ids(partition.replicas()),
                ids(partition.isr()),
                first.offset(),
                next.offset(),
                error == null ? null : error.code());
    }

    private static @Nullable Map<String, String> overrides(
            AdminSession kafka, String topic, KafkaFuture<Config> requested) {
        var attempt = Attempt.toRead("read the configuration of topic '" + topic + "'", Map.of("topic", topic));
        try {
            Map<String, String> overrides = new TreeMap<>();
            kafka.await(requested, attempt).entries().stream()
                    .filter(GetTopicMetadata::differs)
                    .forEach(entry -> overrides.put(entry.name(), entry.value()));
            return overrides;
        } catch (MCPToolError e) {
            // Reading configuration is a permission of its own; the rest of the answer does not need it.
            if (e.is(StandardErrorCode.NOT_AUTHORIZED)) {
                return null;
            }
            throw e;
        }
    }

    /** Set on the topic, or inherited from a broker whose setting is not Kafka's own default. */
    private static boolean differs(ConfigEntry entry) {
        return entry.value() != null
                && (entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG
                        || !entry.isDefault()
                                && entry.synonyms().stream()
                                        .filter(synonym -> synonym.source() == ConfigSource.DEFAULT_CONFIG)
                                        .noneMatch(synonym -> entry.value().equals(synonym.value())));
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
