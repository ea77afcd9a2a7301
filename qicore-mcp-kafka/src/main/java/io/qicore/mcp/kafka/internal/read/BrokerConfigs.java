package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** The configuration of brokers. */
public final class BrokerConfigs {

    private BrokerConfigs() {}

    /**
     * A setting that is a number.
     *
     * @return null if the broker has none of this name
     * @throws MCPToolError if it cannot be read
     */
    public static @Nullable Integer number(AdminSession kafka, int broker, String name) {
        var resource = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker));
        var operation = KafkaOperation.toRead("read the configuration of broker " + broker, Map.of("broker", broker));
        ConfigEntry entry = kafka.await(
                        kafka.admin()
                                .describeConfigs(List.of(resource), kafka.bounded(new DescribeConfigsOptions()))
                                .values()
                                .get(resource),
                        operation)
                .get(name);
        return entry == null || entry.value() == null ? null : Integer.valueOf(entry.value());
    }
}
