package io.qicore.mcp.timescale;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescaleSettings;

/** Creates {@link TimescaleMCPServer}s from {@link TimescaleSettings}, under the name {@code timescale}. */
public final class TimescaleMCPServerProvider implements MCPServerProvider {

    /** Creates a provider, for {@link java.util.ServiceLoader}. */
    public TimescaleMCPServerProvider() {}

    @Override
    public String name() {
        return "timescale";
    }

    @Override
    public int defaultPort() {
        return 8082;
    }

    @Override
    public SettingsTable settings() {
        return TimescaleSettings.table();
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        Settings settings = config.read(settings());
        TimescaleOptions options =
                TimescaleOptions.from(settings).toBuilder().server(server).build();
        return new TimescaleMCPServer(TimescaleConnection.from(settings), options);
    }
}
