package io.qicore.mcp.kafka;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/** Makes a {@link KafkaMCPServer} from {@link KafkaConnection#fromSettings} and {@link KafkaPolicy#fromSettings}, under the name {@code kafka}. */
public final class KafkaMCPServerProvider implements MCPServerProvider {

    /** For {@link java.util.ServiceLoader}. */
    public KafkaMCPServerProvider() {}

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public int defaultPort() {
        return 8081;
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        return new KafkaMCPServer(
                KafkaConnection.fromSettings(config.settings()), KafkaPolicy.fromSettings(config.settings()));
    }
}
