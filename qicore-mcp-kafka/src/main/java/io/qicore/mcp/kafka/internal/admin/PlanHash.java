package io.qicore.mcp.kafka.internal.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.qicore.mcp.tool.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The fingerprint of a planned change: what is to be done, and the state of the cluster that it was planned for. A call
 * that repeats it does exactly what the plan said, or nothing. It is a precondition and not a permission, so it is not
 * keyed, and every replica finds the same one.
 */
public final class PlanHash {

    private static final int BYTES = 12;

    private PlanHash() {}

    /**
     * 16 URL-safe characters.
     *
     * @param tool the tool that plans
     * @param parts what makes the plan what it is, in an order that does not change; written as JSON
     */
    public static String of(String tool, Object... parts) {
        try {
            String text = tool + Json.MAPPER.writeValueAsString(List.of(parts));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256.", e);
        }
    }
}
