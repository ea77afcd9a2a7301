package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code create_topic}. */
public final class CreateTopicTool {

    record Arguments(
            @Schema(value = "Topic name", pattern = "^[a-zA-Z0-9._-]{1,249}$")
            String name,

            @Schema(value = "Number of partitions", minimum = 1)
            int partitions,

            @Schema(value = "Replicas of each partition", minimum = 1, maximum = Short.MAX_VALUE, defaultValue = "1")
            int replicationFactor,

            @Schema("Values by setting name; others get the defaults") @Nullable
            Map<String, String> configs,

            @Schema(value = "Only check the request, create nothing", defaultValue = "false")
            boolean validateOnly) {}

    record Result(
            @Schema("Whether the topic was created; with validateOnly, whether the brokers would create it")
            boolean success,

            @Schema("The name of the topic") String name,
            @Schema("The number of partitions") int partitions,

            @Schema("The number of replicas of each partition")
            int replicationFactor,

            @Schema("true if the topic was only validated and not created; otherwise absent") @Nullable
            Boolean validateOnly) {}

    private CreateTopicTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("create_topic", Arguments.class, Result.class)
                .title("Create a topic")
                .description("Creates a topic. Fails with TOPIC_EXISTS if the topic already exists. Example: {\"name\":"
                        + " \"orders\", \"partitions\": 6, \"replicationFactor\": 3, \"configs\": {\"retention.ms\":"
                        + " \"86400000\"}}")
                .annotations(ToolAnnotations.additive())
                .handler((args, context) -> create(handle.session(context), args))
                .build();
    }

    private static Result create(AdminSession kafka, Arguments args) {
        kafka.permissions().requireChangeableTopic(args.name());
        NewTopic topic = new NewTopic(args.name(), args.partitions(), (short) args.replicationFactor());
        if (args.configs() != null) {
            topic.configs(args.configs());
        }
        String action = "create topic '" + args.name() + "'";
        var context = Map.<String, Object>of("topic", args.name());
        var operation =
                args.validateOnly() ? KafkaOperation.toRead(action, context) : KafkaOperation.toChange(action, context);
        try {
            kafka.await(
                    kafka.writer()
                            .createTopics(
                                    List.of(topic),
                                    kafka.bounded(new CreateTopicsOptions().validateOnly(args.validateOnly())))
                            .all(),
                    operation);
        } catch (MCPToolError e) {
            throw e.is(KafkaErrorCode.TOPIC_EXISTS) ? exists(args.name(), e) : e;
        }
        return new Result(
                true, args.name(), args.partitions(), args.replicationFactor(), args.validateOnly() ? true : null);
    }

    private static MCPToolError exists(String name, MCPToolError cause) {
        return new MCPToolError(
                KafkaErrorCode.TOPIC_EXISTS,
                "Topic '" + name + "' already exists; nothing was changed. Use it, or choose another name.",
                Map.of("topic", name),
                cause);
    }
}
