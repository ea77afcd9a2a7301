package io.qicore.mcp.kafka.internal.cluster;

import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.read.BrokerConfigs;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code get_broker_config}. Passwords are never in the answers of brokers. */
public final class GetBrokerConfigTool {

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    record Arguments(
            @Schema(value = "Broker id", minimum = 0) int broker,

            @Schema("Setting name or pattern, such as log.retention.*. Default: all that differ from Kafka's defaults")
            @Nullable
            String filter) {}

    record Entry(
            @Schema("The name of the setting") String name,

            @Schema("Its value; absent if there is none or it is secret") @Nullable
            String value,

            @Schema("Where the value comes from: dynamic_broker_config, dynamic_default_broker_config,"
                    + " static_broker_config (server.properties) or default_config, among others")
            String source,

            @Schema("true if it can be changed only with a restart of the broker; otherwise absent") @Nullable
            Boolean readOnly,

            @Schema("true if the value is secret; otherwise absent") @Nullable
            Boolean sensitive) {}

    record Result(
            @Schema("The id of the broker") int broker,
            @Schema("The settings, sorted by name") List<Entry> configs) {}

    private GetBrokerConfigTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_broker_config", Arguments.class, Result.class)
                .title("Get the configuration of a broker")
                .description("Returns settings of one broker and where they come from. Use it to explain limits and"
                        + " defaults; for a topic use get_topic_metadata. Example: {\"broker\": 1, \"filter\":"
                        + " \"log.retention.*\"}")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> get(handle.session(context), args))
                .build();
    }

    private static Result get(AdminSession kafka, Arguments args) {
        requireBroker(kafka, args.broker());
        NamePatterns filter = args.filter() == null || args.filter().isBlank()
                ? null
                : NamePatterns.of("settings", List.of(args.filter().strip()));
        List<Entry> entries =
                BrokerConfigs.request(kafka, List.of(args.broker()), kafka.remaining())
                        .await(args.broker())
                        .entries()
                        .stream()
                        .filter(entry -> filter == null
                                ? entry.source() != ConfigSource.DEFAULT_CONFIG
                                : filter.match(entry.name()))
                        .sorted(Comparator.comparing(ConfigEntry::name))
                        .map(GetBrokerConfigTool::entry)
                        .toList();
        return new Result(args.broker(), entries);
    }

    /** The client would wait until its time limit for a broker that does not exist. */
    private static void requireBroker(AdminSession kafka, int broker) {
        var nodes = kafka.await(
                kafka.admin()
                        .describeCluster(kafka.bounded(new DescribeClusterOptions(), PATIENCE))
                        .nodes(),
                KafkaOperation.toRead("describe the cluster", Map.of()));
        List<Integer> live = nodes.stream().map(Node::id).sorted().toList();
        if (!live.contains(broker)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Broker " + broker + " is not live or does not exist. Live brokers: "
                            + String.join(
                                    ", ", live.stream().map(String::valueOf).toList()) + ".",
                    Map.of("broker", broker, "brokers", live));
        }
    }

    private static Entry entry(ConfigEntry entry) {
        return new Entry(
                entry.name(),
                entry.value(),
                entry.source().name().toLowerCase(Locale.ROOT),
                entry.isReadOnly() ? true : null,
                entry.isSensitive() ? true : null);
    }
}
