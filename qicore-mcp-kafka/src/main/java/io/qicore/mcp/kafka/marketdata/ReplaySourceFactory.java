package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sources of type {@code replay}: the candles of a CSV or JSON Lines file, in the file's order, read as they are sent.
 *
 * <p>Agents choose the file, so it must lie in one directory that the operator has opened for that; without such a
 * directory every replay is refused. Thread-safe.
 */
public final class ReplaySourceFactory implements MarketDataSourceFactory {

    private static final String CSV = "csv";
    private static final String JSON_LINES = "jsonl";

    private final @Nullable ReplayDirectory directory;

    /** @param directory whose files may be replayed; null refuses every replay */
    public ReplaySourceFactory(@Nullable Path directory) {
        this.directory = directory == null ? null : new ReplayDirectory(directory);
    }

    @Override
    public String type() {
        return "replay";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("path", "file below the server's replay directory, required");
        settings.put("format", "csv (header: " + String.join(",", CandleFields.NAMES) + ") or jsonl, default by name");
        settings.put("symbols", "list of those to send, default all");
        return Collections.unmodifiableMap(settings);
    }

    @Override
    public MarketDataSource open(SourceSettings settings) throws IOException {
        if (directory == null) {
            throw SourceSettings.invalid(
                    "type",
                    "'replay' is switched off, because this server has no replay directory: its operator can set"
                            + " PRODUCER_REPLAY_DIRECTORY. Type 'simulated' needs none");
        }
        String path = settings.text("path").orElseThrow(() -> SourceSettings.invalid("path", "is required"));
        List<String> symbols = settings.texts("symbols", List.of());
        String format = settings.text("format").orElseGet(() -> formatOf(path));
        Path file = directory.resolve(path);
        MarketDataSource source =
                switch (format) {
                    case CSV -> new CsvSource(file);
                    case JSON_LINES -> new JsonLinesSource(file);
                    default -> throw SourceSettings.unknown("format", format, List.of(CSV, JSON_LINES));
                };
        return symbols.isEmpty() ? source : new FilteredSource(source, Set.copyOf(symbols));
    }

    private static String formatOf(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return CSV;
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return JSON_LINES;
        }
        throw SourceSettings.invalid("format", "is required for a file that ends neither in .csv nor in .jsonl");
    }
}
