package io.qicore.mcp.host;

import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.host.MCPServerConfig.Authentication;
import io.qicore.mcp.host.MCPServerConfig.Transport;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.transport.http.HttpTls;
import io.qicore.mcp.transport.http.HttpTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** The settings that every server has, whose keys begin with {@code <NAME>_MCP_}. Immutable. */
final class ServerKeys {

    private static final int MAX_LIMIT = 1_000_000;
    private static final List<String> SUFFIXES =
            new ServerKeys("x", 0).table.keys().map(key -> key.substring(1)).toList();

    private final String name;
    private final Setting<Boolean> enabled;
    private final Setting<Integer> port;
    private final Setting<String> host;
    private final Setting<Transport> transport;
    private final Setting<List<String>> allowedHosts;
    private final Setting<List<String>> allowedOrigins;
    private final Setting<URI> publicUrl;
    private final Setting<List<String>> trustedProxies;
    private final AuthKeys auth;
    private final TlsKeys tls;
    private final Setting<Boolean> allowUnauthenticated;
    private final Setting<Duration> callTimeout;
    private final Setting<Map<String, Duration>> toolTimeouts;
    private final Setting<Duration> drainTimeout;
    private final Setting<Integer> maxConcurrentCalls;
    private final Setting<Integer> maxSubscriptions;
    private final Setting<Integer> maxBufferedKib;
    private final Setting<Duration> transferTimeout;
    private final Setting<Integer> minBytesPerSecond;
    private final Setting<byte[]> stateKey;
    private final Setting<List<byte[]>> acceptedStateKeys;
    private final SettingsTable table;

