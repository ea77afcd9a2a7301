package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.argument.ConfigValues;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code create_topic}. */
public final class CreateTopicTool {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    record Arguments(
            @Schema(value = "Topic name", pattern = "^[a-zA-Z0-9._-]{1,249}$")
            String name,

            @Schema(value = "Number of partitions", minimum = 1)
            int partitions,

            @Schema(value = "Replicas of each partition; give 3 in production", minimum = 1, maximum = Short.MAX_VALUE)
            @Nullable
            Integer replicationFactor,

            @Schema("Values by setting name; others get the defaults") @Nullable
            Map<String, Object> configs,

            @Schema(value = "Only check the request, create nothing", defaultValue = "false")
            boolean validateOnly) {}

    record Result(
            @Schema("Whether the topic was created; with validateOnly, whether the brokers would create it")
            boolean success,

            @Schema("The name of the topic") String name,
            @Schema("The number of partitions") int partitions,

            @Schema("The number of replicas of each partition; absent if the brokers chose it and may not tell")
            @Nullable
            Integer replicationFactor,

            @Schema("true if the topic was only validated and not created; otherwise absent") @Nullable
            Boolean validateOnly,

            @Schema("Risks of the topic as it was requested; absent if there are none") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final Arguments args;
    private final Map<String, String> configs;
    private final OptionalInt replicas;
    private final Warnings warnings = new Warnings();

    private CreateTopicTool(AdminSession kafka, Arguments args, OptionalInt defaultReplicas) {
        this.kafka = kafka;
        this.args = args;
        this.configs = args.configs() == null ? Map.of() : ConfigValues.texts(args.configs());
        this.replicas = args.replicationFactor() == null ? defaultReplicas : OptionalInt.of(args.replicationFactor());
    }

    /**
     * Makes the tool.
     *
     * @param defaultReplicas the replicas of each partition if the call does not say; empty for the brokers' own default
     */
    public static MCPTool tool(AdminHandle handle, OptionalInt defaultReplicas) {
        return MCPTool.builder("create_topic", Arguments.class, Result.class)
                .title("Create a topic")
                .description("Creates a topic. Fails with TOPIC_EXISTS if the topic already exists. Example: {\"name\":"
                        + " \"orders\", \"partitions\": 6, \"replicationFactor\": 3, \"configs\": {\"retention.ms\":"
                        + " 86400000}}")
                .annotations(ToolAnnotations.additive())
                .alias("topic", "name")
                .handler(
                        (args, context) -> new CreateTopicTool(handle.session(context), args, defaultReplicas).create())
                .build();
    }

    private Result create() {
        kafka.permissions().requireChangeableTopic(args.name());
        NewTopic topic = new NewTopic(
                args.name(),
                Optional.of(args.partitions()),
                replicas.isPresent() ? Optional.of((short) replicas.getAsInt()) : Optional.empty());
        String action = "create topic '" + args.name() + "'";
        var context = Map.<String, Object>of("topic", args.name());
        var needs = Access.toTopic(AclOperation.CREATE, args.name());
        var operation = args.validateOnly()
                ? KafkaOperation.toRead(action, context, needs)
                : KafkaOperation.toChange(action, context, needs);
        CreateTopicsResult created = kafka.writer()
                .createTopics(
                        List.of(configs.isEmpty() ? topic : topic.configs(configs)),
                        kafka.bounded(new CreateTopicsOptions().validateOnly(args.validateOnly())));
        try {
            kafka.await(created.all(), operation);
        } catch (MCPToolError e) {
            throw e.is(KafkaErrorCode.TOPIC_EXISTS) ? exists(args.name(), e) : collides(e) ? collision(e) : e;
        }
        Integer factor = replicas.isPresent()
                ? Integer.valueOf(replicas.getAsInt())
                : told(created.replicationFactor(args.name())).orElse(null);
        if (factor != null) {
            warnOfOneReplica(factor);
            warnOfMinIsr(factor, told(created.config(args.name())));
        }
        return new Result(
                true, args.name(), args.partitions(), factor, args.validateOnly() ? true : null, warnings.orNull());
    }

    private void warnOfOneReplica(int factor) {
        if (args.replicationFactor() != null || factor > 1) {
            return;
        }
        var nodes = kafka.admin()
                .describeCluster(kafka.bounded(new DescribeClusterOptions(), PATIENCE))
                .nodes();
        int brokers = told(nodes).map(Collection::size).orElse(1);
        if (brokers > 1) {
            warnings.add("Each partition has one replica, although the cluster has " + brokers
                    + " brokers: if the broker of a partition is down, it can be neither read nor written. Give"
                    + " replicationFactor, such as " + Math.min(3, brokers)
                    + "; the operator of this server can change the"
                    + " default with KAFKA_TOOLS_REPLICATION_FACTOR.");
        }
    }

    /** The brokers accept a topic to which no producer with acks=all can write. */
    private void warnOfMinIsr(int factor, Optional<Config> created) {
        String given = configs.get(MinIsr.NAME);
        String value = created.map(config -> config.get(MinIsr.NAME))
                .map(entry -> entry.value())
                .orElse(given);
        warnings.add(MinIsr.warning(value, factor));
    }

    /** Returns what the brokers tell about the topic; they tell it only to those who may read its configuration. */
    private <T> Optional<T> told(KafkaFuture<T> answer) {
        return new Warnings().attempt(() -> kafka.await(answer, KafkaOperation.toRead("read the result", Map.of())));
    }

    /** Returns whether the error names other topics, which the caller may not be allowed to see. */
    private boolean collides(MCPToolError error) {
        return error.getCause() instanceof InvalidTopicException
                && String.valueOf(error.getCause().getMessage()).contains("collide")
                && !kafka.permissions().everyTopic();
    }

    private MCPToolError collision(MCPToolError cause) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "Could not create topic '" + args.name()
                        + "': there is a topic whose name differs only in '.' and '_', which"
                        + " Kafka's metrics do not tell apart. Choose another name.",
                Map.of("topic", args.name()),
                cause);
    }

    private static MCPToolError exists(String name, MCPToolError cause) {
        return new MCPToolError(
                KafkaErrorCode.TOPIC_EXISTS,
                "Topic '" + name + "' already exists; nothing was changed. Use it, or choose another name.",
                Map.of("topic", name),
                cause);
    }
}
