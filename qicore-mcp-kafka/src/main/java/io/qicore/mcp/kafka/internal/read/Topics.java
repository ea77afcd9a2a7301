package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Denials;
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
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** Lists and describes topics. */
public final class Topics {

    private Topics() {}

    /** Returns the names of all topics that the policy allows, sorted. */
    public static Set<String> names(AdminSession kafka, boolean includeInternal) {
        var options = kafka.bounded(new ListTopicsOptions().listInternal(includeInternal));
        Set<String> names = await(kafka, kafka.admin().listTopics(options).names());
        names.removeIf(name -> !includeInternal && Permissions.internal(name));
        return names;
    }

    /** Waits for the names of all topics. Returns those that the policy allows, sorted. */
    public static Set<String> await(AdminSession kafka, KafkaFuture<Set<String>> requested) {
        Set<String> names = new TreeSet<>(kafka.await(requested, KafkaOperation.toRead("list the topics", Map.of())));
        names.removeIf(name -> !kafka.permissions().topic(name));
        return names;
    }

    /** Describes topics with one request, in the order of the names. Topics that do not exist are left out. */
    public static List<TopicDescription> describeAll(AdminSession kafka, Collection<String> names) {
        return describeAll(kafka, names, new DescribeTopicsOptions());
    }

    /** Describes topics as {@link #describeAll} does, with the operations that the ACLs allow on each of them. */
    public static List<TopicDescription> describeAllWithAccess(AdminSession kafka, Collection<String> names) {
        return describeAll(kafka, names, new DescribeTopicsOptions().includeAuthorizedOperations(true));
    }

    private static List<TopicDescription> describeAll(
            AdminSession kafka, Collection<String> names, DescribeTopicsOptions options) {
        if (names.isEmpty()) {
            return List.of();
        }
        DescribeTopicsResult result = kafka.admin().describeTopics(names, kafka.bounded(options));
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
     * Requests the description of a topic. Does not wait, so that other requests can be sent at the same time.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#NOT_ALLOWED} if the policy does not allow the topic
     */
    public static KafkaFuture<TopicDescription> request(AdminSession kafka, String topic) {
        kafka.permissions().requireTopic(topic);
        return kafka.admin()
                .describeTopics(
                        List.of(topic), kafka.bounded(new DescribeTopicsOptions().includeAuthorizedOperations(true)))
                .topicNameValues()
                .get(topic);
    }

    /**
     * Waits for the description that {@link #request} requested.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#TOPIC_NOT_FOUND} and similar names if the topic does not exist
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
                // The topic was created a moment ago, and the first broker did not know it yet.
                return kafka.await(request(kafka, topic), describing(topic));
            }
            throw UnknownName.error(KafkaErrorCode.TOPIC_NOT_FOUND, "topic", "topic", topic, known, e);
        }
    }

    /** Requests the description of a topic and waits for it. */
    public static TopicDescription describe(AdminSession kafka, String topic) {
        return await(kafka, request(kafka, topic), topic);
    }

    /**
     * Requires that the ACLs allow an operation on a topic, so that the preview of a change fails where the change would.
     *
     * @param topic described with {@link #describe}
     */
    public static void requireAccess(
            AdminSession kafka, TopicDescription topic, AclOperation needed, KafkaOperation operation) {
        Denials.require(topic.authorizedOperations(), Access.toTopic(needed, topic.name()), operation, kafka.cluster());
    }

    /**
     * Returns the smallest number of replicas of a partition, as kafka-topics.sh does. Partitions can have different numbers
     * during a reassignment.
     */
    public static int replicationFactor(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    /** Returns the leader of a partition, or null if it does not have one. */
    public static @Nullable Node leader(TopicPartitionInfo partition) {
        Node leader = partition.leader();
        return leader == null || leader.isEmpty() ? null : leader;
    }

    /** Returns the partitions of a topic that have a leader. */
    public static List<TopicPartition> led(TopicDescription topic) {
        return led(topic.name(), topic.partitions());
    }

    /** Returns those of the given partitions that have a leader. */
    public static List<TopicPartition> led(String topic, Collection<TopicPartitionInfo> partitions) {
        return partitions.stream()
                .filter(partition -> leader(partition) != null)
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** Returns the names to suggest. If they cannot be read, "not found" without suggestions is still the right answer. */
    private static Set<String> namesOrNone(AdminSession kafka, MCPToolError notFound) {
        try {
            return names(kafka, true);
        } catch (MCPToolError e) {
            notFound.addSuppressed(e);
            return Set.of();
        }
    }

    static KafkaOperation describing(String topic) {
        return KafkaOperation.toRead(
                "describe topic '" + topic + "'", Map.of("topic", topic), Access.toTopic(AclOperation.DESCRIBE, topic));
    }
}