    /** Creates the settings of the server of the given name. */
    ServerKeys(String name, int defaultPort) {
        this.name = name;
        String prefix = prefix(name);
        enabled = Setting.bool(prefix + "ENABLED").orElse(false).describedAs("Runs the server.");
        port = Setting.integer(prefix + "PORT", 0, 65535)
                .orElse(defaultPort)
                .describedAs("TCP port of the HTTP transports; 0 takes a free one.");
        host = Setting.text(prefix + "HOST")
                .orElse(MCPServerConfig.LOOPBACK)
                .describedAs("Address to bind to. By default only this machine reaches the server.");
        transport = Setting.choice(prefix + "TRANSPORT", Transport.class)
                .orElse(Transport.HTTP)
                .describedAs(
                        "How clients reach the server. `stdio`: standard input and output; `http`: Streamable HTTP;"
                                + " `sse`: Streamable HTTP, and HTTP+SSE of MCP 2024-11-05.");
        allowedHosts = Setting.list(prefix + "ALLOWED_HOSTS")
                .checked(
                        hosts -> accepts(HttpAccess.Builder::allowedHosts, hosts),
                        "be a list of host names without ports, such as mcp.example.com")
                .protecting()
                .describedAs(
                        "Host names that HTTP requests may be addressed to, such as `mcp.example.com`, beside the names of"
                                + " this machine. Needed on loopback behind a proxy that passes `Host` on. On other addresses any host"
                                + " is accepted unless this is set.");
        allowedOrigins = Setting.list(prefix + "ALLOWED_ORIGINS")
                .checked(
                        origins -> accepts(HttpAccess.Builder::allowedOrigins, origins),
                        "be a list of web origins, such as https://console.example.com")
                .describedAs("Web origins whose pages may use the server, such as `https://console.example.com`.");
        publicUrl = Setting.of(prefix + "PUBLIC_URL", "URL", ServerKeys::publicUrl)
                .describedAs(
                        "URL of the endpoint as clients know it, such as `https://mcp.example.com/mcp`, if a proxy is in"
                                + " front of the server. Its host and its origin are accepted.");
        trustedProxies = Setting.list(prefix + "TRUSTED_PROXIES")
                .checked(
                        proxies -> accepts(HttpAccess.Builder::trustedProxies, proxies),
                        "be a list of IP addresses, or blocks such as 10.0.0.0/8")
                .describedAs(
                        "IP addresses of proxies, or blocks such as `10.0.0.0/8`, whose `X-Forwarded-*` headers are"
                                + " believed. From anybody else they are ignored.");
        auth = new AuthKeys(prefix);
        tls = new TlsKeys(prefix);
        allowUnauthenticated = Setting.bool(prefix + "ALLOW_UNAUTHENTICATED")
                .orElse(false)
                .describedAs("Lets a server without authentication listen on an address that other machines reach.");
        callTimeout = timeout(prefix + "CALL_TIMEOUT")
                .orElse(ServerSettings.DEFAULT_CALL_TIMEOUT)
                .describedAs("How long a tool call may take.");
        toolTimeouts = Setting.of(
                        prefix + "TOOL_TIMEOUTS", "list of `tool=duration`, with commas", ServerKeys::toolTimeouts)
                .describedAs(
                        "How long calls of single tools may take, such as `query=60s`, instead of the time above.");
        drainTimeout = timeout(prefix + "DRAIN_TIMEOUT")
                .orElse(ServerSettings.DEFAULT_DRAIN_TIMEOUT)
                .describedAs("How long a server that stops waits for calls in flight.");
        maxConcurrentCalls = Setting.integer(prefix + "MAX_CONCURRENT_CALLS", 1, MAX_LIMIT)
                .describedAs(
                        "How many calls may be in flight at once. Further calls are answered \"busy\". By default 128, or"
                                + " one for each 12 MiB of the largest heap if these are less.");
        maxSubscriptions = Setting.integer(prefix + "MAX_SUBSCRIPTIONS", 1, MAX_LIMIT)
                .orElse(MCPEngine.DEFAULT_MAX_SUBSCRIPTIONS)
                .describedAs("How many subscriptions may be open at once.");
        maxBufferedKib = Setting.integer(prefix + "MAX_BUFFERED_KIB", 1, Integer.MAX_VALUE)
                .describedAs(
                        "How many KiB the bodies that arrive over HTTP and the answers that clients have not read yet may"
                                + " take up together. Beyond it requests are answered with 503. By default an eighth of the largest heap.");
        transferTimeout = timeout(prefix + "TRANSFER_TIMEOUT")
                .orElse(HttpTransport.DEFAULT_TRANSFER_TIMEOUT)
                .describedAs(
                        "How long an HTTP client may send nothing of a body that it has begun, or read nothing of a large"
                                + " answer.");
        minBytesPerSecond = Setting.integer(prefix + "MIN_BYTES_PER_SECOND", 1, Integer.MAX_VALUE)
                .orElse(HttpTransport.DEFAULT_MIN_BYTES_PER_SECOND)
                .describedAs(
                        "The least rate of HTTP clients that send a body or read a large answer, after the time above.");
        stateKey = Setting.of(
                        prefix + "STATE_KEY",
                        "Base64 of at least 32 bytes, or text of at least 32 characters",
                        ServerKeys::key)
                .secret()
                .describedAs("Encrypts the state of a call while its client fetches input. Replicas must share the key."
                        + " By default each process creates a key of its own.");
        acceptedStateKeys = Setting.of(
                        prefix + "ACCEPTED_STATE_KEYS",
                        "list of keys as in `" + prefix + "STATE_KEY`, with commas",
                        ServerKeys::keys)
                .secret()
                .describedAs(
                        "Further keys that state is read with, to change the state key without a break: accept the new"
                                + " key on all replicas, then make it the state key and accept the old one for a while.");
        table = SettingsTable.builder()
                .strictPrefix(prefix)
                .add(
                        enabled,
                        port,
                        host,
                        transport,
                        allowedHosts,
                        allowedOrigins,
                        publicUrl,
                        trustedProxies,
                        allowUnauthenticated,
                        callTimeout,
                        toolTimeouts,
                        drainTimeout,
                        maxConcurrentCalls,
                        maxSubscriptions,
                        maxBufferedKib,
                        transferTimeout,
                        minBytesPerSecond,
                        stateKey,
                        acceptedStateKeys)
                .add(auth.all())
                .add(tls.all())
                .build();
    }

    /** Returns whether a key ends like a setting of an MCP server, whatever the name of the server. */
    static boolean hasSuffix(String key) {
        return SUFFIXES.stream().anyMatch(key::endsWith);
    }

    /** Returns the prefix of the settings of the server of a name, such as {@code CRYPTO_COMPARE_MCP_}. */
    static String prefix(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_') + "_MCP_";
    }

    /** Returns the table of the settings. */
    SettingsTable table() {
        return table;
    }

    /** Reads the configuration of the server; {@code environment} becomes the settings of its infrastructure. */
    MCPServerConfig config(Map<String, String> environment) {
        Settings settings = table.readValues(environment);
        HttpAccess access = access(settings);
        return new MCPServerConfig(
                name,
                settings.get(enabled),
                settings.isSet(port) ? settings.get(port) : null,
                settings.get(host),
                settings.get(transport),
                access,
                auth.authentication(settings, access, environment),
                settings.get(allowUnauthenticated),
                environment);
    }

