package io.qicore.mcp.kafka;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaSettings;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/** Creates {@link StreamingConsumerMCPServer}s from {@link KafkaSettings}, under the name {@code consumer}. */
public final class StreamingConsumerMCPServerProvider implements MCPServerProvider {

    /** Creates a provider, for {@link java.util.ServiceLoader}. */
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
    public SettingsTable settings() {
        return KafkaSettings.table();
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        Settings settings = config.read(settings());
        KafkaOptions options =
                KafkaOptions.from(settings).toBuilder().server(server).build();
        return new StreamingConsumerMCPServer(KafkaConnection.from(settings), options);
    }
}
