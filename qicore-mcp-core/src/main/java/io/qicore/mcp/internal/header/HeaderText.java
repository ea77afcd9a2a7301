package io.qicore.mcp.internal.header;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Texts as values of headers: as they are, or in the Base64 form that MCP 2026-07-28 defines for texts that are not plain.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">MCP 2026-07-28,
 *     Streamable HTTP, Value Encoding</a>
 */
public final class HeaderText {

    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";
    private static final int BASE64_QUANTUM = 4;

    private HeaderText() {}

    /** Returns whether a text consists of visible ASCII characters and blanks. */
    public static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    /** Returns a value without the blanks and tabs around it, which do not belong to it. */
    public static String trim(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isBlank(value.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Returns the value of a header for a text: the text if it is plain, otherwise its Base64 form. */
    public static String encode(String text) {
        boolean plain = isPlain(text) && trim(text).length() == text.length() && !isEncoded(text);
        return plain
                ? text
                : PREFIX + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + SUFFIX;
    }

    /** Returns the text of a value without blanks around it; null if its Base64 form is malformed. */
    public static @Nullable String decode(String value) {
        return isEncoded(value) ? base64(value.substring(PREFIX.length(), value.length() - SUFFIX.length())) : value;
    }

    private static boolean isEncoded(String value) {
        return value.length() >= PREFIX.length() + SUFFIX.length()
                && value.startsWith(PREFIX)
                && value.endsWith(SUFFIX);
    }

    private static @Nullable String base64(String encoded) {
        if (encoded.length() % BASE64_QUANTUM != 0) {
            // Java's decoder accepts it, but a gateway may read it differently.
            return null;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            if (!Base64.getEncoder().encodeToString(bytes).equals(encoded)) {
                // Bits that no byte needs are set: another text for the same bytes.
                return null;
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            return null;
        }
    }
}
