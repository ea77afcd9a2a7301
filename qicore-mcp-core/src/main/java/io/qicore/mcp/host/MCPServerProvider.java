package io.qicore.mcp.host;

import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/**
 * Creates one kind of server from configuration. A module that contains servers names its providers in
 * {@code META-INF/services/io.qicore.mcp.host.MCPServerProvider}; {@code MCPServerFactory} finds them by
 * {@link java.util.ServiceLoader}. Implementations are stateless and have a public constructor without parameters.
 */
public interface MCPServerProvider {

    /** Returns the name of the server in configurations, such as {@code kafka} or {@code crypto-compare}. Names are unique. */
    String name();

    /** Returns the TCP port that the server listens on if none is configured. */
    int defaultPort();

    /**
     * Returns the settings of the infrastructure behind the server. Servers of one module may share settings. The factory
     * checks the keys of the environment against those of all providers. Default: none.
     */
    default SettingsTable settings() {
        return SettingsTable.EMPTY;
    }

    /**
     * Creates the server, without connecting to anything.
     *
     * @param config configuration of the server; {@code config.read(settings())} reads the settings of its infrastructure
     * @param server limits and transports, for the constructor of the server
     * @throws IllegalArgumentException if a setting is missing or wrong; the message names it
     */
    StatelessMCPServer create(MCPServerConfig config, ServerSettings server);
}
