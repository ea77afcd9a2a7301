package io.qicore.mcp.host;

import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/**
 * Makes one kind of server from configuration. A module that has servers names its providers in
 * {@code META-INF/services/io.qicore.mcp.host.MCPServerProvider}; {@code MCPServerFactory} finds them by
 * {@link java.util.ServiceLoader}. Implementations are stateless and have a public constructor without parameters.
 */
public interface MCPServerProvider {

    /** The configuration name of the server, such as {@code kafka} or {@code crypto-compare}; unique. */
    String name();

    /** The TCP port that the server listens on when none is configured. */
    int defaultPort();

    /**
     * The settings of the infrastructure behind the server. Servers of one module may share settings. The factory
     * checks the keys of the environment against those of all providers. Default: none.
     */
    default SettingsTable settings() {
        return SettingsTable.EMPTY;
    }

    /**
     * Makes the server, without connecting to anything.
     *
     * @param config its configuration; {@code config.read(settings())} gives the parsed settings of its infrastructure
     * @param server its limits and transports, for its constructor
     * @throws IllegalArgumentException if a setting is missing or wrong; the message names it
     */
    StatelessMCPServer create(MCPServerConfig config, ServerSettings server);
}
