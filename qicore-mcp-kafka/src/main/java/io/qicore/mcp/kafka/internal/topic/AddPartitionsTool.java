package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Map;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.acl.AclOperation;

/** Makes the tool {@code add_partitions}. */
public final class AddPartitionsTool {

    private static final String WARNING =
            "Keys now map to different partitions. Records with the same key that were written before and after this"
                    + " change can be in different partitions, so their order is no longer guaranteed.";

    record Arguments(
            @Schema("Topic name") String topic,

            @Schema(value = "New total number of partitions", minimum = 1)
            int count) {}

    record Result(
            @Schema("Whether the change was made") boolean success,

            @Schema("The name of the topic") String topic,

            @Schema("The number of partitions before the change")
            int previous,

            @Schema("The number of partitions after the change")
            int count,

            @Schema("What the change means for the order of records")
            String warning) {}

    /**
     * The limit of the controller for a new topic. The controller does not apply it when it adds partitions to an
     * existing topic, and does nothing else meanwhile: a count that is far too large would block the cluster.
     */
    private static final int MAX_ADDED = 10_000;

    private AddPartitionsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("add_partitions", Arguments.class, Result.class)
                .title("Add partitions")
                .description(
                        "Increases the number of partitions of a topic. Cannot be undone. Afterwards a key can map to"
                                + " another partition, which breaks the order of its records.")
                .annotations(ToolAnnotations.additive())
                .handler((args, context) -> add(handle.session(context), args))
                .build();
    }

    private static Result add(AdminSession kafka, Arguments args) {
        String topic = args.topic();
        kafka.permissions().requireChangeableTopic(topic);
        int previous = Topics.describe(kafka, topic).partitions().size();
        if (args.count() <= previous) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_PARTITIONS,
                    "Topic '" + topic + "' already has " + previous
                            + " partitions. Partitions cannot be removed, so count" + " must be more than " + previous
                            + ", not " + args.count() + ".",
                    Map.of("topic", topic, "partitions", previous, "count", args.count()));
        }
        if (args.count() - previous > MAX_ADDED) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_PARTITIONS,
                    "At most " + MAX_ADDED + " partitions can be added in one call. Topic '" + topic + "' has "
                            + previous
                            + " partitions, so count must be at most " + (previous + MAX_ADDED) + ", not "
                            + args.count() + ".",
                    Map.of("topic", topic, "partitions", previous, "count", args.count()));
        }
        var change = Map.of(topic, NewPartitions.increaseTo(args.count()));
        kafka.await(
                kafka.writer()
                        .createPartitions(change, kafka.bounded(new CreatePartitionsOptions()))
                        .all(),
                KafkaOperation.toChange(
                        "increase topic '" + topic + "' from " + previous + " to " + args.count() + " partitions",
                        Map.of("topic", topic, "partitions", previous, "count", args.count()),
                        Access.toTopic(AclOperation.ALTER, topic)));
        return new Result(true, topic, previous, args.count(), WARNING);
    }
}
