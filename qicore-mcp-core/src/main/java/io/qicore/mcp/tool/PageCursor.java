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
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the cursors of a tool that answers in pages: {@code nextCursor} of a result, {@code cursor} of the
 * next call. A cursor holds the last key of its page, so any replica can continue, and nothing that is created or
 * deleted between two pages moves the rest.
 *
 * <p>A cursor is bound to the tool and to those arguments that select and order what is listed, so that it is not used
 * for another call by mistake. It is neither encrypted nor signed: the key in it must be a value that the caller may see
 * and could as well have sent as an argument.
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
     * The cursors of one call.
     *
     * @param tool name of the tool
     * @param arguments those that have to be the same on every page, in an order that does not change; written as JSON.
     *     Leave out the cursor itself and the size of a page
     */
    public static PageCursor of(String tool, @Nullable Object... arguments) {
        return new PageCursor(Fingerprint.of(DIGEST_BYTES, tool, arguments));
    }

    /**
     * Returns the cursor of the page after the one that ends with this key.
     *
     * @param key the values that the list is sorted by
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
     * Returns the key that the page before ended with.
     *
     * @param values how many values the key has
     * @throws MCPToolError {@link StandardErrorCode#INVALID_ARGUMENT} if the cursor is damaged or belongs to another call
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
            throw refused("belongs to another call: repeat the other arguments as they were", null);
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
        return refused("is not the nextCursor of an earlier result: pass it on unchanged", cause);
    }

    private static MCPToolError refused(String why, @Nullable Throwable cause) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'" + ARGUMENT + "' " + why + ", or call without " + ARGUMENT + " to start again.",
                Map.of("argument", ARGUMENT),
                cause);
    }
}
