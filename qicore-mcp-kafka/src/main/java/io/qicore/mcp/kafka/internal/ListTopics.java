package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jspecify.annotations.Nullable;

/** The tool {@code list_topics}: two requests, whatever the number of topics. */
final class ListTopics {

    record Args(
            @Schema(value = "Also list Kafka's own topics, such as __consumer_offsets", defaultValue = "false")
            boolean includeInternal) {}

    record Topic(
            String name,
            int partitions,
            int replicationFactor,

            @Schema("true for Kafka's own topics, else left out") @Nullable
            Boolean internal) {}

    record Result(@Schema("Sorted by name") List<Topic> topics, int count) {}

    private ListTopics() {}

    static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("list_topics", Args.class, Result.class)
                .title("List topics")
                .description("Lists the topics of the Kafka cluster with their number of partitions and replicas.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> list(handle.session(context), args))
                .build();
    }

    private static Result list(AdminSession kafka, Args args) {
        var names = Topics.names(kafka, args.includeInternal());
        List<Topic> topics = Topics.describeAll(kafka, names).stream()
                .map(ListTopics::summary)
                .toList();
        return new Result(topics, topics.size());
    }

    private static Topic summary(TopicDescription topic) {
        return new Topic(
                topic.name(), topic.partitions().size(), replicationFactor(topic), topic.isInternal() ? true : null);
    }

    /** The smallest, as kafka-topics.sh shows it: during a reassignment partitions have different ones. */
    private static int replicationFactor(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }
}
