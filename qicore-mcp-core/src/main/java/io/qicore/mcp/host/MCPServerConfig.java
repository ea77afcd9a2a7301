package io.qicore.mcp.host;

import io.qicore.mcp.auth.HttpAccess;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one server. Immutable; {@link #toString()} does not show the values of settings.
 *
 * @param name name of the server, such as {@code kafka}; one of those of the providers on the class path
 * @param enabled whether the server is started
 * @param port TCP port for {@link Transport#HTTP} and {@link Transport#SSE}; 0 takes a free port; null takes the default
 *     port of the server
 * @param host address to bind to; by default {@code 127.0.0.1}, which only clients on this machine can reach
 * @param transport how clients reach the server
 * @param access who may reach the server over HTTP; its authenticator is used only if {@code authentication} is
 *     {@link Authentication.Type#NONE}
 * @param authentication how clients are authenticated
 * @param allowUnauthenticated whether a server without authentication may listen on an address that other machines can
 *     reach
 * @param settings the settings of the infrastructure behind the server, named as environment variables, such as
 *     {@code KAFKA_BOOTSTRAP_SERVERS}
 */
public record MCPServerConfig(
        String name,
        boolean enabled,
        @Nullable Integer port,
        String host,
        Transport transport,
        HttpAccess access,
        Authentication authentication,
        boolean allowUnauthenticated,
        Map<String, String> settings) {

    /** The loopback address, which only clients on this machine can reach. */
    public static final String LOOPBACK = "127.0.0.1";

    /** The ways in which clients can reach a server. */
    public enum Transport {
        /** Standard input and output of this process, which only one server can use. */
        STDIO,
        /** MCP Streamable HTTP at {@code http://host:port/mcp}. */
        HTTP,
        /** {@link #HTTP}, and HTTP+SSE of MCP 2024-11-05 at {@code http://host:port/sse} for older clients. */
        SSE
    }

    /**
     * How clients are authenticated.
     *
     * @param type the scheme
     * @param config settings of the scheme: for {@link Type#API_KEY} either {@code keys}, which is JSON, or {@code keysFile}, as
     *     {@link io.qicore.mcp.auth.apikey.ApiKeys} describes them; for {@link Type#OAUTH} {@code issuer}, {@code audience} and, if the defaults do
     *     not fit, {@code jwksUrl}, {@code scopePrefix} and {@code limitClaims}
     */
    public record Authentication(Type type, Map<String, String> config) {

        /** No authentication. */
        public static final Authentication NONE = new Authentication(Type.NONE, Map.of());

        /** Copies the settings. */
        public Authentication {
            Objects.requireNonNull(config, "config");
            Objects.requireNonNull(type, "type");
            config = Map.copyOf(config);
        }

        /** The authentication schemes. */
        public enum Type {
            /** Every client that reaches the server may use it. */
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

    /**
     * Copies the settings.
     *
     * @throws IllegalArgumentException if the name is blank or the port is not between 0 and 65535
     */
    public MCPServerConfig {
        Objects.requireNonNull(settings, "settings");
        if (name.isBlank()) {
            throw new IllegalArgumentException("A server configuration needs a name.");
        }
        if (port != null && (port < 0 || port > 65535)) {
            throw new IllegalArgumentException(name + ": port " + port + " is not between 0 and 65535.");
        }
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(authentication, "authentication");
        settings = Map.copyOf(settings);
    }

    /** Returns the configuration of an enabled server on HTTP at its default port, on loopback and without authentication. */
    public static MCPServerConfig of(String name) {
        return new MCPServerConfig(
                name,
                true,
                null,
                LOOPBACK,
                Transport.HTTP,
                HttpAccess.defaults(),
                Authentication.NONE,
                false,
                Map.of());
    }

    /** Returns a copy with another port; 0 takes a free port. */
    public MCPServerConfig withPort(int newPort) {
        return new MCPServerConfig(
                name, enabled, newPort, host, transport, access, authentication, allowUnauthenticated, settings);
    }

    /** Returns a copy with other rules of who may reach the server over HTTP. */
    public MCPServerConfig withAccess(HttpAccess newAccess) {
        return new MCPServerConfig(
                name, enabled, port, host, transport, newAccess, authentication, allowUnauthenticated, settings);
    }

    /** Returns a copy with other settings of the infrastructure. */
    public MCPServerConfig withSettings(Map<String, String> newSettings) {
        Objects.requireNonNull(newSettings, "newSettings");
        return new MCPServerConfig(
                name, enabled, port, host, transport, access, authentication, allowUnauthenticated, newSettings);
    }

    /**
     * Reads {@link #settings()} with a table, usually that of {@link MCPServerProvider#settings()}.
     *
     * @throws SettingsException if settings are wrong; it lists all of them
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
