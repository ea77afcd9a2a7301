package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
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

/** The tool {@code add_partitions}. */
public final class AddPartitionsTool {

    private static final String WARNING =
            "Keys now map to other partitions: records of one key that were written before"
                    + " and after this change can be in different partitions and so out of order.";

    record Arguments(
            String topic,

            @Schema(value = "The new total", minimum = 1) int count) {}

    record Result(boolean success, String topic, int previous, int count, String warning) {}

    /**
     * What the controller accepts when it creates a topic. Of a topic that is there it tries to add any number, and does
     * nothing else meanwhile: a count with some zeros too many would stop the cluster.
     */
    private static final int MOST_AT_ONCE = 10_000;

    private AddPartitionsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("add_partitions", Arguments.class, Result.class)
                .title("Add partitions")
                .description("Raises a topic's number of partitions. Cannot be undone, and moves keys to other"
                        + " partitions.")
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
                    "Topic '" + topic + "' has " + previous + " partitions already; a number can only be raised, so"
                            + " count must be more than " + previous + ", not " + args.count() + ".",
                    Map.of("topic", topic, "partitions", previous, "count", args.count()));
        }
        if (args.count() - previous > MOST_AT_ONCE) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_PARTITIONS,
                    "Topic '" + topic + "' can be raised by " + MOST_AT_ONCE + " partitions at once, from " + previous
                            + " to " + (previous + MOST_AT_ONCE) + ", not to " + args.count() + ".",
                    Map.of("topic", topic, "partitions", previous, "count", args.count()));
        }
        var change = Map.of(topic, NewPartitions.increaseTo(args.count()));
        kafka.await(
                kafka.writer()
                        .createPartitions(change, kafka.bounded(new CreatePartitionsOptions()))
                        .all(),
                KafkaOperation.toChange(
                        "raise topic '" + topic + "' from " + previous + " to " + args.count() + " partitions",
                        Map.of("topic", topic, "partitions", previous, "count", args.count())));
        return new Result(true, topic, previous, args.count(), WARNING);
    }
}
