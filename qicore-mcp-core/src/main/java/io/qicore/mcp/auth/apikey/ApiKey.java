package io.qicore.mcp.auth.apikey;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.internal.json.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key of {@link ApiKeys}. Holds the SHA-256 hash of the key, so that whoever reads it cannot use it. The keys are random and
 * long, so a slow hash, as passwords need it, would protect nothing more. Immutable and thread-safe.
 *
 * @param name who has the key: the subject of its {@link Caller}
 * @param sha256 the SHA-256 hash of the key in UTF-8, as 64 lower-case hexadecimal digits
 * @param rights the scopes of the caller, such as {@code read}
 * @param limits names of what the caller may use, by kind, such as {@link Caller#TOPICS}; empty if nothing is limited
 * @param expires when the key expires; null if it does not
 */
public record ApiKey(
        String name,
        String sha256,
        Set<String> rights,
        Map<String, NamePatterns> limits,
        @Nullable Instant expires) {

    /** The fewest characters of a key. A key of this length that is random cannot be guessed. */
    public static final int MIN_LENGTH = 32;

    /** What keys from {@link #random} begin with, so that tools that search for leaked secrets can find them. */
    public static final String PREFIX = "qmcp_";

    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@-]{1,128}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern RIGHT = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

    /**
     * Checks the values and copies the sets.
     *
     * @throws IllegalArgumentException if the name is not 1 to 128 letters, digits, {@code _}, {@code .}, {@code @} or {@code -};
     *     if the hash does not have 64 hexadecimal digits; or if a right cannot be an OAuth scope (RFC 6749)
     */
    public ApiKey {
        if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException(
                    "The name of an API key must be 1 to 128 letters, digits, '_', '.', '@' or '-'.");
        }
        Objects.requireNonNull(rights, "rights");
        Objects.requireNonNull(limits, "limits");
        sha256 = Objects.requireNonNull(sha256, "sha256").toLowerCase(Locale.ROOT);
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("sha256 of the API key " + name + " must be 64 hexadecimal digits.");
        }
        rights = Set.copyOf(rights);
        for (String right : rights) {
            if (!RIGHT.matcher(right).matches()) {
                throw new IllegalArgumentException("A right of the API key " + name
                        + " must be visible ASCII without blanks, quotes and backslashes.");
            }
        }
        limits = Map.copyOf(limits);
    }

    /**
     * Returns a key with the given text.
     *
     * @throws IllegalArgumentException if the text has fewer than {@value #MIN_LENGTH} characters or is not visible ASCII, or as the
     *     constructor does
     */
    public static ApiKey of(String name, String text, Set<String> rights) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(rights, "rights");
        return new ApiKey(name, hash(name, text), rights, Map.of(), null);
    }

    /** Returns a new random text for a key, which has 256 bits of randomness. */
    public static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String hash(String name, String text) {
        Objects.requireNonNull(text, "text");
        if (text.length() < MIN_LENGTH || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("The API key " + name + " must have at least " + MIN_LENGTH
                    + " characters of visible ASCII without blanks. Create one with ApiKey.random().");
        }
        return HexFormat.of().formatHex(Fingerprint.sha256(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Returns the caller that the key proves. */
    Caller caller() {
        Caller caller = Caller.of(name).withScopes(rights).withLimits(limits);
        return expires == null ? caller : caller.withExpiry(expires);
    }

    /** Shows the name and the rights only. */
    @Override
    public String toString() {
        return "ApiKey[" + name + ", rights " + rights + "]";
    }
}
