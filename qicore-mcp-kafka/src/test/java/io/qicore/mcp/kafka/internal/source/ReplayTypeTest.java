package io.qicore.mcp.kafka.internal.source;

import static io.qicore.mcp.kafka.producer.local.TestRuntime.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPToolError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTypeTest {

    private static final String HEADER = "symbol,time,open,high,low,close,volume\n";
    private static final String BTC = "BTC,2026-01-01T00:00:00Z,1,2,0.5,1.5,10\n";
    private static final String ETH = "ETH,2026-01-01T00:00:00Z,1,2,0.5,1.5,10\n";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Path directory;
    private SourceContext context;

    @BeforeEach
    void createDirectory() throws Exception {
        directory = Files.createDirectory(folder.resolve("replay"));
        context = context(Map.of(ReplayType.DIRECTORY, directory.toString()));
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
    void keys_selectCandles() throws Exception {
        write("a.txt", HEADER + BTC + ETH + BTC);

        assertThat(candles("{'path':'a.txt','format':'csv','content':'candles','keys':['ETH']}"))
                .extracting(Candle::symbol)
                .containsExactly("ETH");
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
                .isInstanceOf(SourceException.class)
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

        assertThatThrownBy(() -> open("{'path':'a.csv','content':'candles'}"))
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void endlessLine_isRefused() throws Exception {
        write("a.csv", HEADER + "x".repeat(LineReader.MAX_LINE + 1));

        assertThatThrownBy(() -> read("a.csv")).hasMessage("Line 2: longer than 1000000 characters.");
    }

    @Test
    void otherEncoding_isRefused() throws Exception {
        Files.write(directory.resolve("a.csv"), new byte[] {'a', (byte) 0xff, '\n'});

        assertThatThrownBy(() -> open("{'path':'a.csv','content':'candles'}")).hasMessageContaining("not UTF-8");
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
        context = context(Map.of());

        assertThatThrownBy(() -> open("{'path':'a.csv'}"))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("PRODUCER_REPLAY_DIRECTORY");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                 | 'path' is required
            {'path':'a.txt'}                   | 'format' is required
            {'path':'a.csv','format':'cvs'}    | 'format'
            {'path':'a.csv','speed':0}         | 'speed' must be more than 0
            {'path':'a.csv','keys':[]}         | 'keys'
            {'path':'a.csv','content':'candles','keyField':'id'} | 'keyField' is not for candles
            {'path':'a.csv','position':{'line':'x'}}             | 'position.line' must be a whole number
            """)
    void wrongSetting_isNamed(String config, String message) throws Exception {
        write("a.csv", HEADER);
        write("a.txt", HEADER);

        assertThatThrownBy(() -> open(config)).isInstanceOf(MCPToolError.class).hasMessageContaining(message);
    }

    @Test
    void csvOfAnyKind_becomesJson() throws Exception {
        write("a.csv", "sensor,zip,value,note,big\nA1,01234,21.50,,12345678901234567890\nB2,99,-1e3,\"x, y\",1\n");

        assertThat(records("{'path':'a.csv','keyField':'sensor'}"))
                .extracting(record -> new String(record.key()), record -> new String(record.value()))
                .containsExactly(
                        tuple(
                                "A1",
                                "{\"sensor\":\"A1\",\"zip\":\"01234\",\"value\":21.50,\"big\":\"12345678901234567890\"}"),
                        tuple("B2", "{\"sensor\":\"B2\",\"zip\":99,\"value\":-1000,\"note\":\"x, y\",\"big\":1}"));
    }

    @Test
    void jsonLines_arePassedOnAsTheyAre_withAndWithoutAKey() throws Exception {
        write("a.jsonl", " {\"id\": 1.0, \"symbol\":\"X\"} \n{\"id\":12345678901234567890}\n");

        assertThat(records("{'path':'a.jsonl'}"))
                .extracting(
                        record -> record.key() == null ? null : new String(record.key()),
                        record -> new String(record.value()))
                .containsExactly(
                        tuple("X", "{\"id\": 1.0, \"symbol\":\"X\"}"), tuple(null, "{\"id\":12345678901234567890}"));
        assertThat(records("{'path':'a.jsonl','keyField':'id'}"))
                .extracting(record -> new String(record.key()))
                .containsExactly("1.0", "12345678901234567890");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"id":1}   | {'path':'a.jsonl','keyField':'sensor'}                       | Line 1: 'sensor' is missing.
            {"id":1}   | {'path':'a.jsonl','speed':1}                                 | Line 1: 'time' is missing.
            {"at":"x"} | {'path':'a.jsonl','recordTime':true,'timeField':'at'}        | Line 1: 'at' must be ISO-8601
            {"at":"1969-12-31T23:59:59Z"} | {'path':'a.jsonl','recordTime':true,'timeField':'at'} | Line 1: A record of Kafka cannot have the time 1969
            {"at":"+99999-01-01T00:00:00Z"} | {'path':'a.jsonl','speed':1,'timeField':'at'}     | Line 1: 'at' must be ISO-8601
            [1]        | {'path':'a.jsonl'}                                           | Line 1: not a JSON object.
            {          | {'path':'a.jsonl'}                                           | Line 1: not JSON:
            """)
    void lineWithoutWhatTheSettingsNeed_isNamed(String line, String config, String message) throws Exception {
        write("a.jsonl", line);

        assertThatThrownBy(() -> records(config))
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void position_goesOnBehindTheLine() throws Exception {
        write("a.csv", HEADER + BTC + "\n" + ETH + BTC);
        SourcePosition position;
        try (RecordSource source = open("{'path':'a.csv'}")) {
            assertThat(source.position()).isEqualTo(SourcePosition.START);
            source.poll(TIMEOUT);
            position = source.position();
        }

        assertThat(position).isEqualTo(SourcePosition.of("line", 2));
        assertThat(records("{'path':'a.csv','position':{'line':2}}"))
                .extracting(record -> new String(record.key()))
                .containsExactly("ETH", "BTC");
        assertThatThrownBy(() -> records("{'path':'a.csv','position':{'line':99}}"))
                .hasMessageContaining("The position is line 99, but the file has");
    }

    @Test
    void recordTime_isThatOfTheFileOnRequestOnly() throws Exception {
        write("a.csv", HEADER + BTC);

        assertThat(records("{'path':'a.csv'}").get(0).time()).isNull();
        assertThat(records("{'path':'a.csv','recordTime':true}").get(0).time())
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(records("{'path':'a.csv','content':'candles','recordTime':true}")
                        .get(0)
                        .time())
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void speed_scalesTheTimesOfTheFile() throws Exception {
        write("a.csv", "time,v\n1767225600,1\n1767225601,2\n1767225602,3\n");
        long start = System.nanoTime();
        assertThat(records("{'path':'a.csv','speed':10}")).hasSize(3);
        assertThat((System.nanoTime() - start) / 1e9).isBetween(0.2, 1.5);

        try (RecordSource source = open("{'path':'a.csv','speed':0.001}")) {
            assertThat(source.poll(TIMEOUT)).isNotNull();
            start = System.nanoTime();
            assertThat(source.poll(Duration.ofMillis(50))).isNull();
            assertThat((System.nanoTime() - start) / 1e9).isBetween(0.05, 1.0);
            assertThat(source.isEnded()).isFalse();
            assertThat(source.position()).isEqualTo(SourcePosition.of("line", 2));
        }
    }

    @Test
    void speed_dropsTheTimeOfAPause() {
        var clock = new ReplayClock(1);
        Instant time = Instant.parse("2026-01-01T00:00:00Z");
        long second = 1_000_000_000L;
        clock.next(time, 0);
        assertThat(clock.nanosUntilDue(0)).isZero();
        clock.next(time.plusSeconds(10), 5 * second);
        assertThat(clock.nanosUntilDue(5 * second)).isEqualTo(5 * second);

        // Paused until second 100: the next record is due at once, and the one after it five seconds later.
        clock.next(time.plusSeconds(20), 100 * second);
        assertThat(clock.nanosUntilDue(100 * second)).isZero();
        clock.next(time.plusSeconds(25), 100 * second);
        assertThat(clock.nanosUntilDue(100 * second)).isEqualTo(5 * second);

        // Times that go backwards are due at once, and centuries do not overflow.
        clock.next(time, 101 * second);
        assertThat(clock.nanosUntilDue(101 * second)).isLessThanOrEqualTo(0);
        clock.next(Instant.parse("9999-01-01T00:00:00Z"), 101 * second);
        assertThat(clock.nanosUntilDue(101 * second)).isPositive();
    }

    @Test
    void longSearchForKeys_endsWithTheTimeout() throws Exception {
        write("a.csv", HEADER + BTC.repeat(200_000));

        try (RecordSource source = open("{'path':'a.csv','keys':['ETH']}")) {
            assertThat(source.poll(Duration.ofMillis(1))).isNull();
            assertThat(source.isEnded()).isFalse();
        }
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(directory.resolve(name), text);
    }

    private List<Candle> read(String path) throws Exception {
        return candles("{'path':'" + path + "','content':'candles'}");
    }

    private List<Candle> candles(String config) throws Exception {
        List<Candle> candles = new ArrayList<>();
        for (SourceRecord record : records(config)) {
            candles.add(CandleJson.read(record.value()));
            assertThat(new String(record.key()))
                    .isEqualTo(candles.get(candles.size() - 1).symbol());
        }
        return candles;
    }

    private List<SourceRecord> records(String config) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        try (RecordSource source = open(config)) {
            while (!source.isEnded()) {
                SourceRecord record = source.poll(TIMEOUT);
                if (record != null) {
                    records.add(record);
                }
            }
        }
        return records;
    }

    private RecordSource open(String json) throws Exception {
        ObjectNode config = config(json).put("type", "replay");
        SourceSpec spec = SourceTypes.discover().read(config, "t");
        return spec.open(spec.position(), context);
    }

    private static SourceContext context(Map<String, String> settings) {
        return new SourceContext(KafkaConnection.to("localhost:1"), settings);
    }
}
