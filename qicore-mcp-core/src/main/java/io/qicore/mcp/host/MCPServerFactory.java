package io.qicore.mcp.host;

import io.qicore.mcp.auth.ClientCertificates;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.host.MCPServerConfig.Authentication;
import io.qicore.mcp.host.MCPServerConfig.Transport;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.http.HttpTls;
import io.qicore.mcp.transport.stdio.StdioTransport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates servers from configuration, with the {@link MCPServerProvider}s on the class path.
 *
 * <p>From the environment, a server named {@code kafka} is configured by {@code KAFKA_MCP_ENABLED=true} and, if the
 * defaults do not fit, {@code KAFKA_MCP_PORT}, {@code KAFKA_MCP_HOST}, {@code KAFKA_MCP_TRANSPORT} ({@code http},
 * {@code stdio}, or {@code sse} for HTTP+SSE of MCP 2024-11-05 beside {@code http}), {@code KAFKA_MCP_ALLOWED_HOSTS},
 * {@code KAFKA_MCP_ALLOWED_ORIGINS}, {@code KAFKA_MCP_PUBLIC_URL}, {@code KAFKA_MCP_TRUSTED_PROXIES}, {@code KAFKA_MCP_AUTH_TYPE} and
 * {@code KAFKA_MCP_ALLOW_UNAUTHENTICATED}. The variables of other servers begin with their names, in upper case and with
 * {@code _} for {@code -}.
 * Variables without {@code _MCP_} configure the infrastructure behind a server.
 *
 * <p>Thread-safe.
 */
public final class MCPServerFactory {

    private static final Logger log = LoggerFactory.getLogger(MCPServerFactory.class);

    private MCPServerFactory() {}

    /**
     * Creates a server with its transport. When this method returns, nothing has been connected or opened yet.
     *
     * @throws IllegalArgumentException if no provider has the name, or if the configuration is wrong or not safe
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
        List<String> refused = refusedKeys(config.settings(), Set.of()).get(config.name());
        if (refused != null) {
            throw new SettingsException(refused);
        }
        ServerTransport transport = transport(config, provider);
        ServerSettings server = new ServerKeys(config.name(), provider.defaultPort())
                .serverSettings(config.settings(), config.authentication())
                .transport(transport)
                .build();
        return provider.create(config, server);
    }

    /**
     * Creates and starts every server that the environment of the process enables. System properties with names of
     * environment variables are read, too; the environment takes precedence. A server whose configuration is wrong, or that
     * does not start, is reported by {@link MCPServerRegistry#failures()}; the other servers run.
     *
     * @throws IllegalArgumentException if a server uses standard input and output and is not the only one that is enabled
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

    /**
     * Creates and starts servers as {@link #startFromEnvironment()} does, from a map with the names of environment variables.
     *
     * @throws IllegalArgumentException if a server uses standard input and output and is not the only one that is enabled
     */
    public static MCPServerRegistry startFromEnvironment(Map<String, String> environment) {
        Objects.requireNonNull(environment, "environment");
        MCPServerRegistry registry = new MCPServerRegistry();
        findings(environment).stream()
                .filter(finding -> !finding.refused())
                .forEach(finding -> log.warn("{}", finding.message()));
        Set<String> wanted = providers().keySet().stream()
                .filter(name -> "true"
                        .equalsIgnoreCase(environment
                                .getOrDefault(ServerKeys.prefix(name) + "ENABLED", "")
                                .strip()))
                .collect(Collectors.toSet());
        Map<String, List<String>> refused = refusedKeys(environment, wanted);
        long onStdio = 0;
        long enabled = 0;
        for (MCPServerProvider provider : providers().values()) {
            try {
                if (refused.containsKey(provider.name())) {
                    throw new SettingsException(refused.get(provider.name()));
                }
                MCPServerConfig config = configFromEnvironment(provider.name(), environment);
                if (config.enabled()) {
                    enabled++;
                    onStdio += config.transport() == Transport.STDIO ? 1 : 0;
                    registry.register(config.name(), createFromConfig(config));
                }
            } catch (RuntimeException e) {
                // This includes exceptions that the libraries behind a provider throw for settings that they refuse.
                registry.failed(provider.name(), e);
            }
        }
        if (onStdio > 0 && enabled > 1) {
            throw new IllegalArgumentException(
                    "A server on stdio must be the only one in its process, but " + enabled + " are enabled.");
        }
        if (enabled == 0 && registry.failures().isEmpty()) {
            log.warn(
                    "No MCP server is enabled. Set one of: {}.",
                    providers().keySet().stream()
                            .map(name -> ServerKeys.prefix(name) + "ENABLED=true")
                            .collect(Collectors.joining(", ")));
        }
        registry.startAll();
        return registry;
    }

