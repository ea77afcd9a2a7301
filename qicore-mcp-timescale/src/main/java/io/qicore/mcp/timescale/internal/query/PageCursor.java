package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key behind which the next page begins, as an opaque text that any replica reads. It is bound to what it continues,
 * so that it is not used for another statement by mistake; it needs no seal, because a changed key is but another value
 * that the caller could have written into the statement. Stateless.
 */
final class PageCursor {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int DIGEST_BYTES = 9;

    private PageCursor() {}

    /** The cursor behind a key. */
    static String of(String subject, List<String> key) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(JSON.writeValueAsBytes(List.of(digest(subject), key)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A list of texts can always be written", e);
        }
    }

    /**
     * The key of a cursor.
     *
     * @param subject what it has to continue
     * @param columns how many values the key has
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if it is no cursor, or one of something else
     */
    static List<String> key(String subject, String cursor, int columns) {
        List<Object> parts;
        List<String> key;
        try {
            parts = JSON.readValue(Base64.getUrlDecoder().decode(cursor), new TypeReference<List<Object>>() {});
            // Jackson reads the JSON null as no list at all.
            if (parts == null) {
                throw refused("is not one that this tool gave", null);
            }
            key = JSON.convertValue(parts.get(1), new TypeReference<List<String>>() {});
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw refused("is not one that this tool gave", e);
        }
        if (!digest(subject).equals(parts.get(0))) {
            throw refused("belongs to another call: repeat sql, parameters, pageBy and descending as they were", null);
        }
        if (key == null || key.size() != columns || key.contains(null)) {
            throw refused("is not one that this tool gave", null);
        }
        return key;
    }

    private static MCPToolError refused(String why, @Nullable Throwable cause) {
        return new MCPToolError(StandardErrorCode.INVALID_ARGUMENT, "'cursor' " + why + ".", Map.of(), cause);
    }

    private static String digest(String subject) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
