package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.record;
import static io.qicore.mcp.kafka.records.GetRecordsIT.cursor;
import static io.qicore.mcp.kafka.records.GetRecordsIT.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every input is answered, or refused with an error that says what is wrong with it. */
class OddRecordInputsIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(RecordsMCPServer::new);

    @BeforeAll
    static void prepare() {
        Records.topic(world, "odd", 2);
        Records.writeAll(
                world,
                IntStream.range(0, 10)
                        .mapToObj(i ->
                                record("odd", i % 2, 1_700_000_000_000L + i, "k" + i, "{\"a\":{\"b\":[" + i + "]}}"))
                        .toList());
    }

    /** An input: the tool, one argument, and a part of the error; null if it is answered. */
    private record Input(
            String tool,
            String argument,
            @Nullable Object value,
            @Nullable String error) {}

    private static Input get(String argument, @Nullable Object value, @Nullable String error) {
        return new Input("get_records", argument, value, error);
    }

    private static List<Input> inputs() {
        return List.of(
                get("offset", -1, "earliest or a number"),
                get("offset", 1.5, "earliest or a number"),
                get("offset", "1e400", "earliest or a number"),
                get("offset", "NaN", "earliest or a number"),
                get("offset", "", "earliest or a number"),
                get("offset", true, "earliest or a number"),
                get("offset", List.of(0), "earliest or a number"),
                get("offset", Map.of("a", 1), "earliest or a number"),
                get("offset", "9223372036854775808", "earliest or a number"),
                get("offset", Long.MAX_VALUE, "belongs to one partition"),
                get("offset", " EARLIEST ", null),
                get("offset", "Latest", null),
                get("fromTime", "", "fromTime"),
                get("fromTime", "now", "fromTime"),
                get("fromTime", "2026-13-01T00:00:00Z", "fromTime"),
                get("fromTime", "+999999999-12-31T23:59:59Z", "fromTime"),
                get("fromTime", "-999999999-01-01T00:00:00Z", "fromTime"),
                get("fromTime", "0001-01-01T00:00:00Z", null),
                get("fromTime", "9999-12-31T23:59:59Z", null),
                get("fromTime", "1969-12-31T23:59:59Z", null),
                get("toTime", "0001-01-01T00:00:00Z", null),
                get("toTime", "tomorrow", "toTime"),
                get("partitions", List.of(-1), "partition"),
                get("partitions", List.of(Integer.MAX_VALUE), "partition"),
                get("partitions", List.of(4_294_967_296L), "partitions"),
                get("partitions", List.of(1.5), "partitions"),
                get("partitions", Arrays.asList(0, null), "partitions"),
                get("partitions", "0,1", "partitions"),
                get("partitions", Collections.nCopies(5_000, 1), null),
                get("partitions", List.of(), null),
                get("limit", 0, "limit"),
                get("limit", -5, "limit"),
                get("limit", 501, "limit"),
                get("limit", 1e18, "limit"),
                get("maxBytes", 15, "maxBytes"),
                get("maxBytes", Long.MAX_VALUE, "maxBytes"),
                get("fields", Map.of(), null),
                get("fields", Map.of("", 1), null),
                get("fields", Map.of(".", 1), null),
                get("fields", Map.of("a..b", 1), null),
                get("fields", Map.of("a.b.00", 1), null),
                get("fields", Map.of("a.b.999999999999", 1), null),
                get("fields", Map.of(".*[", "(?"), null),
                get("fields", Map.of("a.".repeat(20_000) + "b", 1), null),
                get("fields", Map.of("a.b", "1e999999999"), null),
                get("fields", Map.of("a.b", "-1e-999999999"), null),
                get("fields", Map.of("a", Map.of("b", 1)), "with dots"),
                get("fields", Map.of("a", List.of(1)), "with dots"),
                get("fields", Collections.singletonMap("a", null), null),
                get("fields", List.of("a"), "fields"),
                get("headers", Map.of("", ""), null),
                get("headers", Map.of("h", 1), "headers"),
                get("key", "", null),
                get("key", "\u0000\ud800", null),
                get("topic", "", "topic"),
                get("topic", "..", "topic"),
                get("topic", "a/b", "topic"),
                get("topic", "x".repeat(300), "topic"),
                get("topic", "__consumer_offsets", "internal"),
                get("topic", "ODD", "odd"),
                get("nosuch", 1, "nosuch"),
                new Input("search_records", "text", "", "text"),
                new Input("search_records", "text", "x".repeat(1_000_000), null),
                new Input("search_records", "text", "\ud83d", null),
                new Input("search_records", "maxMegabytes", 0, "maxMegabytes"),
                new Input("search_records", "maxMegabytes", 2_049, "maxMegabytes"),
                new Input("tail_topic", "seconds", 0, "seconds"),
                new Input("tail_topic", "seconds", 301, "seconds"));
    }

    @Test
    void oddArguments_areAnswered_orRefusedByName() {
        assertThat(inputs()).hasSizeGreaterThan(60);
        for (Input input : inputs()) {
            Map<String, Object> arguments = map("topic", "odd", input.argument(), input.value());
            if (input.tool().equals("search_records")) {
                arguments.putIfAbsent("text", "nothing");
            }
            Throwable failure = catchThrowable(() -> world.call(input.tool(), arguments));
            if (input.error() == null) {
                assertThat(failure)
                        .as(input.argument() + " " + abbreviated(input))
                        .isNull();
            } else {
                assertThat(failure)
                        .as(abbreviated(input))
                        .isInstanceOf(MCPToolError.class)
                        .hasMessageContaining(input.error());
                assertThat(((MCPToolError) failure).is(StandardErrorCode.INTERNAL_ERROR))
                        .as(failure.toString())
                        .isFalse();
            }
        }
    }

    private static String abbreviated(Input input) {
        String text = String.valueOf(input.value());
        return input.argument() + "=" + text.substring(0, Math.min(100, text.length()));
    }

    @Test
    void oddCursors_areRefused_orReadNothingTwice() {
        String real = cursor(world.call("get_records", Map.of("topic", "odd", "offset", "earliest", "limit", 1)));
        String json = new String(Base64.getUrlDecoder().decode(real), StandardCharsets.UTF_8);
        String offsets = json.substring(json.lastIndexOf("\",\"") + 3, json.length() - 2);
        for (String damaged : List.of(
                "",
                " ",
                "x",
                real.substring(1),
                real.substring(0, real.length() - 4),
                real + real,
                encoded("null"),
                encoded("{}"),
                encoded("[]"),
                encoded(json.replace(offsets, "0:-1")),
                encoded(json.replace(offsets, "0:1e3")),
                encoded(json.replace(offsets, "0")),
                encoded(json.replace(offsets, ":")),
                encoded(json.replace(offsets, "a:b")),
                encoded(json.replace(offsets, "0:1,0:2")),
                encoded(json.replace(offsets, ",")),
                encoded(json.replace(offsets, "0:9223372036854775808")),
                encoded(json.replace(offsets, "99999999999:1")),
                encoded(json.replace("\"" + offsets + "\"", "7")),
                encoded(json.replace(",\"" + offsets + "\"", "")),
                encoded("[".repeat(2_000)),
                encoded(json.substring(0, json.indexOf(',')) + ",\"AAAAAAAAAAAAAAAAAAAAAA\",\"0:1\"]"))) {
            assertThat(world.failure("get_records", map("topic", "odd", "offset", "earliest", "cursor", damaged)))
                    .as(damaged)
                    .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT)
                            || e.getMessage().contains("deleted and created again"));
        }
        for (String strange :
                List.of("", "0:0", "0:4", "7:1,0:1", "-1:1,0:1", "0:" + Long.MAX_VALUE, "0:0,1:0,2:0,3:0")) {
            var arguments =
                    map("topic", "odd", "offset", "earliest", "cursor", encoded(json.replace(offsets, strange)));
            var page = world.call("get_records", arguments);
            assertThat(page.path("records").size()).as(strange).isLessThanOrEqualTo(10);
        }
        for (var other : List.of(
                map("topic", "odd", "cursor", real),
                map("topic", "odd", "offset", 0, "partitions", List.of(0), "cursor", real),
                map("topic", "odd", "offset", "earliest", "uncommitted", true, "cursor", real),
                map("topic", "odd", "offset", "earliest", "toTime", "2100-01-01T00:00:00Z", "cursor", real))) {
            assertThat(world.failure("get_records", other)).hasMessageContaining("another call");
        }
        assertThat(world.failure("tail_topic", map("topic", "odd", "cursor", real)))
                .hasMessageContaining("another call");
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
