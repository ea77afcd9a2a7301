package io.qicore.mcp.kafka;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/** Makes a {@link StreamingConsumerMCPServer} from {@link KafkaConnection#fromSettings} and {@link KafkaPolicy#fromSettings}, under the name {@code consumer}. */
public final class StreamingConsumerMCPServerProvider implements MCPServerProvider {

    /** For {@link java.util.ServiceLoader}. */
    public StreamingConsumerMCPServerProvider() {}

    @Override
    public String name() {
        return "consumer";
    }

    @Override
    public int defaultPort() {
        return 8085;
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        return new StreamingConsumerMCPServer(
                KafkaConnection.fromSettings(config.settings()), KafkaPolicy.fromSettings(config.settings()));
    }
}
