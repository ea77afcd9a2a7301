package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads candles from a comma-separated file. A header names the columns in any order and any case; unknown columns are
 * ignored. Fields may be in double quotes and must not contain line breaks.
 */
final class CsvSource implements MarketDataSource {

    private final LineReader lines;
    private final Map<String, Integer> columns = new HashMap<>();
    private final int width;

    CsvSource(Path file) throws IOException {
        this.lines = new LineReader(file);
        try {
            String header = lines.next();
            if (header == null) {
                throw new MarketDataException("The file is empty: it needs a header with the columns "
                        + String.join(",", CandleFields.NAMES) + ".");
            }
            List<String> names = split(header);
            this.width = names.size();
            for (int i = 0; i < width; i++) {
                if (columns.put(names.get(i).toLowerCase(Locale.ROOT), i) != null) {
                    throw lines.failure("column '" + names.get(i) + "' appears twice", null);
                }
            }
            requireColumns();
        } catch (IOException e) {
            lines.close();
            throw e;
        }
    }

    @Override
    public @Nullable Candle next() throws IOException {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        List<String> fields = split(line);
        if (fields.size() != width) {
            throw lines.failure(fields.size() + " fields, but the header has " + width, null);
        }
        try {
            return CandleFields.read(name -> fields.get(columns.get(name)));
        } catch (MarketDataException e) {
            throw lines.failure(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private void requireColumns() throws MarketDataException {
        List<String> missing = CandleFields.NAMES.stream()
                .filter(name -> !columns.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw lines.failure("the header lacks " + String.join(", ", missing), null);
        }
    }

    private List<String> split(String line) throws MarketDataException {
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
