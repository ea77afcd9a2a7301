package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code get_metadata}. */
public final class GetMetadataTool {

    record Arguments() {}

    record Broker(
            @Schema("The id of the broker") int id,

            @Schema("The host name that it advertises to clients")
            String host,

            @Schema("The port that it advertises to clients")
            int port,

            @Schema("Its rack; absent if the broker does not have one") @Nullable
            String rack) {}

    record Result(
            @Schema("The id of the cluster") String clusterId,

            @Schema("The id of the controller as clients see it. With KRaft it can be any broker; get_cluster_health"
                    + " returns the active controller. Absent if it is not known")
            @Nullable
            Integer controller,

            @Schema("The live brokers, sorted by id") List<Broker> brokers,

            @Schema("The number of topics, without Kafka's internal topics")
            int topicCount,

            @Schema("The number of their partitions") int partitionCount) {}

    private GetMetadataTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_metadata", Arguments.class, Result.class)
                .title("Describe the cluster")
                .description(
                        "Describes the cluster: id, live brokers with their addresses, numbers of topics and partitions."
                                + " For problems use get_cluster_health, for topic names list_topics, for one topic"
                                + " get_topic_metadata.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> describe(handle.session(context)))
                .build();
    }

    private static Result describe(AdminSession kafka) {
        var operation = KafkaOperation.toRead("describe the cluster", Map.of());
        var cluster = kafka.admin().describeCluster(kafka.bounded(new DescribeClusterOptions()));
        var topics = Topics.describeAll(kafka, Topics.names(kafka, false));
        List<Broker> brokers = kafka.await(cluster.nodes(), operation).stream()
                .sorted(Comparator.comparingInt(Node::id))
                .map(node -> new Broker(node.id(), node.host(), node.port(), node.rack()))
                .toList();
        Node controller = kafka.await(cluster.controller(), operation);
        return new Result(
                kafka.await(cluster.clusterId(), operation),
                controller == null || controller.isEmpty() ? null : controller.id(),
                brokers,
                topics.size(),
                topics.stream().mapToInt(topic -> topic.partitions().size()).sum());
    }
}
