package io.qicore.mcp.kafka.records;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaSettings;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/** Creates {@link RecordsMCPServer}s from {@link KafkaSettings}, under the name {@code records}. */
public final class RecordsMCPServerProvider implements MCPServerProvider {

    /** Creates a provider, for {@link java.util.ServiceLoader}. */
    public RecordsMCPServerProvider() {}

    @Override
    public String name() {
        return "records";
    }

    @Override
    public int defaultPort() {
        return 8087;
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
        return new RecordsMCPServer(KafkaConnection.from(settings), options);
    }
}
