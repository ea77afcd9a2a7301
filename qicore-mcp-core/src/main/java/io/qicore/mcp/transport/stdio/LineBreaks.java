package io.qicore.mcp.transport.stdio;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Escapes the characters that JSON allows in a text but that some readers take for the end of a line: U+0085, U+2028 and U+2029.
 */
final class LineBreaks {

    private static final byte[] NEXT_LINE = {(byte) 0xc2, (byte) 0x85};
    private static final byte[] LINE_SEPARATOR = {(byte) 0xe2, (byte) 0x80, (byte) 0xa8};
    private static final byte[] PARAGRAPH_SEPARATOR = {(byte) 0xe2, (byte) 0x80, (byte) 0xa9};

    private LineBreaks() {}

    /** Returns a JSON message in UTF-8 with these characters escaped, which can only be in its texts. */
    static byte[] escaped(byte[] message) {
        ByteArrayOutputStream copy = null;
        int from = 0;
        for (int i = 0; i < message.length; i++) {
            String escape = message[i] < 0 ? escape(message, i) : null;
            if (escape != null) {
                copy = copy == null ? new ByteArrayOutputStream(message.length + 64) : copy;
                copy.write(message, from, i - from);
                copy.writeBytes(escape.getBytes(StandardCharsets.US_ASCII));
                i += message[i] == NEXT_LINE[0] ? 1 : 2;
                from = i + 1;
            }
        }
        if (copy == null) {
            return message;
        }
        copy.write(message, from, message.length - from);
        return copy.toByteArray();
    }

    private static @org.jspecify.annotations.Nullable String escape(byte[] message, int at) {
        if (isAt(message, at, NEXT_LINE)) {
            return "\\u0085";
        }
        if (isAt(message, at, LINE_SEPARATOR)) {
            return "\\u2028";
        }
        return isAt(message, at, PARAGRAPH_SEPARATOR) ? "\\u2029" : null;
    }

    private static boolean isAt(byte[] message, int at, byte[] sequence) {
        return at + sequence.length <= message.length
                && java.util.Arrays.equals(message, at, at + sequence.length, sequence, 0, sequence.length);
    }
}
