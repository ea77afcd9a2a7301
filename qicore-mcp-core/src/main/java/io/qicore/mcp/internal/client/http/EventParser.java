package io.qicore.mcp.internal.client.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream of server-sent events into events, in a time that is linear in its bytes. Not thread-safe.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">HTML, Interpreting
 *     an event stream</a>
 */
final class EventParser {

    /** A larger buffer is not kept for the next event. */
    private static final int MAX_KEPT = 64 << 10;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** Receives the events. */
    @FunctionalInterface
    interface Receiver {

        /**
         * Receives an event that has data.
         *
         * @param type the type, {@code message} if the event does not name one
         */
        void event(String type, byte[] data) throws IOException;
    }

    private final int maxBytes;
    private final Receiver receiver;
    private ByteArrayOutputStream line = new ByteArrayOutputStream();
    private ByteArrayOutputStream data = new ByteArrayOutputStream();
    private boolean hasData;
    private String type = "";
    private boolean afterReturn;
    private boolean first = true;
    /** The id of the event that is being read, or of the last one that had an id. */
    private @Nullable String id;

    private @Nullable String lastEventId;
    private @Nullable Duration retry;

    /**
     * @param maxBytes how many bytes an event may have
     * @param receiver receives the events
     */
    EventParser(int maxBytes, Receiver receiver) {
        this.maxBytes = maxBytes;
        this.receiver = receiver;
    }

    /** Returns the id of the last event, from which a stream can be resumed; null if no event had one. */
    @Nullable
    String lastEventId() {
        return lastEventId;
    }

    /** Returns after what time the server wants the stream to be resumed; null if it did not say. */
    @Nullable
    Duration retry() {
        return retry;
    }

    /** Begins to read another stream, which continues after the last event of the one before. */
    void restart() {
        line = reset(line);
        data = reset(data);
        hasData = false;
        type = "";
        id = lastEventId;
        afterReturn = false;
        first = true;
    }

    /**
     * Reads the next bytes of the stream.
     *
     * @throws IOException if an event is too large, or the receiver throws it
     */
    void feed(ByteBuffer bytes) throws IOException {
        byte[] chunk = new byte[bytes.remaining()];
        bytes.get(chunk);
        int from = 0;
        for (int i = 0; i < chunk.length; i++) {
            byte b = chunk[i];
            if (b != '\n' && b != '\r') {
                afterReturn = false;
                continue;
            }
            if (b == '\n' && afterReturn) {
                // The second half of a line terminator.
                afterReturn = false;
                from = i + 1;
                continue;
            }
            add(chunk, from, i);
            endLine();
            afterReturn = b == '\r';
            from = i + 1;
        }
        add(chunk, from, chunk.length);
    }

    private void add(byte[] chunk, int from, int to) throws IOException {
        if (to > from) {
            if ((long) line.size() + data.size() + to - from > maxBytes) {
                throw new IOException("it sends an event of more than " + maxBytes + " bytes");
            }
            line.write(chunk, from, to - from);
        }
    }

    private void endLine() throws IOException {
        byte[] bytes = line.toByteArray();
        line = reset(line);
        int start = first && startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        first = false;
        if (bytes.length == start) {
            dispatch();
            return;
        }
        int colon = start;
        while (colon < bytes.length && bytes[colon] != ':') {
            colon++;
        }
        int value = Math.min(bytes.length, colon + 1);
        if (value < bytes.length && bytes[value] == ' ') {
            value++;
        }
        String field =
                colon - start > "event".length() ? "" : new String(bytes, start, colon - start, StandardCharsets.UTF_8);
        if (field.equals("data")) {
            if (hasData) {
                data.write('\n');
            }
            hasData = true;
            data.write(bytes, value, bytes.length - value);
            return;
        }
        String text = new String(bytes, value, bytes.length - value, StandardCharsets.UTF_8);
        switch (field) {
            case "event" -> type = text;
            case "id" -> id = text.indexOf('\0') < 0 ? text : id;
            case "retry" -> retry = retry(text);
            default -> {
                // A comment, or a field that is to be ignored.
            }
        }
    }

    private @Nullable Duration retry(String text) {
        // More digits would not be a time to wait.
        return text.matches("[0-9]{1,9}") ? Duration.ofMillis(Long.parseLong(text)) : retry;
    }

    private void dispatch() throws IOException {
        // Only now, since a stream that broke in the middle of an event is to be resumed before it.
        lastEventId = id;
        boolean complete = hasData;
        byte[] bytes = data.toByteArray();
        String name = type.isEmpty() ? "message" : type;
        data = reset(data);
        hasData = false;
        type = "";
        if (complete) {
            receiver.event(name, bytes);
        }
    }

    private static ByteArrayOutputStream reset(ByteArrayOutputStream buffer) {
        if (buffer.size() > MAX_KEPT) {
            return new ByteArrayOutputStream();
        }
        buffer.reset();
        return buffer;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= bytes.length || bytes[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
