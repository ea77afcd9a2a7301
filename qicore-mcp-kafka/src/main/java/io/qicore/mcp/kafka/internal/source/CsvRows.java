package io.qicore.mcp.kafka.internal.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.tool.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a comma-separated file whose header names the columns. Fields may be in double quotes and must not contain line breaks.
 * A field that is a JSON number becomes one, an empty field is left out, and every other field becomes a text.
 */
final class CsvRows implements Rows {

    // Numbers that a double holds without loss. Others, such as long ids or texts like 007, stay texts.
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,14})(\\.\\d{1,15})?([eE][+-]?\\d{1,2})?");

    private final LineReader lines;
    private final List<String> columns;

    private CsvRows(LineReader lines, List<String> columns) {
        this.lines = lines;
        this.columns = columns;
    }

    /** Opens a file and reads its header. */
    static CsvRows open(Path file) throws IOException {
        return open(file, UnaryOperator.identity(), List.of());
    }

    /** Opens a file whose columns have the names of the fields of a candle, in any order and case, among others. */
    static CsvRows openCandles(Path file, List<String> fields) throws IOException {
        return open(file, name -> name.toLowerCase(Locale.ROOT), fields);
    }

    private static CsvRows open(Path file, UnaryOperator<String> naming, List<String> required) throws IOException {
        LineReader lines = new LineReader(file);
        try {
            String header = lines.next();
            if (header == null) {
                throw new SourceException("The file is empty: it needs a header with the names of its columns.");
            }
            List<String> columns = split(lines, header).stream().map(naming).toList();
            Set<String> seen = new HashSet<>();
            for (String column : columns) {
                if (!seen.add(column)) {
                    throw lines.failure("column '" + column + "' appears twice", null);
                }
            }
            List<String> missing =
                    required.stream().filter(name -> !seen.contains(name)).toList();
            if (!missing.isEmpty()) {
                throw lines.failure("the header lacks " + String.join(", ", missing), null);
            }
            return new CsvRows(lines, columns);
        } catch (IOException e) {
            lines.close();
            throw e;
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        List<String> fields = split(lines, line);
        if (fields.size() != columns.size()) {
            throw lines.failure(fields.size() + " fields, but the header has " + columns.size(), null);
        }
        ObjectNode row = Json.MAPPER.createObjectNode();
        for (int i = 0; i < fields.size(); i++) {
            String field = fields.get(i);
            if (NUMBER.matcher(field).matches()) {
                row.put(columns.get(i), new BigDecimal(field));
            } else if (!field.isEmpty()) {
                row.put(columns.get(i), field);
            }
        }
        return new Row(row, Json.MAPPER.writeValueAsBytes(row));
    }

    @Override
    public LineReader lines() {
        return lines;
    }

    private static List<String> split(LineReader lines, String line) throws SourceException {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().trim());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw lines.failure("a quote is not closed", null);
        }
        fields.add(field.toString().trim());
        return fields;
    }
}
