package io.qicore.mcp.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.qicore.mcp.internal.json.Fingerprint;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the cursors of a tool whose results are paged. Each result has a {@code nextCursor}, which the
 * client passes as {@code cursor} of the next call. A cursor holds the last key of its page, so any replica can
 * continue, and entries that are created or deleted between two calls do not shift the remaining pages.
 *
 * <p>A cursor is bound to the tool and to the arguments that select and order the entries, so it cannot be used by
 * mistake with another call. It is neither encrypted nor signed: a caller can read the key and can replace it with
 * another one. The key must therefore be a value that the caller may see and may choose freely.
 *
 * <pre>{@code
 * PageCursor cursors = PageCursor.of("list_topics", args.prefix());
 * String after = args.cursor() == null ? "" : cursors.read(args.cursor(), 1).get(0);
 * ...
 * String nextCursor = cursors.write(List.of(lastName));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class PageCursor {

    private static final int DIGEST_BYTES = 9;
    private static final String ARGUMENT = "cursor";

    private final String digest;

    private PageCursor(String digest) {
        this.digest = digest;
    }

    /**
     * Returns the cursors of one call.
     *
     * @param tool the name of the tool
     * @param arguments the arguments that must be the same for every page, in a fixed order; each can be written as
     *     JSON. They do not include the cursor and the page size
     */
    public static PageCursor of(String tool, @Nullable Object... arguments) {
        Objects.requireNonNull(tool, "tool");
        return new PageCursor(Fingerprint.of(DIGEST_BYTES, tool, arguments));
    }

    /**
     * Returns the cursor of the page that follows the given key.
     *
     * @param key the sort key of the last entry of the current page
     */
    public String write(List<String> key) {
        ArrayNode content = Json.MAPPER.createArrayNode().add(digest);
        key.forEach(content::add);
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.MAPPER.writeValueAsBytes(content));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the sort key of the last entry of the previous page.
     *
     * @param cursor the cursor that the client sent
     * @param values the number of values in the key
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if the cursor is malformed or belongs to
     *     another call
     */
    public List<String> read(String cursor, int values) {
        JsonNode content;
        try {
            content = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(cursor.strip()));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(e);
        }
        if (!content.isArray() || !content.path(0).isTextual()) {
            throw damaged(null);
        }
        if (!content.get(0).textValue().equals(digest)) {
            throw refused("belongs to another call: repeat the call with the same other arguments", null);
        }
        List<String> key = new ArrayList<>();
        for (int i = 1; i < content.size(); i++) {
            if (!content.get(i).isTextual()) {
                throw damaged(null);
            }
            key.add(content.get(i).textValue());
        }
        if (key.size() != values) {
            throw damaged(null);
        }
        return List.copyOf(key);
    }

    private static MCPToolError damaged(@Nullable Throwable cause) {
        return refused("is not a cursor of an earlier result: pass it unchanged", cause);
    }

    private static MCPToolError refused(String why, @Nullable Throwable cause) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'" + ARGUMENT + "' " + why + ", or call without " + ARGUMENT + " to start again.",
                Map.of("argument", ARGUMENT),
                cause);
    }
}
