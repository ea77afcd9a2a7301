package io.qicore.mcp.kafka.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.content.JsonTrees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Avro's own library writes is shown, and what is written is what Avro's own library reads. */
class AvroContentsTest {

    private static final GenericData DATA = new GenericData();

    static {
        for (var conversion : List.of(
                new Conversions.DecimalConversion(),
                new Conversions.BigDecimalConversion(),
                new Conversions.UUIDConversion(),
                new TimeConversions.DateConversion(),
                new TimeConversions.TimeMillisConversion(),
                new TimeConversions.TimeMicrosConversion(),
                new TimeConversions.TimestampMillisConversion(),
                new TimeConversions.TimestampMicrosConversion(),
                new TimeConversions.TimestampNanosConversion(),
                new TimeConversions.LocalTimestampMillisConversion(),
                new TimeConversions.LocalTimestampMicrosConversion(),
                new TimeConversions.LocalTimestampNanosConversion())) {
            DATA.addLogicalTypeConversion(conversion);
        }
    }

    /** A value of a logical type. */
    record Case(LogicalType type, String schema, Object value, String json) {}

    private static Case value(String schema, Object value, String json) {
        return new Case(new Schema.Parser().parse(schema).getLogicalType(), schema, value, json);
    }

    private static String logical(String type, String name) {
        return "{\"type\":\"" + type + "\",\"logicalType\":\"" + name + "\"}";
    }

    static Stream<Case> logicalTypes() {
        UUID uuid = UUID.fromString("8d1b0f2e-0000-4000-8000-000000000001");
        String decimal = "\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}";
        String fixed = "{\"type\":\"fixed\",\"name\":\"F\",\"size\":";
        Instant time = Instant.parse("1969-12-31T23:59:59.123456789Z");
        LocalDateTime local = LocalDateTime.parse("2026-11-26T01:02:03.123456789");
        return Stream.of(
                value("{\"type\":\"bytes\"," + decimal, new BigDecimal("-12.34"), "-12.34"),
                value(fixed + "6," + decimal, new BigDecimal("-12.34"), "-12.34"),
                value(logical("bytes", "big-decimal"), new BigDecimal("-1234.5678"), "-1234.5678"),
                value(logical("bytes", "big-decimal"), new BigDecimal("12E+5"), "1200000"),
                value(logical("string", "uuid"), uuid, "\"" + uuid + "\""),
                value(fixed + "16,\"logicalType\":\"uuid\"}", uuid, "\"" + uuid + "\""),
                value(
                        fixed + "12,\"logicalType\":\"duration\"}",
                        new byte[] {1, 0, 0, 0, -1, -1, -1, -1, 3, 0, 0, 0},
                        "{\"months\":1,\"days\":4294967295,\"millis\":3}"),
                value(logical("int", "date"), LocalDate.parse("1969-12-31"), "\"1969-12-31\""),
                value(logical("int", "time-millis"), LocalTime.parse("23:59:59.123"), "\"23:59:59.123\""),
                value(logical("long", "time-micros"), LocalTime.parse("00:00:00.000001"), "\"00:00:00.000001\""),
                value(logical("long", "timestamp-millis"), time, "\"1969-12-31T23:59:59.123Z\""),
                value(logical("long", "timestamp-micros"), time, "\"1969-12-31T23:59:59.123456Z\""),
                value(logical("long", "timestamp-nanos"), time, "\"1969-12-31T23:59:59.123456789Z\""),
                value(logical("long", "local-timestamp-millis"), local, "\"2026-11-26T01:02:03.123\""),
                value(logical("long", "local-timestamp-micros"), local, "\"2026-11-26T01:02:03.123456\""),
                value(logical("long", "local-timestamp-nanos"), local, "\"2026-11-26T01:02:03.123456789\""));
    }

