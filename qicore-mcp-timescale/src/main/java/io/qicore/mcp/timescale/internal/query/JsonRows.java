package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as JSON, directly from the text of their values. Counts the bytes as they are written, so that the memory
 * for one answer is bounded. Confined to one thread.
 */
public final class JsonRows {

    /** The largest length of a value, in characters of its text. */
    static final int MAX_CELL_CHARACTERS = 32 * 1024;

    /** The largest size of all rows together, in bytes of JSON. */
    static final int MAX_RESULT_BYTES = 256 * 1024;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    /** Writes a part of an answer. */
    @FunctionalInterface
    public interface Part {
        /** Writes members of the object that is open. */
        void write(JsonGenerator out) throws IOException;
    }

    /** Bytes whose end can be cut off. */
    private static final class Bytes extends ByteArrayOutputStream {
        void cut(int length) {
            count = length;
        }

        /** Without the lock of the superclass, since this is asked for each value. */
        @Override
        public int size() {
            return count;
        }
    }

    private final List<ResultColumn> columns;
    private final Bytes bytes = new Bytes();
    private final JsonGenerator out;
    private final List<Integer> ends = new ArrayList<>();
    private boolean full;

    /** Creates the writer of rows with these columns. */
    public JsonRows(List<ResultColumn> columns) {
        this.columns = columns;
        try {
            this.out = FACTORY.createGenerator(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.setPrettyPrinter(new MinimalPrettyPrinter(","));
    }

    /**
     * Writes a row, unless the rows would become too large together. After that no more row may be added.
     *
     * @param texts the text of each value as PostgreSQL writes it
     * @return whether the row was written
     * @throws MCPToolError if a single value, or the first row, is too large
     */
    boolean add(@Nullable String[] texts) {
        if (full) {
            throw new IllegalStateException("Rows have been removed, so the JSON has ended");
        }
        try {
            out.writeStartArray();
            for (int i = 0; i < columns.size(); i++) {
                cell(columns.get(i), texts[i]);
                if (size() > MAX_RESULT_BYTES) {
                    return tooMany();
                }
            }
            out.writeEndArray();
            if (size() > MAX_RESULT_BYTES) {
                return tooMany();
            }
            ends.add(size());
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes a row that the result must have.
     *
     * @throws MCPToolError if the rows become too large together, or a value is too large
     */
    public void require(@Nullable String[] texts) {
        if (!add(texts)) {
            throw tooLarge("The rows have more than " + MAX_RESULT_BYTES + " bytes.");
        }
    }

    /** Returns the number of rows. */
    public int count() {
        return ends.size();
    }

    /** Removes all rows but the first ones. After that no more row may be added. */
    void keep(int rows) {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        full |= rows < ends.size();
        ends.subList(rows, ends.size()).clear();
        bytes.cut(rows == 0 ? 0 : ends.get(rows - 1));
    }

    /**
     * Returns a JSON object with the rows.
     *
     * @param before writes the members before {@code rows}
     * @param after writes the members after it
     */
    public String object(Part before, Part after) {
        keep(count());
        String rows = bytes.toString(StandardCharsets.UTF_8);
        StringWriter text = new StringWriter(rows.length() + 1024);
        try (JsonGenerator object = FACTORY.createGenerator(text)) {
            object.writeStartObject();
            before.write(object);
            object.writeFieldName("rows");
            object.writeRawValue("[");
            object.writeRaw(rows);
            object.writeRaw(']');
            after.write(object);
            object.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void cell(ResultColumn column, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeNull();
        } else if (text.length() > column.most()) {
            throw tooLarge("The value of column '" + column.name() + "' in row " + (count() + 1) + " has more than "
                    + MAX_CELL_CHARACTERS + " characters.");
        } else {
            column.cell().write(text, out);
        }
    }

    private boolean tooMany() {
        if (count() == 0) {
            throw tooLarge("The first row has more than " + MAX_RESULT_BYTES + " bytes.");
        }
        keep(count());
        full = true;
        return false;
    }

    private int size() {
        return bytes.size() + out.getOutputBuffered();
    }

    static MCPToolError tooLarge(String what) {
        return new MCPToolError(
                TimescaleErrorCode.RESULT_TOO_LARGE,
                what + " Select fewer columns, or a part such as left(col::text, 1000) or length(col).",
                Map.of("maxCellCharacters", MAX_CELL_CHARACTERS, "maxResultBytes", MAX_RESULT_BYTES));
    }
}
