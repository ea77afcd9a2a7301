package io.qicore.mcp.host;

import io.qicore.mcp.host.MCPServerConfig.Authentication;
import io.qicore.mcp.host.MCPServerConfig.Transport;
import io.qicore.mcp.server.StatelessMCPServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The settings that every server has, {@code <NAME>_MCP_…}. Immutable. */
final class ServerKeys {

    private static final int MIN_STATE_KEY_BYTES = 32;
    private static final List<String> SUFFIXES =
            new ServerKeys("x", 0).table.keys().map(key -> key.substring(1)).toList();

    private final String name;
    private final Setting<Boolean> enabled;
    private final Setting<Integer> port;
    private final Setting<String> host;
    private final Setting<Transport> transport;
    private final Setting<Authentication.Type> authType;
    private final Setting<Boolean> allowUnauthenticated;
    private final Setting<Duration> callTimeout;
    private final Setting<Duration> drainTimeout;
    private final Setting<byte[]> stateKey;
    private final SettingsTable table;

    /** The settings of the server of a name. */
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
                .describedAs("How clients reach the server: Streamable HTTP, that and HTTP+SSE of MCP 2024-11-05,"
                        + " or standard input and output.");
        authType = Setting.choice(prefix + "AUTH_TYPE", Authentication.Type.class)
                .orElse(Authentication.Type.NONE)
                .protecting()
                .describedAs("How clients prove who they are. Only `none` is available in this version.");
        allowUnauthenticated = Setting.bool(prefix + "ALLOW_UNAUTHENTICATED")
                .orElse(false)
                .describedAs("Lets a server without authentication listen on an address that other machines reach.");
        callTimeout = Setting.duration(prefix + "CALL_TIMEOUT")
                .orElse(StatelessMCPServer.DEFAULT_CALL_TIMEOUT)
                .describedAs("How long a tool call may take.");
        drainTimeout = Setting.duration(prefix + "DRAIN_TIMEOUT")
                .orElse(StatelessMCPServer.DEFAULT_DRAIN_TIMEOUT)
                .describedAs("How long a server that stops waits for calls in flight.");
        stateKey = Setting.of(
                        prefix + "STATE_KEY", "Base64 of at least 32 bytes, or text of at least 32", ServerKeys::key)
                .secret()
                .describedAs("Seals what a tool remembers while its client fetches input. Replicas must share it."
                        + " Without it each process makes its own.");
        table = SettingsTable.builder()
                .strictPrefix(prefix)
                .add(
                        enabled,
                        port,
                        host,
                        transport,
                        authType,
                        allowUnauthenticated,
                        callTimeout,
                        drainTimeout,
                        stateKey)
                .build();
    }

    /** Whether a key looks like a setting of some server, known or not. */
    static boolean hasSuffix(String key) {
        return SUFFIXES.stream().anyMatch(key::endsWith);
    }

    static String prefix(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_') + "_MCP_";
    }

    SettingsTable table() {
        return table;
    }

    MCPServerConfig config(Map<String, String> environment) {
        Settings settings = table.readValues(environment);
        return new MCPServerConfig(
                name,
                settings.get(enabled),
                settings.isSet(port) ? settings.get(port) : null,
                settings.get(host),
                settings.get(transport),
                new Authentication(settings.get(authType), Map.of()),
                settings.get(allowUnauthenticated),
                environment);
    }

    /** Applies the settings that a server itself has. */
    void apply(Map<String, String> environment, StatelessMCPServer server) {
        Settings settings = table.readValues(environment);
        settings.find(callTimeout).ifPresent(server::setCallTimeout);
        settings.find(drainTimeout).ifPresent(server::setDrainTimeout);
        settings.find(stateKey).ifPresent(server::setStateKey);
    }

    private static byte[] key(String text) {
        byte[] key = text.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] decoded = Base64.getDecoder().decode(text);
            key = decoded.length >= MIN_STATE_KEY_BYTES ? decoded : key;
        } catch (IllegalArgumentException e) {
            // Not Base64, so the text itself is the key.
        }
        if (key.length < MIN_STATE_KEY_BYTES) {
            throw new IllegalArgumentException("is too short");
        }
        return key;
    }
}
