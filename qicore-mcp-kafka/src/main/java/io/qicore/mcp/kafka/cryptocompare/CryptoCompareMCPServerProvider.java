package io.qicore.mcp.kafka.cryptocompare;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import java.net.URI;

/** Creates {@link CryptoCompareMCPServer}s from {@code CRYPTO_COMPARE_…} settings, under the name {@code crypto-compare}. */
public final class CryptoCompareMCPServerProvider implements MCPServerProvider {

    static final Setting<URI> BASE_URL = Setting.of(
                    "CRYPTO_COMPARE_BASE_URL", "URL", CryptoCompareMCPServerProvider::url)
            .orElse(CryptoCompareMCPServer.DEFAULT_BASE_URL)
            .describedAs("Address of the service. With an API key it must be `https`, unless it is on this machine.");

    static final Setting<String> API_KEY = Setting.of(
                    "CRYPTO_COMPARE_API_KEY", "text of printable ASCII characters", CryptoCompareMCPServerProvider::key)
            .secret()
            .describedAs("API key of CryptoCompare. The service also answers without one, within narrower limits.");

    private static final SettingsTable TABLE = SettingsTable.builder()
            .add(BASE_URL, API_KEY)
            .openPrefix("CRYPTO_COMPARE_")
            .build();

    /** Creates a provider, for {@link java.util.ServiceLoader}. */
    public CryptoCompareMCPServerProvider() {}

    @Override
    public String name() {
        return "crypto-compare";
    }

    @Override
    public int defaultPort() {
        return 8083;
    }

    @Override
    public SettingsTable settings() {
        return TABLE;
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        Settings settings = config.read(TABLE);
        return new CryptoCompareMCPServer(
                settings.get(BASE_URL), settings.find(API_KEY).orElse(null), server);
    }

    private static URI url(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a URL", e);
        }
    }

    /** Refuses what would be a second line in the header that carries the key. */
    private static String key(String text) {
        if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("must be text of printable ASCII characters");
        }
        return text;
    }
}
