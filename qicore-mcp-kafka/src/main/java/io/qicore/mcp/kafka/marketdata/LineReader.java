package io.qicore.mcp.kafka.marketdata;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a UTF-8 file line by line and counts the lines. A line is bounded, so that memory is, too. */
final class LineReader implements AutoCloseable {

    static final int MAX_LINE = 64 * 1024;

    private final BufferedReader reader;
    private long number;

    /** @param file a real path: its last element must not be a symbolic link */
    LineReader(Path file) throws IOException {
        // A decoder that reports malformed input; the one of a charset name would replace it silently.
        this.reader = new BufferedReader(new InputStreamReader(
                Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), StandardCharsets.UTF_8.newDecoder()));
    }

    /** Number of the line that was read last, from 1. */
    long number() {
        return number;
    }

    /** The next line that is not blank, or null at the end. */
    @Nullable
    String next() throws IOException {
        while (true) {
            String line = line();
            if (line == null || !line.isBlank()) {
                return line;
            }
        }
    }

    /** A failure at the line that was read last. */
    MarketDataException failure(String reason, @Nullable Throwable cause) {
        return new MarketDataException("Line " + number + ": " + reason + ".", cause);
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
            throw new MarketDataException("Near line " + number + ": not UTF-8.", e);
        }
        boolean byteOrderMark = number == 1 && !line.isEmpty() && line.charAt(0) == '\uFEFF';
        return byteOrderMark ? line.substring(1) : line.toString();
    }
}
