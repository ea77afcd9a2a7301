package io.qicore.mcp.kafka.internal.content;

import java.nio.ByteBuffer;

/**
 * The bytes of a key, a value or a header. Of a large one only the first bytes are kept, so that the records of a poll need
 * little memory.
 *
 * @param bytes all bytes, or the first ones
 * @param size the number of all bytes
 * @param found whether all bytes contain the text that is searched for
 */
public record Payload(byte[] bytes, int size, boolean found) {

    /** The size up to which contents are kept whole, and parsed. */
    static final int MAX_PARSED_BYTES = 512 * 1024;

    /** The number of bytes that are kept of larger contents. */
    static final int MAX_KEPT_BYTES = 128 * 1024;

    /** Copies bytes from a buffer, whose position does not change. */
    static Payload of(ByteBuffer buffer, byte[] wanted) {
        int size = buffer.remaining();
        byte[] bytes = new byte[size <= MAX_PARSED_BYTES ? size : MAX_KEPT_BYTES];
        buffer.duplicate().get(bytes);
        return new Payload(bytes, size, wanted.length > 0 && contains(buffer, wanted));
    }

    /** Returns whether {@link #bytes} has all bytes. */
    boolean whole() {
        return bytes.length == size;
    }

    private static boolean contains(ByteBuffer buffer, byte[] wanted) {
        byte first = wanted[0];
        int last = buffer.limit() - wanted.length;
        for (int i = buffer.position(); i <= last; i++) {
            if (buffer.get(i) == first && matches(buffer, i, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(ByteBuffer buffer, int start, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (buffer.get(start + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