    @Test
    void everyLogicalTypeOfTheLibrary_hasACase() {
        assertThat(logicalTypes().<Class<?>>map(each -> each.type().getClass()))
                .containsAll(Arrays.stream(LogicalTypes.class.getDeclaredClasses())
                        .filter(type ->
                                LogicalType.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("logicalTypes")
    void logicalTypes_areShownAndWritten(Case each) throws Exception {
        Schema schema = record(each.schema());
        var datum = new GenericData.Record(schema);
        Schema field = schema.getField("v").schema();
        datum.put("v", each.value() instanceof byte[] bytes ? new GenericData.Fixed(field, bytes) : each.value());
        byte[] bytes = write(schema, datum);

        JsonNode shown = new AvroReader(bytes, 0).read(schema);

        assertThat(JsonTrees.write(shown.path("v"))).isEqualTo(each.json());
        assertThat(new AvroWriter().write(schema, shown)).isEqualTo(bytes);
    }

    private static Schema record(String type) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"v\",\"type\":" + type + "}]}");
    }

    private static byte[] write(Schema schema, Object datum) throws IOException {
        var out = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema, DATA).write(datum, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static final String EVERYTHING = "{\"type\":\"record\",\"name\":\"E\",\"fields\":["
            + "{\"name\":\"nothing\",\"type\":\"null\"},{\"name\":\"flag\",\"type\":\"boolean\"},"
            + "{\"name\":\"i\",\"type\":\"int\"},{\"name\":\"l\",\"type\":\"long\"},"
            + "{\"name\":\"f\",\"type\":\"float\"},{\"name\":\"d\",\"type\":\"double\"},"
            + "{\"name\":\"s\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"bytes\"},"
            + "{\"name\":\"fixed\",\"type\":{\"type\":\"fixed\",\"name\":\"X\",\"size\":3}},"
            + "{\"name\":\"enum\",\"type\":{\"type\":\"enum\",\"name\":\"N\",\"symbols\":[\"A\",\"B\",\"C\"]}},"
            + "{\"name\":\"union\",\"type\":[\"null\",\"boolean\",\"long\",\"string\",{\"type\":\"array\",\"items\":\"N\"},"
            + "{\"type\":\"map\",\"values\":\"X\"}]},"
            + "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}},"
            + "{\"name\":\"time\",\"type\":{\"type\":\"int\",\"logicalType\":\"time-millis\"}},"
            + "{\"name\":\"records\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"T\",\"fields\":["
            + "{\"name\":\"children\",\"type\":{\"type\":\"map\",\"values\":\"T\"},\"default\":{}},"
            + "{\"name\":\"next\",\"type\":[\"null\",\"T\"],\"default\":null}]}}}]}";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomRecords_areTheSameAfterARoundTrip(long seed) throws Exception {
        Schema schema = new Schema.Parser().parse(EVERYTHING);
        for (Object datum : new RandomData(schema, 200, seed)) {
            byte[] bytes = write(schema, datum);

            JsonNode shown = new AvroReader(bytes, 0).read(schema);
            byte[] written = new AvroWriter().write(schema, JsonTrees.read(JsonTrees.write(shown)));

            assertThat(new AvroReader(written, 0).read(schema)).isEqualTo(shown);
            var decoder = DecoderFactory.get().binaryDecoder(written, null);
            assertThat(new GenericDatumReader<>(schema).read(null, decoder)).isEqualTo(datum);
            assertThat(decoder.isEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void damagedRecords_areRefusedOrShown_withoutMuchMemory(long seed) throws Exception {
        Schema schema = new Schema.Parser().parse(EVERYTHING);
        var random = new java.util.Random(seed);
        int refused = 0;
        for (Object datum : new RandomData(schema, 300, seed)) {
            byte[] bytes = write(schema, datum);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                new AvroReader(bytes, 0).read(schema);
            } catch (UndecodableException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"float\" | 1e39 | must be a number of 32 bits",
                "\"double\" | 1e309 | must be a number of 64 bits",
                "{\"type\":\"string\",\"logicalType\":\"uuid\"} | \"x\" | must be a UUID",
                "{\"type\":\"fixed\",\"name\":\"D\",\"size\":12,\"logicalType\":\"duration\"} | {\"months\":1} | v.days",
                "{\"type\":\"fixed\",\"name\":\"D\",\"size\":12,\"logicalType\":\"duration\"} | {\"months\":-1,\"days\":1,\"millis\":1}"
                        + " | v.months",
                "{\"type\":\"fixed\",\"name\":\"D\",\"size\":12,\"logicalType\":\"duration\"}"
                        + " | {\"months\":1,\"days\":1,\"millis\":1,\"weeks\":1} | only",
                "{\"type\":\"bytes\",\"logicalType\":\"big-decimal\"} | \"much\" | must be a decimal number",
                "{\"type\":\"fixed\",\"name\":\"D\",\"size\":2} | \"AQ==\" | must have 2 bytes"
            })
    void valuesThatDoNotFit_areRefused(String type, String json, String reason) {
        Schema schema = record(type);
        assertThatThrownBy(() -> new AvroWriter().write(schema, JsonTrees.read("{\"v\":" + json + "}")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void unionsOfUnions_doNotTakeForever() throws Exception {
        Schema schema = new Schema.Parser()
                .parse(
                        "[\"int\",{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"n\",\"type\":[\"int\",\"A\",{"
                                + "\"type\":\"record\",\"name\":\"B\",\"fields\":[{\"name\":\"n\",\"type\":[\"int\",\"A\",\"B\"]}]}]}]},"
                                + "\"B\"]");
        JsonNode value = JsonTrees.read("{\"n\":".repeat(60) + "\"x\"" + "}".repeat(60));
        long start = System.nanoTime();

        assertThatThrownBy(() -> new AvroWriter().write(schema, value)).isInstanceOf(RefusedException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void bytesByThemselves_haveNoLength() throws Exception {
        Schema bytes = Schema.create(Schema.Type.BYTES);

        assertThat(new AvroReader(new byte[] {9, 1, 2}, 1).read(bytes).binaryValue())
                .containsExactly(1, 2);
        assertThat(new AvroWriter().write(bytes, JsonTrees.read("\"AQI=\""))).containsExactly(1, 2);
    }

    @Test
    void hugeNumbers_takeNoTime() throws Exception {
        Schema schema = record("{\"type\":\"bytes\",\"logicalType\":\"big-decimal\"}");
        var inner = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().directBinaryEncoder(inner, null);
        encoder.writeBytes(BigInteger.TEN.toByteArray());
        encoder.writeInt(Integer.MIN_VALUE);
        var outer = new ByteArrayOutputStream();
        EncoderFactory.get().directBinaryEncoder(outer, null).writeBytes(ByteBuffer.wrap(inner.toByteArray()));

        assertThat(new AvroReader(outer.toByteArray(), 0).read(schema).path("v").isBinary())
                .isTrue();
    }
}
