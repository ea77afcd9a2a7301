package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.name.UnknownName;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** Looks topics up. */
public final class Topics {

    private Topics() {}

    /** Names of all topics that the policy allows, sorted. */
    public static Set<String> names(AdminSession kafka, boolean includeInternal) {
        var options = kafka.bounded(new ListTopicsOptions().listInternal(includeInternal));
        Set<String> names = new TreeSet<>(kafka.await(
                kafka.admin().listTopics(options).names(), KafkaOperation.toRead("list the topics", Map.of())));
        names.removeIf(name -> !kafka.permissions().topic(name) || !includeInternal && Permissions.internal(name));
        return names;
    }

    /** Describes many topics in one request, in the order of the names; leaves out those deleted in the meantime. */
    public static List<TopicDescription> describeAll(AdminSession kafka, Collection<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        DescribeTopicsResult result = kafka.admin().describeTopics(names, kafka.bounded(new DescribeTopicsOptions()));
        List<TopicDescription> found = new ArrayList<>(names.size());
        for (String name : names) {
            try {
                found.add(kafka.await(result.topicNameValues().get(name), describing(name)));
            } catch (MCPToolError e) {
                if (!e.is(KafkaErrorCode.TOPIC_NOT_FOUND)) {
                    throw e;
                }
            }
        }
        return found;
    }

    /**
     * Asks for one topic without waiting, so that other requests can go out beside it.
     *
     * @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} by the policy
     */
    public static KafkaFuture<TopicDescription> request(AdminSession kafka, String topic) {
        kafka.permissions().requireTopic(topic);
        return kafka.admin()
                .describeTopics(List.of(topic), kafka.bounded(new DescribeTopicsOptions()))
                .topicNameValues()
                .get(topic);
    }

    /**
     * Waits for what {@link #request} asked for.
     *
     * @throws MCPToolError {@link KafkaErrorCode#TOPIC_NOT_FOUND} with the nearest names
     */
    public static TopicDescription await(AdminSession kafka, KafkaFuture<TopicDescription> requested, String topic) {
        try {
            return kafka.await(requested, describing(topic));
        } catch (MCPToolError e) {
            if (!e.is(KafkaErrorCode.TOPIC_NOT_FOUND)) {
                throw e;
            }
            Set<String> known = namesOrNone(kafka, e);
            if (known.contains(topic)) {
                // Created a moment ago: the broker that was asked first had not heard of it yet.
                return kafka.await(request(kafka, topic), describing(topic));
            }
            throw UnknownName.error(KafkaErrorCode.TOPIC_NOT_FOUND, "topic", "topic", topic, known, e);
        }
    }

    /** {@link #request} and {@link #await}. */
    public static TopicDescription describe(AdminSession kafka, String topic) {
        return await(kafka, request(kafka, topic), topic);
    }

    /** The smallest, as kafka-topics.sh shows it: during a reassignment partitions have different ones. */
    public static int replicationFactor(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    /** The partition's leader, or null while it has none. */
    public static @Nullable Node leader(TopicPartitionInfo partition) {
        Node leader = partition.leader();
        return leader == null || leader.isEmpty() ? null : leader;
    }

    /** The partitions of a topic that have a leader. */
    public static List<TopicPartition> led(TopicDescription topic) {
        return led(topic.name(), topic.partitions());
    }

    /** Those of some partitions of a topic that have a leader. */
    public static List<TopicPartition> led(String topic, Collection<TopicPartitionInfo> partitions) {
        return partitions.stream()
                .filter(partition -> leader(partition) != null)
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** Suggestions are a courtesy: without them "not found" is still the right answer. */
    private static Set<String> namesOrNone(AdminSession kafka, MCPToolError notFound) {
        try {
            return names(kafka, true);
        } catch (MCPToolError e) {
            notFound.addSuppressed(e);
            return Set.of();
        }
    }

    static KafkaOperation describing(String topic) {
        return KafkaOperation.toRead("describe topic '" + topic + "'", Map.of("topic", topic));
    }
}
