package io.qicore.mcp.kafka.marketdata;

import static io.qicore.mcp.kafka.marketdata.SourceSettingsTest.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplaySourceFactoryTest {

    private static final String HEADER = "symbol,time,open,high,low,close,volume\n";
    private static final String BTC = "BTC,2026-01-01T00:00:00Z,1,2,0.5,1.5,10\n";
    private static final String ETH = "ETH,2026-01-01T00:00:00Z,1,2,0.5,1.5,10\n";

    @TempDir
    Path folder;

    private Path directory;
    private ReplaySourceFactory factory;

    @BeforeEach
    void createDirectory() throws Exception {
        directory = Files.createDirectory(folder.resolve("replay"));
        factory = new ReplaySourceFactory(directory);
    }

    @Test
    void csv_isReadInTheOrderOfTheFile() throws Exception {
        write("a.csv", HEADER + BTC + ETH);

        assertThat(read("a.csv"))
                .containsExactly(
                        new Candle("BTC", Instant.parse("2026-01-01T00:00:00Z"), 1, 2, 0.5, 1.5, 10),
                        new Candle("ETH", Instant.parse("2026-01-01T00:00:00Z"), 1, 2, 0.5, 1.5, 10));
    }

    @Test
    void csv_mayComeFromASpreadsheet() throws Exception {
        write(
                "a.csv",
                "\uFEFFVolume,\"Close\",low,high,open,note,time,symbol\r\n\r\n"
                        + "10,1.5,0.5,2,1,\"a \"\"quoted\"\", note\",1767225600,BTC\r\n");

        assertThat(read("a.csv"))
                .containsExactly(new Candle("BTC", Instant.parse("2026-01-01T00:00:00Z"), 1, 2, 0.5, 1.5, 10));
    }

    @Test
    void jsonLines_areRead() throws Exception {
        var candle = new Candle("BTC", Instant.parse("2026-01-01T00:00:00Z"), 1, 2, 0.5, 1.5, 10);
        String line = new String(CandleJson.write(candle), StandardCharsets.UTF_8);
        write("a.jsonl", line + "\n\n" + line);

        assertThat(read("a.jsonl")).containsExactly(candle, candle);
    }

    @Test
    void symbols_selectCandles() throws Exception {
        write("a.txt", HEADER + BTC + ETH + BTC);

        try (var source = factory.open(settings("{'path':'a.txt','format':'csv','symbols':['ETH']}"))) {
            assertThat(readAll(source)).extracting(Candle::symbol).containsExactly("ETH");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            BTC,2026-01-01T00:00:00Z,1,2,0.5,1.5          | Line 3: 6 fields, but the header has 7.
            BTC,2026-01-01T00:00:00Z,1,2,0.5,1.5,lots     | Line 3: 'volume' is not a number: 'lots'.
            BTC,yesterday,1,2,0.5,1.5,10                  | Line 3: 'time' must be ISO-8601
            BTC,2026-01-01T00:00:00Z,1,2,3,1.5,10         | Line 3: 'low' 3.0 is above 'high' 2.0.
            ,2026-01-01T00:00:00Z,1,2,0.5,1.5,10          | Line 3: 'symbol' is missing.
            BTC,"2026-01-01T00:00:00Z,1,2,0.5,1.5,10      | Line 3: a quote is not closed.
            """)
    void wrongLine_isNamedByItsNumber(String line, String message) throws Exception {
        write("a.csv", HEADER + BTC + line + "\n");

        assertThatThrownBy(() -> read("a.csv"))
                .isInstanceOf(MarketDataException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void wrongJsonLine_isNamedByItsNumber() throws Exception {
        write("a.jsonl", "{\"symbol\":\"BTC\"}\n");

        assertThatThrownBy(() -> read("a.jsonl")).hasMessage("Line 1: 'time' is missing.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            symbol,time,open,high,low,close     | Line 1: the header lacks volume.
            symbol,symbol                       | Line 1: column 'symbol' appears twice.
            ''                                  | The file is empty: it needs a header
            """)
    void wrongHeader_isFoundWhenOpened(String header, String message) throws Exception {
        write("a.csv", header);

        assertThatThrownBy(() -> factory.open(settings("{'path':'a.csv'}")))
                .isInstanceOf(MarketDataException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void endlessLine_isRefused() throws Exception {
        write("a.csv", HEADER + "x".repeat(LineReader.MAX_LINE + 1));

        assertThatThrownBy(() -> read("a.csv")).hasMessage("Line 2: longer than 65536 characters.");
    }

    @Test
    void otherEncoding_isRefused() throws Exception {
        Files.write(directory.resolve("a.csv"), new byte[] {'a', (byte) 0xff, '\n'});

        assertThatThrownBy(() -> factory.open(settings("{'path':'a.csv'}"))).hasMessageContaining("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.csv", "x/../../secret.csv", "link.csv", "linked/secret.csv", "/etc/passwd.csv"})
    void pathOutOfTheDirectory_isRefused(String path) throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(folder.resolve("secret.csv"), HEADER);
        Files.writeString(outside.resolve("secret.csv"), HEADER);
        Files.createSymbolicLink(directory.resolve("link.csv"), folder.resolve("secret.csv"));
        Files.createSymbolicLink(directory.resolve("linked"), outside);

        assertThatThrownBy(() -> read(path))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("'path' must be relative to the replay directory and stay in it")
                .hasMessageNotContaining(folder.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none.csv", ".csv", "folder.csv"})
    void whatIsNoFile_isRefused(String path) throws Exception {
        Files.createDirectory(directory.resolve("folder.csv"));

        assertThatThrownBy(() -> read(path))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("'path' must name a readable file in the replay directory")
                .hasMessageNotContaining(folder.toString());
    }

    @Test
    void filesBelowTheDirectory_mayBeReplayed() throws Exception {
        Files.createDirectory(directory.resolve("2026"));
        write("2026/a.csv", HEADER + BTC);

        assertThat(read("2026/../2026/a.csv")).hasSize(1);
    }

    @Test
    void withoutDirectory_everyReplayIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> new ReplaySourceFactory(null).open(settings("{'path':'a.csv'}")))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("PRODUCER_REPLAY_DIRECTORY");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                 | 'path' is required
            {'path':'a.txt'}                   | 'format' is required
            {'path':'a.csv','format':'cvs'}    | Unknown format 'cvs'. Known: csv, jsonl. Did you mean 'csv'?
            """)
    void wrongSetting_isNamed(String config, String message) throws Exception {
        write("a.csv", HEADER);
        write("a.txt", HEADER);

        assertThatThrownBy(() -> factory.open(settings(config)))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining(message);
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(directory.resolve(name), text);
    }

    private List<Candle> read(String path) throws Exception {
        try (MarketDataSource source = factory.open(settings("{'path':'" + path + "'}"))) {
            return readAll(source);
        }
    }

    private static List<Candle> readAll(MarketDataSource source) throws Exception {
        List<Candle> candles = new ArrayList<>();
        for (Candle candle = source.next(); candle != null; candle = source.next()) {
            candles.add(candle);
        }
        return candles;
    }
}
