package io.qicore.mcp.kafka.live;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaSettings;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/**
 * Creates {@link RealTimeDataMCPServer}s from {@link KafkaSettings} and {@code REALTIME_TOPIC}, under the name
 * {@code realtime}.
 */
public final class RealTimeDataMCPServerProvider implements MCPServerProvider {

    static final Setting<String> TOPIC = Setting.text("REALTIME_TOPIC")
            .orElse(RealTimeDataMCPServer.DEFAULT_TOPIC)
            .describedAs("The topic that is read if a call does not name one.");

    private static final SettingsTable TABLE = KafkaSettings.table()
            .and(SettingsTable.builder().add(TOPIC).openPrefix("REALTIME_").build());

    /** Creates a provider, for {@link java.util.ServiceLoader}. */
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
    public SettingsTable settings() {
        return TABLE;
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        Settings settings = config.read(TABLE);
        return new RealTimeDataMCPServer(
                KafkaConnection.from(settings),
                settings.get(TOPIC),
                KafkaOptions.from(settings).toBuilder().server(server).build());
    }
}
