package io.qicore.mcp.host;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one server is to run. Immutable; {@link #toString()} shows no setting's value.
 *
 * @param name which server, such as {@code kafka}; the providers on the class path say which there are
 * @param enabled whether it is to run at all
 * @param port TCP port for {@link Transport#HTTP} and {@link Transport#SSE}; 0 takes a free one; null takes the server's
 *     default
 * @param host address to bind to; by default {@code 127.0.0.1}, which only this machine reaches
 * @param transport how clients reach it
 * @param authentication how clients prove who they are
 * @param allowUnauthenticated lets a server without authentication listen on an address that other machines reach
 * @param settings the settings of the infrastructure behind the server, named as environment variables, such as
 *     {@code KAFKA_BOOTSTRAP_SERVERS}
 */
public record MCPServerConfig(
        String name,
        boolean enabled,
        @Nullable Integer port,
        String host,
        Transport transport,
        Authentication authentication,
        boolean allowUnauthenticated,
        Map<String, String> settings) {

    /** The address of a server that only this machine reaches. */
    public static final String LOOPBACK = "127.0.0.1";

    /** How clients reach a server. */
    public enum Transport {
        /** Standard input and output of this process; one server only. */
        STDIO,
        /** MCP Streamable HTTP at {@code http://host:port/mcp}. */
        HTTP,
        /** The same, and HTTP+SSE of MCP 2024-11-05 at {@code http://host:port/sse} for clients of that time. */
        SSE
    }

    /**
     * How clients prove who they are.
     *
     * @param type the scheme
     * @param config settings of the scheme
     */
    public record Authentication(Type type, Map<String, String> config) {

        /** No authentication. */
        public static final Authentication NONE = new Authentication(Type.NONE, Map.of());

        /** Copies the settings. */
        public Authentication {
            config = Map.copyOf(config);
        }

        /** The schemes. */
        public enum Type {
            /** Anybody who reaches the server may use it. */
            NONE,
            /** A shared key in a header. */
            API_KEY,
            /** An OAuth 2.1 access token. */
            OAUTH
        }

        @Override
        public String toString() {
            return "Authentication[" + type + "]";
        }
    }

    /** Checks the values. */
    public MCPServerConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A server configuration needs a name.");
        }
        if (port != null && (port < 0 || port > 65535)) {
            throw new IllegalArgumentException(name + ": port " + port + " is not between 0 and 65535.");
        }
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(authentication, "authentication");
        settings = Map.copyOf(settings);
    }

    /** A configuration of an enabled server on HTTP, its default port, loopback, without authentication. */
    public static MCPServerConfig of(String name) {
        return new MCPServerConfig(name, true, null, LOOPBACK, Transport.HTTP, Authentication.NONE, false, Map.of());
    }

    /** The same with another port; 0 takes a free one. */
    public MCPServerConfig withPort(int newPort) {
        return new MCPServerConfig(
                name, enabled, newPort, host, transport, authentication, allowUnauthenticated, settings);
    }

    /** The same with other infrastructure settings. */
    public MCPServerConfig withSettings(Map<String, String> newSettings) {
        return new MCPServerConfig(
                name, enabled, port, host, transport, authentication, allowUnauthenticated, newSettings);
    }

    /**
     * The parsed settings of a table, usually {@link MCPServerProvider#settings()}.
     *
     * @throws SettingsException if some are wrong; lists them all
     */
    public Settings read(SettingsTable table) {
        return table.readBeside(MCPServerFactory.tables(), settings);
    }

    @Override
    public String toString() {
        return "MCPServerConfig[" + name + (enabled ? "" : " (disabled)") + ", "
                + transport.name().toLowerCase(Locale.ROOT) + ", " + host + ":" + (port == null ? "default" : port)
                + ", " + authentication + ", settings " + settings.keySet() + "]";
    }
}
