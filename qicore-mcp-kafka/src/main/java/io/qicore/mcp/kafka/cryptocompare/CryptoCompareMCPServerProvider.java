package io.qicore.mcp.kafka.cryptocompare;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;

/** Creates {@link CryptoCompareMCPServer}s from {@code CRYPTO_COMPARE_…} settings, under the name {@code crypto-compare}. */
public final class CryptoCompareMCPServerProvider implements MCPServerProvider {

    private static final SettingsTable TABLE = SettingsTable.builder()
            .add(CryptoCompareSettings.BASE_URL, CryptoCompareSettings.API_KEY)
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
                settings.get(CryptoCompareSettings.BASE_URL),
                settings.find(CryptoCompareSettings.API_KEY).orElse(null),
                server);
    }
}
