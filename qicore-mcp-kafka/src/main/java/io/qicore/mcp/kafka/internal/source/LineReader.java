package io.qicore.mcp.kafka.internal.source;

import io.qicore.mcp.kafka.source.SourceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a UTF-8 file line by line and counts the lines. The length of a line is limited, to limit the memory. */
final class LineReader implements AutoCloseable {

    static final int MAX_LINE = 1_000_000;

    private final BufferedReader reader;
    private long number;

    /**
     * Opens a file.
     *
     * @param file its last element must not be a symbolic link
     */
    LineReader(Path file) throws IOException {
        // This decoder reports malformed input. The default one would silently replace it.
        this.reader = new BufferedReader(new InputStreamReader(
                Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), StandardCharsets.UTF_8.newDecoder()));
    }

    /** Returns the number of the line that was read last; the first line is 1. */
    long number() {
        return number;
    }

    /** Returns the next line that is not blank, or null at the end of the file. */
    @Nullable
    String next() throws IOException {
        while (true) {
            String line = line();
            if (line == null || !line.isBlank()) {
                return line;
            }
        }
    }

    /** Returns a failure whose message names the line that was read last. */
    SourceException failure(String reason, @Nullable Throwable cause) {
        return new SourceException("Line " + number + ": " + reason + ".", cause);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        try {
            int c = reader.read();
            if (c < 0) {
                return null;
            }
            number++;
            for (; c >= 0 && c != '\n'; c = reader.read()) {
                if (line.length() == MAX_LINE) {
                    throw failure("longer than " + MAX_LINE + " characters", null);
                }
                line.append((char) c);
            }
        } catch (CharacterCodingException e) {
            throw new SourceException("Near line " + number + ": not UTF-8.", e);
        }
        boolean byteOrderMark = number == 1 && !line.isEmpty() && line.charAt(0) == '\uFEFF';
        return byteOrderMark ? line.substring(1) : line.toString();
    }
}
