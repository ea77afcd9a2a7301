package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a list that is sorted by name goes on. It holds the last name of the page before, so every replica understands
 * it, and what is created or deleted between two pages moves nothing else.
 */
public final class PageCursor {

    private static final String VERSION = "1:";

    private PageCursor() {}

    /** The cursor of the page after the one that ends with this name. */
    public static String after(String name) {
        byte[] bytes = (VERSION + name).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The last name of the page before.
     *
     * @throws MCPToolError {@link StandardErrorCode#INVALID_ARGUMENT} if it is none of {@link #after}
     */
    public static String lastName(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (text.startsWith(VERSION)) {
                return text.substring(VERSION.length());
            }
        } catch (IllegalArgumentException e) {
            throw invalid(cursor, e);
        }
        throw invalid(cursor, null);
    }

    private static MCPToolError invalid(String cursor, @Nullable Throwable cause) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'" + cursor + "' is no cursor of this tool. Pass nextCursor of an answer on as it is, or leave cursor"
                        + " out to start again.",
                Map.of("cursor", cursor),
                cause);
    }
}
