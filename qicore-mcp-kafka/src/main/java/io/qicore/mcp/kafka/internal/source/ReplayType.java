package io.qicore.mcp.kafka.internal.source;

import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourceErrors;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.tool.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sources of type {@code replay}, which deliver the rows of a CSV or JSON Lines file in the order of the file. The file is read
 * while its records are sent.
 *
 * <p>Agents choose the file, so it must be in a directory that the operator has configured for this. Without such a directory
 * every replay is refused.
 */
public final class ReplayType implements SourceType<ReplayType.Config> {

    /** The key of the operator's setting with the directory whose files may be replayed. */
    public static final String DIRECTORY = "PRODUCER_REPLAY_DIRECTORY";

    private static final String CSV = "csv";
    private static final String JSON_LINES = "jsonl";
    private static final String CANDLES = "candles";

    /** Creates the type, for {@link java.util.ServiceLoader}. */
    public ReplayType() {}

    /** The settings. */
    public record Config(
            @Schema(value = "File, relative to the server's replay directory", minLength = 1, maxLength = 1000)
            String path,

            @Schema(
                    value = "csv (with a header) or jsonl (a JSON object on each line); default: by the ending of path",
                    allowed = {CSV, JSON_LINES})
            @Nullable
            String format,

            @Schema(
                    value =
                            "json: each row as JSON. candles: rows must have symbol,time,open,high,low,close,volume, and"
                                    + " become candles keyed by symbol",
                    allowed = {"json", CANDLES},
                    defaultValue = "json")
            String content,

            @Schema(value = "Field whose value is the key; default: symbol where a row has it", minLength = 1) @Nullable
            String keyField,

            @Schema(value = "Field with the time, for speed and recordTime; default: time", minLength = 1) @Nullable
            String timeField,

            @Schema(value = "Send only records with these keys; default: all", minLength = 1, maxLength = 1000)
            @Nullable
            List<String> keys,

            @Schema(
                    value =
                            "1: as fast as the times in the file say, 10: ten times as fast; default: as fast as rate says",
                    minimum = 0,
                    maximum = 1_000_000)
            @Nullable
            Double speed,

            @Schema(
                    value = "Give records the time of the file instead of now. A topic deletes records older than its"
                            + " retention",
                    defaultValue = "false")
            boolean recordTime) {

        /** Checks what the schema does not. */
        public Config {
            format = format == null ? formatOf(path) : format;
            keys = keys == null ? null : SettingValues.names("keys", keys);
            if (speed != null && speed == 0) {
                throw SourceErrors.invalid("speed", "must be more than 0");
            }
            if (content.equals(CANDLES) && (keyField != null || timeField != null)) {
                throw SourceErrors.invalid(
                        keyField != null ? "keyField" : "timeField", "is not for candles, which have symbol and time");
            }
        }

        boolean candles() {
            return content.equals(CANDLES);
        }

        boolean needsTime() {
            return speed != null || recordTime;
        }

        private static String formatOf(String path) {
            String name = path.toLowerCase(Locale.ROOT);
            if (name.endsWith(".csv")) {
                return CSV;
            }
            if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
                return JSON_LINES;
            }
            throw SourceErrors.invalid("format", "is required if the path does not end in .csv, .jsonl or .ndjson");
        }
    }

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String description() {
        return "The rows of a file (CSV or JSON Lines) as JSON, at a rate, at their original speed, or a multiple of it.";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public double defaultRate(Config config) {
        return config.speed() == null ? 10 : 0;
    }

    @Override
    public RecordSource open(Config config, SourcePosition from, SourceContext context) throws IOException {
        String directory = context.setting(DIRECTORY)
                .orElseThrow(() -> SourceErrors.invalid(
                        "type",
                        "'replay' is not available, because this server does not have a replay directory. Its operator can"
                                + " set " + DIRECTORY + ". Type 'simulated' does not need one"));
        long line = from.isStart() ? 0 : from.count(ReplaySource.LINE);
        Path file = new ReplayDirectory(Path.of(directory)).resolve(config.path());
        return new ReplaySource(rows(config, file), config, line);
    }

    private static Rows rows(Config config, Path file) throws IOException {
        if (JSON_LINES.equals(config.format())) {
            return new JsonLines(file);
        }
        return config.candles() ? CsvRows.openCandles(file, CandleJson.FIELDS) : CsvRows.open(file);
    }
}