    /**
     * Reads the configuration of one server from a map with the names of environment variables.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names its variable
     */
    public static MCPServerConfig configFromEnvironment(String name, Map<String, String> environment) {
        Objects.requireNonNull(name, "name");
        MCPServerProvider provider = providers().get(name);
        return new ServerKeys(name, provider == null ? 0 : provider.defaultPort()).config(environment);
    }

    /**
     * Returns messages about the keys that are refused, by the name of the server that each keeps from starting.
     *
     * @param wanted the servers that are enabled; a key that stops some of them is not reported for others
     */
    private static Map<String, List<String>> refusedKeys(Map<String, String> environment, Set<String> wanted) {
        Map<String, List<String>> refused = new TreeMap<>();
        for (KeyCheck.Finding finding : findings(environment)) {
            boolean stopsWanted = !Collections.disjoint(finding.servers(), wanted);
            finding.servers().stream()
                    .filter(name -> !stopsWanted || wanted.contains(name))
                    .forEach(name -> refused.computeIfAbsent(name, n -> new ArrayList<>())
                            .add(finding.message()));
        }
        return refused;
    }

    private static List<KeyCheck.Finding> findings(Map<String, String> environment) {
        return new KeyCheck(tables()).findings(environment);
    }

    /** Returns the settings of every server for which there is a provider, by name. */
    static Map<String, SettingsTable> tables() {
        Map<String, SettingsTable> tables = new TreeMap<>();
        providers()
                .forEach((name, provider) -> tables.put(
                        name,
                        new ServerKeys(name, provider.defaultPort()).table().and(provider.settings())));
        return tables;
    }

    private static ServerTransport transport(MCPServerConfig config, MCPServerProvider provider) {
        Authentication authentication = config.authentication();
        String prefix = ServerKeys.prefix(config.name());
        if (config.transport() == Transport.STDIO && authentication.type() != Authentication.Type.NONE) {
            throw new IllegalArgumentException(prefix
                    + "AUTH_TYPE is for HTTP. On stdio the caller is the owner of the process: remove it, or change "
                    + prefix + "TRANSPORT.");
        }
        ServerKeys keys = new ServerKeys(config.name(), provider.defaultPort());
        Optional<HttpTls> tls = keys.tls(config.settings());
        return switch (config.transport()) {
            case STDIO -> {
                if (tls.isPresent()) {
                    throw new IllegalArgumentException("The settings " + prefix
                            + "TLS_… are for HTTP. On stdio nothing leaves this machine: remove them, or" + " change "
                            + prefix + "TRANSPORT.");
                }
                yield StdioTransport.onProcess();
            }
            case HTTP, SSE -> {
                HttpAuthenticator none = config.access().authenticator();
                if (none == HttpAuthenticator.NONE
                        && tls.filter(files -> files.clients() == HttpTls.Clients.NEED)
                                .isPresent()) {
                    none = ClientCertificates.withScopes(Set.of(ToolRights.Right.ADMIN.scope()));
                }
                requireSafe(config, none, tls.isPresent());
                HttpAccess access = config.access().toBuilder()
                        .authenticator(AuthKeys.authenticator(authentication, none))
                        .build();
                yield keys.http(config.settings())
                        .host(config.host())
                        .port(config.port() == null ? provider.defaultPort() : config.port())
                        .access(access)
                        .legacySse(config.transport() == Transport.SSE)
                        .build();
            }
        };
    }

    private static void requireSafe(MCPServerConfig config, HttpAuthenticator none, boolean encrypted) {
        String prefix = ServerKeys.prefix(config.name());
        try {
            boolean authenticated =
                    config.authentication().type() != Authentication.Type.NONE || none != HttpAuthenticator.NONE;
            boolean onLoopback = InetAddress.getByName(config.host()).isLoopbackAddress();
            if (authenticated && !onLoopback && !encrypted) {
                log.warn(
                        "{} listens on {} without TLS: keys and tokens can be read on the way, unless only a proxy with TLS reaches it."
                                + " Set {}TLS_CERTIFICATE_FILE, or bind to the address that the proxy uses",
                        config.name(),
                        config.host(),
                        prefix);
            }
            if (!authenticated && !config.allowUnauthenticated() && !onLoopback) {
                throw new IllegalArgumentException(prefix + "HOST=" + config.host()
                        + " lets other machines reach the server, which has no authentication. Set " + prefix
                        + "AUTH_TYPE to api_key or oauth. If everybody on the network may use every tool, set " + prefix
                        + "ALLOW_UNAUTHENTICATED=true instead.");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    prefix + "HOST=" + config.host() + " is not the name or address of a host that is known.", e);
        }
    }

    static Map<String, MCPServerProvider> providers() {
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
}
