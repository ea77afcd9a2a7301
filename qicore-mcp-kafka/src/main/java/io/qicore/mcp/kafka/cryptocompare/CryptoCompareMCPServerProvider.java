package io.qicore.mcp.kafka.cryptocompare;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link CryptoCompareMCPServer}s under the name {@code crypto-compare}. Settings, all optional: {@value #BASE_URL};
 * {@value #API_KEY} or {@value #API_KEY_FILE}, a file that holds the key.
 */
public final class CryptoCompareMCPServerProvider implements MCPServerProvider {

    static final String BASE_URL = "CRYPTO_COMPARE_BASE_URL";
    static final String API_KEY = "CRYPTO_COMPARE_API_KEY";
    static final String API_KEY_FILE = "CRYPTO_COMPARE_API_KEY_FILE";

    /** For {@link java.util.ServiceLoader}. */
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
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        Map<String, String> settings = config.settings();
        return new CryptoCompareMCPServer(baseUrl(settings), apiKey(settings));
    }

    private static URI baseUrl(Map<String, String> settings) {
        String text = settings.getOrDefault(BASE_URL, "");
        try {
            return text.isBlank() ? CryptoCompareMCPServer.DEFAULT_BASE_URL : URI.create(text.trim());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(BASE_URL + " is no URL: '" + text + "'.", e);
        }
    }

    private static @Nullable String apiKey(Map<String, String> settings) {
        String key = settings.getOrDefault(API_KEY, "").trim();
        String file = settings.getOrDefault(API_KEY_FILE, "").trim();
        if (!key.isEmpty() && !file.isEmpty()) {
            throw new IllegalArgumentException("Set either " + API_KEY + " or " + API_KEY_FILE + ", not both.");
        }
        if (!file.isEmpty()) {
            try {
                key = Files.readString(Path.of(file)).trim();
            } catch (IOException | InvalidPathException e) {
                throw new IllegalArgumentException(API_KEY_FILE + " cannot be read: '" + file + "'.", e);
            }
            if (key.isEmpty()) {
                throw new IllegalArgumentException(API_KEY_FILE + " is empty: '" + file + "'.");
            }
        }
        if (!key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("The API key of CryptoCompare has characters that no key has.");
        }
        return key.isEmpty() ? null : key;
    }
}
