package io.qicore.mcp.internal.client.stdio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Splits what a program writes into lines. Not thread-safe. */
final class OutputLines {

    private static final int CHUNK = 64 << 10;

    private final InputStream in;
    private final int maxBytes;
    private final boolean truncates;
    private final byte[] chunk = new byte[CHUNK];
    private int position;
    private int end;

    /**
     * @param maxBytes how many bytes a line may have
     * @param truncates whether a longer line is truncated; otherwise it is an error
     */
    OutputLines(InputStream in, int maxBytes, boolean truncates) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.truncates = truncates;
    }

    /**
     * Returns the next line without its line terminator, or null at the end.
     *
     * @throws IOException if the line is too long, or the program's output cannot be read
     */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        while (true) {
            if (position == end) {
                position = 0;
                end = Math.max(0, in.read(chunk));
                if (end == 0) {
                    return line.size() == 0 ? null : line.toByteArray();
                }
            }
            int from = position;
            while (position < end && chunk[position] != '\n') {
                position++;
            }
            append(line, from);
            if (position < end) {
                position++;
                return withoutReturn(line.toByteArray());
            }
        }
    }

    private void append(ByteArrayOutputStream line, int from) throws IOException {
        int length = position - from;
        if (length > maxBytes - line.size()) {
            if (!truncates) {
                throw new IOException("it writes a line of more than " + maxBytes + " bytes");
            }
            length = maxBytes - line.size();
        }
        line.write(chunk, from, length);
    }

    private static byte[] withoutReturn(byte[] line) {
        return line.length > 0 && line[line.length - 1] == '\r' ? java.util.Arrays.copyOf(line, line.length - 1) : line;
    }
}
