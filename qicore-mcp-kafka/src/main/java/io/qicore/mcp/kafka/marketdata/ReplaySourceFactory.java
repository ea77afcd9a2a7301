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
 * Opens sources of type {@code replay}, which deliver the candles of a CSV or JSON Lines file in the order of the file.
 * The file is read while the candles are sent.
 *
 * <p>Agents choose the file, so it must be in a directory that the operator has configured for this. Without such a
 * directory every replay is refused. Thread-safe.
 */
public final class ReplaySourceFactory implements MarketDataSourceFactory {

    private static final String CSV = "csv";
    private static final String JSON_LINES = "jsonl";

    private final @Nullable ReplayDirectory directory;

    /**
     * Creates a factory.
     *
     * @param directory the directory whose files may be replayed; null to refuse every replay
     */
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
        settings.put("path", "path of a file, relative to the server's replay directory, required");
        settings.put(
                "format",
                "csv (header: " + String.join(",", CandleFields.NAMES) + ") or jsonl, default: by the ending of path");
        settings.put("symbols", "list of the symbols to send, default: all");
        return Collections.unmodifiableMap(settings);
    }

    @Override
    public MarketDataSource open(SourceSettings settings) throws IOException {
        if (directory == null) {
            throw SourceSettings.invalid(
                    "type",
                    "'replay' is not available, because this server does not have a replay directory. Its operator can"
                            + " set PRODUCER_REPLAY_DIRECTORY. Type 'simulated' does not need one");
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
        throw SourceSettings.invalid("format", "is required if the path does not end in .csv, .jsonl or .ndjson");
    }
}
