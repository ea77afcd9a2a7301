package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a key, a value or a header holds, decoded and masked. Filters see only this, so what is masked cannot be guessed with
 * them. Immutable.
 */
public final class Content {

    private static final double LARGEST_USUAL = 1e15;
    private static final double SMALLEST_USUAL = 1e-9;

    private final int size;
    private final @Nullable JsonNode tree;
    private final @Nullable String text;
    private final byte @Nullable [] bytes;
    private final @Nullable String note;
    private final ContentDecoder.@Nullable SchemaName schema;

    private Content(
            int size,
            @Nullable JsonNode tree,
            @Nullable String text,
            byte @Nullable [] bytes,
            @Nullable String note,
            ContentDecoder.@Nullable SchemaName schema) {
        this.size = size;
        this.tree = tree;
        this.text = text;
        this.bytes = bytes;
        this.note = note;
        this.schema = schema;
    }

    /** Returns a JSON object or array. */
    static Content json(JsonNode tree, String text, int size) {
        return new Content(size, tree, text, null, null, null);
    }

    /** Returns what was decoded with a schema. */
    static Content decoded(JsonNode tree, int size, ContentDecoder.SchemaName schema) {
        String text = tree.isTextual() ? tree.textValue() : JsonTrees.write(tree);
        return new Content(size, tree, text, null, null, schema);
    }

    /** Returns a text, or the start of one. */
    static Content text(String text, int size, @Nullable String note) {
        return new Content(size, null, text, null, note, null);
    }

    /** Returns bytes that are not text, or the first ones. */
    static Content binary(byte[] bytes, int size, @Nullable String note) {
        return new Content(size, null, null, bytes, note, null);
    }

    /** Returns a content that is not shown. */
    static Content withheld(int size, String note) {
        return new Content(size, null, null, null, note, null);
    }

    /** Returns whether the text of the content contains a text. */
    boolean contains(String wanted) {
        return text != null && text.contains(wanted);
    }

    /** Returns whether this is the given text, JSON, Base64 or, for bytes of that size, number. */
    boolean is(String wanted) {
        if (text != null) {
            // The bytes of a number can happen to be letters.
            return complete()
                    && (text.equals(wanted)
                            || (schema == null
                                    && tree == null
                                    && isNumber(wanted, text.getBytes(StandardCharsets.UTF_8))));
        }
        return bytes != null
                && complete()
                && (wanted.equals(Base64.getEncoder().encodeToString(bytes)) || isNumber(wanted, bytes));
    }

    /** Returns the JSON object or array, or null if it is something else. */
    @Nullable
    JsonNode tree() {
        return tree;
    }

    /** Returns whether the content is too large to be parsed. */
    boolean unparsed() {
        return size > Payload.MAX_PARSED_BYTES;
    }

    /**
     * Returns the content for a result.
     *
     * @param maxBytes how many bytes of a text, of JSON or of binary content are shown at most
     */
    Shown show(int maxBytes) {
        if (text != null) {
            String start = start(text, maxBytes);
            boolean all = start.length() == text.length() && complete();
            if (all && tree != null && JsonTrees.showable(tree)) {
                return new Shown(tree, null, null, null, null, null, schema, note);
            }
            return new Shown(null, start, null, null, null, all ? null : size, schema, note);
        }
        if (bytes != null) {
            // Base64 of a multiple of 3 bytes can be continued.
            int most = bytes.length <= maxBytes ? bytes.length : maxBytes / 3 * 3;
            boolean all = most == size;
            return new Shown(
                    null,
                    null,
                    Base64.getEncoder().encodeToString(all ? bytes : Arrays.copyOf(bytes, most)),
                    integer(bytes),
                    decimal(bytes),
                    all ? null : size,
                    null,
                    note);
        }
        return new Shown(null, null, null, null, null, size, null, note);
    }

    private boolean complete() {
        return !unparsed();
    }

    private static boolean isNumber(String wanted, byte[] bytes) {
        return isNumber(wanted, integer(bytes)) || isNumber(wanted, decimal(bytes));
    }

    private static boolean isNumber(String wanted, @Nullable Number number) {
        return number != null && wanted.equals(number.toString());
    }

    private static @Nullable Long integer(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case Byte.BYTES -> (long) buffer.get();
            case Short.BYTES -> (long) buffer.getShort();
            case Integer.BYTES -> (long) buffer.getInt();
            case Long.BYTES -> buffer.getLong();
            default -> null;
        };
    }

    /** Returns the bytes as a float or double. Most bytes that are none give extreme numbers, which would only confuse. */
    private static @Nullable Double decimal(byte[] bytes) {
        if (bytes.length != Float.BYTES && bytes.length != Double.BYTES) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        // Not (double) float: 0.1f would become 0.10000000149011612.
        double number = bytes.length == Float.BYTES
                ? Double.parseDouble(Float.toString(buffer.getFloat()))
                : buffer.getDouble();
        double magnitude = Math.abs(number);
        return magnitude >= SMALLEST_USUAL && magnitude <= LARGEST_USUAL ? number : null;
    }

    /** Returns the start of a text that takes at most a number of bytes in UTF-8. */
    private static String start(String text, int maxBytes) {
        if (text.length() <= maxBytes / 3) {
            return text;
        }
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > maxBytes) {
                return text.substring(0, i);
            }
            i += Character.charCount(point);
        }
        return text;
    }

    /** Returns the text that bytes hold in UTF-8; null if they are not text. */
    static @Nullable String textOrNull(byte[] bytes, boolean whole) {
        for (byte b : bytes) {
            if (b >= 0 && b < ' ' && b != '\n' && b != '\t' && b != '\r') {
                return null;
            }
        }
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var out = CharBuffer.allocate(bytes.length);
        // The last character of a part may be cut, which is not an error.
        var result = decoder.decode(ByteBuffer.wrap(bytes), out, whole);
        return result.isError() ? null : out.flip().toString();
    }
}