    /** Reads the limits of the server; returns a builder without a transport. */
    ServerSettings.Builder serverSettings(Map<String, String> environment, Authentication authentication) {
        Settings settings = table.readValues(environment);
        ServerSettings.Builder server = ServerSettings.builder();
        settings.find(callTimeout).ifPresent(server::callTimeout);
        settings.find(toolTimeouts).ifPresent(server::toolTimeouts);
        settings.find(drainTimeout).ifPresent(server::drainTimeout);
        settings.find(maxConcurrentCalls).ifPresent(server::maxConcurrentCalls);
        settings.find(maxSubscriptions).ifPresent(server::maxSubscriptions);
        settings.find(stateKey).ifPresent(server::stateKey);
        settings.find(acceptedStateKeys).ifPresent(server::acceptedStateKeys);
        auth.addInterceptors(settings, authentication, server);
        return server;
    }

    /** Reads the limits of the HTTP transport; returns a builder with defaults for everything else. */
    HttpTransport.Builder http(Map<String, String> environment) {
        Settings settings = table.readValues(environment);
        HttpTransport.Builder http = HttpTransport.builder();
        tls.read(settings).ifPresent(http::tls);
        settings.find(maxBufferedKib).ifPresent(kib -> http.maxBufferedBytes(kib * 1024L));
        settings.find(transferTimeout).ifPresent(http::transferTimeout);
        settings.find(minBytesPerSecond).ifPresent(http::minBytesPerSecond);
        return http;
    }

    /** Reads TLS of the HTTP transports; empty if there is none. */
    Optional<HttpTls> tls(Map<String, String> environment) {
        return tls.read(table.readValues(environment));
    }

    private HttpAccess access(Settings settings) {
        HttpAccess.Builder access = HttpAccess.builder();
        settings.find(allowedHosts).map(Set::copyOf).ifPresent(access::allowedHosts);
        settings.find(allowedOrigins).map(Set::copyOf).ifPresent(access::allowedOrigins);
        settings.find(publicUrl).ifPresent(access::publicUrl);
        settings.find(trustedProxies).map(Set::copyOf).ifPresent(access::trustedProxies);
        return access.build();
    }

    private static boolean accepts(BiConsumer<HttpAccess.Builder, Set<String>> setter, List<String> items) {
        try {
            setter.accept(HttpAccess.builder(), Set.copyOf(items));
            return true;
        } catch (IllegalArgumentException e) {
            // The setting says itself what it expects.
            return false;
        }
    }

    private static URI publicUrl(String text) {
        try {
            URI url = URI.create(text);
            HttpAccess.builder().publicUrl(url);
            return url;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a URL such as https://mcp.example.com/mcp, without query");
        }
    }

    private static Setting<Duration> timeout(String key) {
        return Setting.duration(key)
                .checked(duration -> duration.compareTo(ServerSettings.MAX_TIMEOUT) <= 0, "be at most 24h");
    }

    private static Map<String, Duration> toolTimeouts(String text) {
        Map<String, Duration> timeouts = new LinkedHashMap<>();
        for (String entry : text.split(",")) {
            String[] parts = entry.split("=", -1);
            if (parts.length != 2 || parts[0].isBlank()) {
                throw new IllegalArgumentException("must be a list such as query=60s,explain_query=30s");
            }
            Duration timeout = DurationText.parse(parts[1].strip());
            if (timeout.compareTo(ServerSettings.MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException("must have durations of at most 24h");
            }
            if (timeouts.put(parts[0].strip(), timeout) != null) {
                throw new IllegalArgumentException("must name each tool once");
            }
        }
        if (timeouts.isEmpty()) {
            throw new IllegalArgumentException("must be a list such as query=60s,explain_query=30s");
        }
        return timeouts;
    }

    private static List<byte[]> keys(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .map(ServerKeys::key)
                .toList();
    }

    private static byte[] key(String text) {
        byte[] key = text.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] decoded = Base64.getDecoder().decode(text);
            key = decoded.length >= ServerSettings.MIN_STATE_KEY_BYTES ? decoded : key;
        } catch (IllegalArgumentException e) {
            // Not Base64, so the text itself is the key.
        }
        if (key.length < ServerSettings.MIN_STATE_KEY_BYTES) {
            throw new IllegalArgumentException("is too short");
        }
        return key;
    }
}
