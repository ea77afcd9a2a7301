package io.qicore.mcp.timescale;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;

/**
 * Makes a {@link TimescaleMCPServer} from the settings of {@link TimescaleConnection#fromSettings} and
 * {@link TimescaleOptions#fromSettings}. Stateless and thread-safe.
 */
public final class TimescaleMCPServerProvider implements MCPServerProvider {

    /** The port that the server listens on when none is configured. */
    public static final int DEFAULT_PORT = 8082;

    /** For {@link java.util.ServiceLoader}. */
    public TimescaleMCPServerProvider() {}

    @Override
    public String name() {
        return "timescale";
    }

    @Override
    public int defaultPort() {
        return DEFAULT_PORT;
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        return new TimescaleMCPServer(
                TimescaleConnection.fromSettings(config.settings()), TimescaleOptions.fromSettings(config.settings()));
    }
}
