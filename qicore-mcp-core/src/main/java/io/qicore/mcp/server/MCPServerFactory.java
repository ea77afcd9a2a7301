package io.qicore.mcp.server;

import io.qicore.mcp.server.MCPServerConfig.Authentication;
import io.qicore.mcp.server.MCPServerConfig.Transport;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.http.HttpTransport;
import io.qicore.mcp.transport.stdio.StdioTransport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes servers from configuration. Which servers there are is up to the {@link MCPServerProvider}s on the class path.
 *
 * <p>From the environment, a server named {@code kafka} is configured by {@code KAFKA_MCP_ENABLED=true} and, if the
 * defaults do not suit, {@code KAFKA_MCP_PORT}, {@code KAFKA_MCP_HOST}, {@code KAFKA_MCP_TRANSPORT} ({@code http},
 * {@code stdio}, or {@code sse} for HTTP+SSE of MCP 2024-11-05 beside {@code http}), {@code KAFKA_MCP_AUTH_TYPE} and
 * {@code KAFKA_MCP_ALLOW_UNAUTHENTICATED}; likewise every other name, in upper case with {@code _} for {@code -}.
 * Variables without {@code _MCP_} configure the infrastructure behind a server.
 *
 * <p>Thread-safe.
 */
public final class MCPServerFactory {

    private static final Logger log = LoggerFactory.getLogger(MCPServerFactory.class);
    private static final List<String> KEYS =
            List.of("ENABLED", "PORT", "HOST", "TRANSPORT", "AUTH_TYPE", "ALLOW_UNAUTHENTICATED");

    private MCPServerFactory() {}

    /**
     * Makes a server with its transport. Nothing is connected or opened yet.
     *
     * @throws IllegalArgumentException if there is no such server, or its configuration is wrong or not safe
     */
    public static StatelessMCPServer createFromConfig(MCPServerConfig config) {
        Map<String, MCPServerProvider> providers = providers();
        MCPServerProvider provider = providers.get(config.name());
        if (provider == null) {
            throw new IllegalArgumentException("Unknown MCP server: " + config.name() + ". Known: "
                    + (providers.isEmpty()
                            ? "none; add qicore-mcp-kafka or qicore-mcp-timescale to the class path"
                            : String.join(", ", providers.keySet()))
                    + ".");
        }
        ServerTransport transport = transport(config, provider);
        return provider.create(config).addTransport(transport);
    }

    /**
     * Makes and starts every server that the process environment enables. A server whose configuration is wrong or that
     * does not start is reported by {@link MCPServerRegistry#failures()}; the others run.
     *
     * @throws IllegalArgumentException if a server is to use standard input and output and is not the only one enabled
     */
    public static MCPServerRegistry startFromEnvironment() {
        Map<String, String> environment = new TreeMap<>();
        System.getProperties().stringPropertyNames().forEach(name -> {
            if (name.matches("[A-Z][A-Z0-9_]*")) {
                environment.put(name, System.getProperty(name));
            }
        });
        environment.putAll(System.getenv());
        return startFromEnvironment(environment);
    }

    /** The same from any map with the names of environment variables. */
    public static MCPServerRegistry startFromEnvironment(Map<String, String> environment) {
        MCPServerRegistry registry = new MCPServerRegistry();
        warnOfUnknownKeys(environment);
        long onStdio = 0;
        long enabled = 0;
        for (MCPServerProvider provider : providers().values()) {
            try {
                MCPServerConfig config = configFromEnvironment(provider.name(), environment);
                if (config.enabled()) {
                    enabled++;
                    onStdio += config.transport() == Transport.STDIO ? 1 : 0;
                    registry.register(config.name(), createFromConfig(config));
                }
            } catch (RuntimeException e) {
                // Also what a provider's own libraries throw for settings that they do not like.
                registry.failed(provider.name(), e);
            }
        }
        if (onStdio > 0 && enabled > 1) {
            throw new IllegalArgumentException(
                    "A server on stdio must be the only one of its process, but " + enabled + " are enabled.");
        }
        if (enabled == 0 && registry.failures().isEmpty()) {
            log.warn(
                    "No MCP server is enabled. Set one of: {}.",
                    providers().keySet().stream()
                            .map(name -> prefix(name) + "ENABLED=true")
                            .collect(Collectors.joining(", ")));
        }
        registry.startAll();
        return registry;
    }

