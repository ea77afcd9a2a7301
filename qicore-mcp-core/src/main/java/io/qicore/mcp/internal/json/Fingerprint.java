package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Computes a short digest of values, which is the same on every replica. It has no key, so it does not prove an origin. */
public final class Fingerprint {

    private Fingerprint() {}

    /**
     * Returns the first bytes of the SHA-256 of a name and of values written as JSON, in URL-safe Base64.
     *
     * @param bytes length of the digest, at most 32
     * @throws UncheckedIOException if a value cannot be written as JSON
     */
    public static String of(int bytes, String name, @Nullable Object... values) {
        try {
            String text = name + Json.MAPPER.writeValueAsString(values);
            byte[] digest = sha256(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, bytes));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the SHA-256 of bytes. */
    public static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256.", e);
        }
    }
}
