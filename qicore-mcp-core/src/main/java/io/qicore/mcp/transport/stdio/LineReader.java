package io.qicore.mcp.transport.stdio;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines of bytes. A line that is too long is truncated and ends with a NUL, so that it is not JSON. Not
 * thread-safe.
 */
final class LineReader {

    private final InputStream in;
    private final int maxBytes;

    LineReader(InputStream in, int maxBytes) {
        this.in = new BufferedInputStream(in);
        this.maxBytes = maxBytes;
    }

    /** Returns the next line without its line terminator, or null at the end of the stream. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int read = in.read();
        if (read < 0) {
            return null;
        }
        boolean truncated = false;
        boolean carriageReturn = false;
        for (; read >= 0 && read != '\n'; read = in.read()) {
            // Only one directly before the line feed belongs to the line terminator.
            if (carriageReturn) {
                truncated |= !append(line, '\r');
            }
            carriageReturn = read == '\r';
            if (!carriageReturn) {
                truncated |= !append(line, read);
            }
        }
        if (truncated) {
            // What was read could be a complete message.
            line.write('\0');
        }
        return line.toByteArray();
    }

    private boolean append(ByteArrayOutputStream line, int next) {
        if (line.size() == maxBytes) {
            return false;
        }
        line.write(next);
        return true;
    }
}
