package io.qicore.mcp.benchmarks.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** Reads HTTP/1.1 responses from a connection, one after the other. Reads no more than it needs. Not thread-safe. */
final class ResponseReader {

    private static final String CONTENT_LENGTH = "content-length:";
    private static final int MAX_BYTES = 64 << 10;

    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
    private final byte[] bytes = buffer.array();
    private int bodyStart;
    private int contentLength;

    /** Prepares for the next response. */
    void reset() {
        buffer.clear();
        bodyStart = 0;
    }

    /** Reads the available bytes. Returns whether the response is complete. */
    boolean read(ReadableByteChannel channel) throws IOException {
        if (channel.read(buffer) < 0) {
            throw new EOFException("The server closed the connection.");
        }
        if (bodyStart == 0) {
            bodyStart = findBody();
            contentLength = bodyStart == 0 ? -1 : contentLength();
        }
        if (bodyStart == 0) {
            return false;
        }
        return contentLength >= 0 ? buffer.position() == bodyStart + contentLength : readChunks(null);
    }

    int status() {
        return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
    }

    /** Returns the body of a complete response. */
    byte[] body() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (contentLength >= 0) {
            body.write(bytes, bodyStart, contentLength);
        } else {
            readChunks(body);
        }
        return body.toByteArray();
    }

    private int findBody() {
        for (int i = 3; i < buffer.position(); i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    /** Returns the value of the header, or -1 if it is missing. */
    private int contentLength() {
        for (int i = 0; i < bodyStart - CONTENT_LENGTH.length(); i++) {
            if (bytes[i] == '\n' && startsWithContentLength(i + 1)) {
                return number(i + 1 + CONTENT_LENGTH.length(), 10);
            }
        }
        return -1;
    }

    private boolean startsWithContentLength(int at) {
        for (int i = 0; i < CONTENT_LENGTH.length(); i++) {
            char wanted = CONTENT_LENGTH.charAt(i);
            if (bytes[at + i] != wanted && (bytes[at + i] | 0x20) != wanted) {
                return false;
            }
        }
        return true;
    }

    private int number(int at, int radix) {
        int i = at;
        while (bytes[i] == ' ') {
            i++;
        }
        int number = 0;
        for (int digit; (digit = Character.digit(bytes[i], radix)) >= 0; i++) {
            number = number * radix + digit;
        }
        return number;
    }

    /** Returns whether the last chunk has arrived. Copies the chunks to the body if it is not null. */
    private boolean readChunks(ByteArrayOutputStream body) {
        int at = bodyStart;
        while (true) {
            int data = at;
            while (data < buffer.position() && bytes[data] != '\n') {
                data++;
            }
            if (data >= buffer.position()) {
                return false;
            }
            data++;
            int size = number(at, 16);
            if (data + size + 2 > buffer.position()) {
                return false;
            }
            if (size == 0) {
                return true;
            }
            if (body != null) {
                body.write(bytes, data, size);
            }
            at = data + size + 2;
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, buffer.position(), StandardCharsets.UTF_8);
    }
}
