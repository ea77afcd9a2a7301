package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** Reads the configuration of brokers. */
public final class BrokerConfigs {

    private BrokerConfigs() {}

    /**
     * Reads a setting whose value is a whole number.
     *
     * @return the value, or null if the broker does not have this setting
     * @throws MCPToolError if it cannot be read
     */
    public static @Nullable Integer number(AdminSession kafka, int broker, String name) {
        var resource = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker));
        var operation = KafkaOperation.toRead(
                "read the configuration of broker " + broker,
                Map.of("broker", broker),
                Access.toCluster(AclOperation.DESCRIBE_CONFIGS));
        ConfigEntry entry = kafka.await(
                        kafka.admin()
                                .describeConfigs(List.of(resource), kafka.bounded(new DescribeConfigsOptions()))
                                .values()
                                .get(resource),
                        operation)
                .get(name);
        return entry == null || entry.value() == null
                ? null
                : Integer.valueOf(entry.value().strip());
    }
}
