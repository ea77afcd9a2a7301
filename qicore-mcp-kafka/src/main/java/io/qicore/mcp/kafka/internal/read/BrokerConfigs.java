package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;

/** The configuration of brokers. Each broker answers for itself. {@link #request} sends the requests and does not wait. */
public final class BrokerConfigs {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AdminSession kafka;
    private final Map<Integer, KafkaFuture<Config>> requested;

    private BrokerConfigs(AdminSession kafka, Map<Integer, KafkaFuture<Config>> requested) {
        this.kafka = kafka;
        this.requested = requested;
    }

    /**
     * Requests the configuration of brokers. Does not wait.
     *
     * @param most how long a broker may take
     */
    public static BrokerConfigs request(AdminSession kafka, Collection<Integer> brokers, Duration most) {
        var resources = brokers.stream().map(BrokerConfigs::resource).toList();
        var options = kafka.bounded(new DescribeConfigsOptions().includeSynonyms(true), most);
        Map<Integer, KafkaFuture<Config>> requested = new TreeMap<>();
        if (!resources.isEmpty()) {
            kafka.admin()
                    .describeConfigs(resources, options)
                    .values()
                    .forEach((resource, config) -> requested.put(Integer.valueOf(resource.name()), config));
        }
        return new BrokerConfigs(kafka, requested);
    }

    /**
     * Waits for the configuration of one of the brokers.
     *
     * @throws MCPToolError if it cannot be read
     */
    public Config await(int broker) {
        return kafka.await(
                Objects.requireNonNull(requested.get(broker)),
                KafkaOperation.toRead(
                        "read the configuration of broker " + broker,
                        Map.of("broker", broker),
                        Access.toCluster(AclOperation.DESCRIBE_CONFIGS)));
    }

    /**
     * Reads one setting of a broker.
     *
     * @return the value; empty if the broker does not have this setting or does not tell within 2 seconds
     */
    public static Optional<String> find(AdminSession kafka, int broker, String name) {
        try {
            ConfigEntry entry =
                    request(kafka, List.of(broker), PATIENCE).await(broker).get(name);
            return Optional.ofNullable(entry).map(ConfigEntry::value);
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static ConfigResource resource(int broker) {
        return new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker));
    }
}
