package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads candles from a file that has one JSON object on each line, in the format of {@link CandleJson}. */
final class JsonLinesSource implements MarketDataSource {

    private final LineReader lines;

    JsonLinesSource(Path file) throws IOException {
        this.lines = new LineReader(file);
    }

    @Override
    public @Nullable Candle next() throws IOException {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        try {
            return CandleJson.read(line.getBytes(StandardCharsets.UTF_8));
        } catch (MarketDataException e) {
            throw lines.failure(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
