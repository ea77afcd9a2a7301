package io.qicore.mcp.kafka.cryptocompare;

import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.SettingsTable;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings for CryptoCompare's services, which the server and the source of producers share. */
public final class CryptoCompareSettings {

    /** The address of the public REST service. */
    public static final URI DEFAULT_BASE_URL = URI.create("https://min-api.cryptocompare.com");

    /** The address of the public WebSocket service. */
    public static final URI DEFAULT_STREAM_URL = URI.create("wss://streamer.cryptocompare.com/v2");

    /** Address of the REST service. */
    public static final Setting<URI> BASE_URL = Setting.of("CRYPTO_COMPARE_BASE_URL", "URL", CryptoCompareSettings::url)
            .orElse(DEFAULT_BASE_URL)
            .describedAs("Address of the service. With an API key it must be `https`, unless it is on this machine.");

    /** Address of the WebSocket service. */
    public static final Setting<URI> STREAM_URL = Setting.of(
                    "CRYPTO_COMPARE_STREAM_URL", "URL", CryptoCompareSettings::url)
            .orElse(DEFAULT_STREAM_URL)
            .describedAs(
                    "Address of the WebSocket stream of producers. It must be `wss`, unless it is on this machine.");

    /** The API key. */
    public static final Setting<String> API_KEY = Setting.of(
                    "CRYPTO_COMPARE_API_KEY", "text of printable ASCII characters", CryptoCompareSettings::key)
            .secret()
            .describedAs(
                    "API key of CryptoCompare. The REST service also answers without one, within narrower limits.");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private CryptoCompareSettings() {}

    /** Returns the settings of a producer server for its sources: both addresses and the key. */
    public static SettingsTable table() {
        return SettingsTable.builder().add(BASE_URL, STREAM_URL, API_KEY).build();
    }

    /**
     * Requires an address to which the key may be sent.
     *
     * @param scheme the encrypted scheme, {@code https} or {@code wss}
     * @throws IllegalArgumentException if it is not such a URL, or the key would be sent unencrypted
     */
    static URI checked(URI url, String scheme, @Nullable String apiKey) {
        String given = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        String plain = scheme.substring(0, scheme.length() - 1);
        String host = url.getHost();
        if (host == null
                || !(given.equals(scheme) || given.equals(plain))
                || url.getQuery() != null
                || url.getFragment() != null
                || url.getUserInfo() != null) {
            throw new IllegalArgumentException("The URL of CryptoCompare must be like "
                    + (scheme.equals("https") ? DEFAULT_BASE_URL : DEFAULT_STREAM_URL)
                    + ", without user, query or fragment.");
        }
        if (apiKey != null && given.equals(plain) && !LOOPBACK.contains(host)) {
            throw new IllegalArgumentException("The URL of CryptoCompare must be " + scheme
                    + ", so that the API key is not sent unencrypted to " + host + ".");
        }
        return url;
    }

    static URI url(String text) {
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
