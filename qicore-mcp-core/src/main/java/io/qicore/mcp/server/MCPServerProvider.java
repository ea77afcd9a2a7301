package io.qicore.mcp.server;

/**
 * Makes one kind of server from configuration. A module that has servers names its providers in
 * {@code META-INF/services/io.qicore.mcp.server.MCPServerProvider}; {@code MCPServerFactory} finds them by
 * {@link java.util.ServiceLoader}. Implementations are stateless and have a public constructor without parameters.
 */
public interface MCPServerProvider {

    /** The configuration name of the server, such as {@code kafka} or {@code crypto-compare}; unique. */
    String name();

    /** The TCP port that the server listens on when none is configured. */
    int defaultPort();

    /**
     * Makes the server, without connecting to anything.
     *
     * @param config its configuration; {@link MCPServerConfig#settings()} has the settings of its infrastructure
     * @param server limits and transports
     * @throws IllegalArgumentException if a setting is missing or wrong; the message names it
     */
    StatelessMCPServer create(MCPServerConfig config, ServerSettings server);
}
