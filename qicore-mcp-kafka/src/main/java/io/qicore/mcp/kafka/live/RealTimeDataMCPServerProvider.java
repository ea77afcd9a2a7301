package io.qicore.mcp.kafka.live;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/**
 * Makes {@link RealTimeDataMCPServer}s under the name {@code realtime}. Settings: {@code KAFKA_*} for the cluster,
 * {@value #TOPIC} for the topic.
 */
public final class RealTimeDataMCPServerProvider implements MCPServerProvider {

    static final String TOPIC = "REALTIME_TOPIC";

    /** For {@link java.util.ServiceLoader}. */
    public RealTimeDataMCPServerProvider() {}

    @Override
    public String name() {
        return "realtime";
    }

    @Override
    public int defaultPort() {
        return 8086;
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        return new RealTimeDataMCPServer(
                KafkaConnection.fromSettings(config.settings()),
                config.settings().getOrDefault(TOPIC, RealTimeDataMCPServer.DEFAULT_TOPIC),
                KafkaPolicy.fromSettings(config.settings()));
    }
}