    /**
     * The configuration of one server from a map with the names of environment variables.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names its variable
     */
    public static MCPServerConfig configFromEnvironment(String name, Map<String, String> environment) {
        String prefix = prefix(name);
        String host = environment.getOrDefault(prefix + "HOST", MCPServerConfig.LOOPBACK);
        String port = environment.get(prefix + "PORT");
        return new MCPServerConfig(
                name,
                bool(environment, prefix + "ENABLED"),
                port == null ? null : port(prefix + "PORT", port),
                host,
                parsed(environment, prefix + "TRANSPORT", "http", Transport::parse),
                new Authentication(
                        parsed(environment, prefix + "AUTH_TYPE", "none", Authentication.Type::parse), Map.of()),
                bool(environment, prefix + "ALLOW_UNAUTHENTICATED"),
                environment);
    }

    private static ServerTransport transport(MCPServerConfig config, MCPServerProvider provider) {
        if (config.authentication().type() != Authentication.Type.NONE) {
            throw new IllegalArgumentException(config.name() + ": authentication "
                    + config.authentication().type().name().toLowerCase(Locale.ROOT)
                    + " is not available in this version, and the server will not run without it. Use none on a"
                    + " loopback address behind a proxy that authenticates.");
        }
        return switch (config.transport()) {
            case STDIO -> StdioTransport.onProcess();
            case HTTP, SSE -> {
                requireSafe(config);
                yield HttpTransport.builder()
                        .host(config.host())
                        .port(config.port() == null ? provider.defaultPort() : config.port())
                        .legacySse(config.transport() == Transport.SSE)
                        .build();
            }
        };
    }

    private static void requireSafe(MCPServerConfig config) {
        try {
            if (!config.allowUnauthenticated()
                    && !InetAddress.getByName(config.host()).isLoopbackAddress()) {
                throw new IllegalArgumentException(config.name() + ": without authentication a server may listen on"
                        + " loopback only, not on " + config.host() + ". If the network is trusted, set "
                        + prefix(config.name()) + "ALLOW_UNAUTHENTICATED=true.");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(config.name() + ": unknown host " + config.host() + ".", e);
        }
    }

    private static Map<String, MCPServerProvider> providers() {
        Map<String, MCPServerProvider> providers = new TreeMap<>();
        for (MCPServerProvider provider : ServiceLoader.load(MCPServerProvider.class)) {
            MCPServerProvider other = providers.put(provider.name(), provider);
            if (other != null) {
                throw new IllegalStateException("Two providers make a server '" + provider.name() + "': "
                        + other.getClass().getName() + " and "
                        + provider.getClass().getName() + ".");
            }
        }
        return providers;
    }

    private static void warnOfUnknownKeys(Map<String, String> environment) {
        List<String> known = providers().keySet().stream()
                .flatMap(name -> KEYS.stream().map(key -> prefix(name) + key))
                .toList();
        List<String> prefixes =
                providers().keySet().stream().map(MCPServerFactory::prefix).toList();
        for (String key : environment.keySet()) {
            if (!known.contains(key) && prefixes.stream().anyMatch(key::startsWith)) {
                log.warn(
                        "Unknown setting {} is ignored.{}",
                        key,
                        ClosestName.to(key, known)
                                .map(near -> " Did you mean " + near + "?")
                                .orElse(""));
            }
        }
    }

    private static String prefix(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_') + "_MCP_";
    }

    private static boolean bool(Map<String, String> environment, String key) {
        String value = environment.getOrDefault(key, "false").trim();
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        if (value.equalsIgnoreCase("false") || value.isEmpty()) {
            return false;
        }
        throw new IllegalArgumentException(key + " must be true or false, not '" + value + "'.");
    }

    private static <T> T parsed(
            Map<String, String> environment, String key, String byDefault, Function<String, T> parser) {
        try {
            return parser.apply(environment.getOrDefault(key, byDefault));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    private static int port(String key, String value) {
        int port;
        try {
            port = Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(key + " must be a number from 0 to 65535, not '" + value + "'.");
        }
        return port;
    }
}
