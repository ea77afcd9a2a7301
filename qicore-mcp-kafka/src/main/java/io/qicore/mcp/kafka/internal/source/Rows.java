package io.qicore.mcp.kafka.internal.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.source.SourceException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a file as JSON objects. Used by one thread. */
interface Rows extends AutoCloseable {

    /**
     * A row.
     *
     * @param fields the members by which the row is selected and timed
     * @param json the row as UTF-8 JSON on one line
     */
    record Row(ObjectNode fields, byte[] json) {}

    /**
     * Returns the next row, or null at the end of the file.
     *
     * @throws SourceException if the row is wrong; the message names its line
     */
    @Nullable
    Row next() throws IOException;

    /** Returns the lines that can make up the file up to the row that was returned last. */
    LineReader lines();

    @Override
    default void close() throws IOException {
        lines().close();
    }
}
