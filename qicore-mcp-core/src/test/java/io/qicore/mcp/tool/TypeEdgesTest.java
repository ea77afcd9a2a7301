package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.qicore.mcp.internal.schema.Constraints;
import io.qicore.mcp.internal.schema.Direction;
import io.qicore.mcp.internal.schema.SchemaGenerator;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Texts and numbers at the edges of types: each is read as exactly that value, or refused. */
class TypeEdgesTest {

    private static final List<String> EDGES = List.of(
            "",
            " ",
            "   ",
            "\n",
            "\t",
            "\u0085",
            "\u2028",
            "1",
            "-1",
            "12345",
            "1.5",
            "1e3",
            "null",
            "P1D",
            "PT1H",
            "pt5m",
            "-PT0.000000001S",
            "P1Y2M3D",
            "P2W",
            "2026",
            "02026",
            "+12026",
            "-0001",
            "2026-02",
            "2026-13",
            "--02-29",
            "--02-30",
            "2026-07-28",
            "2026-02-30",
            "10:15",
            "10:15:00",
            "24:00",
            "23:59:60",
            "10:15:00Z",
            "10:15+02:00",
            "2026-07-28T10:15",
            "2026-07-28T10:15:00Z",
            "2026-07-28t10:15:00z",
            "2026-07-28T10:15:00.123Z",
            "2026-07-28T10:15:00.123456789Z",
            "2026-07-28T23:59:60Z",
            "2026-06-30T23:59:60Z",
            "2026-07-28T24:00:00Z",
            "2026-07-28T10:15:00+02:00",
            "2026-07-28T10:15:00+02:00[Europe/Berlin]",
            "2026-07-28T10:15+05:00[Europe/Berlin]",
            "2026-03-29T02:30:00+01:00[Europe/Berlin]",
            "2026-10-25T02:30:00+01:00[Europe/Berlin]",
            "2026-07-28T10:15:00Z[UTC]",
            "0001-01-01T00:00:00Z",
            "1409-09-08T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "UTC",
            "Z",
            "+02:00",
            "+18:00",
            "+18:01",
            "Europe/Berlin",
            "en",
            "en-US",
            "en_US",
            "und",
            "a",
            " a",
            "a ",
            "a/../b",
            "http://x/%20",
            "http://x/ ",
            "UTF-8",
            "utf-8",
            "EUR",
            "eur",
            "EUR\n",
            "00000000-0000-0000-0000-00000000000A",
            "00000000-0000-0000-0000-00000000000A\n",
            "0-0-0-0-0",
            "BUY");

    /** How the JDK reads the same text. */
    private interface JdkReader {
        Object read(String text) throws Exception;
    }

    private static final Map<Class<?>, JdkReader> READERS = new HashMap<>();

    private static <T> void put(Class<T> type, JdkReader reader) {
        READERS.put(type, reader);
    }

    static {
        put(Duration.class, Duration::parse);
        put(Period.class, Period::parse);
        put(Year.class, Year::parse);
        put(YearMonth.class, YearMonth::parse);
        put(MonthDay.class, MonthDay::parse);
        put(LocalDate.class, LocalDate::parse);
        put(LocalTime.class, LocalTime::parse);
        put(LocalDateTime.class, LocalDateTime::parse);
        put(OffsetTime.class, OffsetTime::parse);
        put(OffsetDateTime.class, OffsetDateTime::parse);
        // The parsers of the next classes turn leap seconds and wrong offsets into other times.
        put(Instant.class, text -> {
            assertThat(text).doesNotContain(":60");
            return Instant.parse(text);
        });
        put(Date.class, text -> {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            assertThat(instant.getNano() % 1_000_000).isZero();
            return Date.from(instant);
        });
        put(ZonedDateTime.class, text -> {
            String local = text.replaceFirst("(?i)(Z|[+-]..:..)?(\\[.*])?$", "");
            ZonedDateTime time = ZonedDateTime.parse(text);
            assertThat(time.toLocalDateTime()).isEqualTo(LocalDateTime.parse(local));
            assertThat(text.toUpperCase(Locale.ROOT)).contains(time.getOffset().getId());
            return time;
        });
        put(ZoneId.class, ZoneId::of);
        put(ZoneOffset.class, ZoneOffset::of);
        put(Locale.class, text -> {
            assertThat(text).isNotEmpty();
            return new Locale.Builder().setLanguageTag(text).build();
        });
        put(Charset.class, Charset::forName);
        put(Path.class, Path::of);
        put(URI.class, URI::create);
        put(URL.class, URL::new);
        put(Currency.class, Currency::getInstance);
        put(UUID.class, UUID::fromString);
        put(TypesUnderTest.Side.class, TypesUnderTest.Side::valueOf);
    }

    record One<T>(T value) {}

    static Stream<Arguments> readers() {
        return READERS.entrySet().stream().map(type -> Arguments.of(type.getKey(), type.getValue()));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void text_isReadAsTheJdkReadsItOrRefused(Class<?> type, JdkReader jdk) {
        TypeFactory types = Json.MAPPER.getTypeFactory();
        List<Type> shapes = List.of(
                type,
                types.constructCollectionType(List.class, type),
                types.constructParametricType(Optional.class, type));
        int bound = 0;
        for (String text : EDGES) {
            for (int shape = 0; shape < shapes.size(); shape++) {
                Object read = read(shapes.get(shape), shape == 1 ? List.of(text) : text);
                if (read == null) {
                    continue;
                }
                bound++;
                Object value = read instanceof List<?> list
                        ? list.get(0)
                        : read instanceof Optional<?> optional ? optional.orElse(null) : read;
                assertThat(value).as("'%s' in %s", text, shapes.get(shape)).isEqualTo(expected(jdk, text));
            }
        }
        assertThat(bound).isPositive();
    }

    /** Returns null if the JDK refuses the text. Ignores blanks around the text. */
    private static @Nullable Object expected(JdkReader jdk, String text) {
        for (String candidate : List.of(text, text.trim())) {
            try {
                return jdk.read(candidate);
            } catch (Exception | AssertionError refused) {
                // The next candidate, or none.
            }
        }
        return "refused";
    }

    @ParameterizedTest
    @MethodSource("readers")
    void key_isReadAsAValueOrRefused(Class<?> type, JdkReader jdk) {
        TypeFactory types = Json.MAPPER.getTypeFactory();
        Type map = types.constructMapType(Map.class, type, Boolean.class);
        for (Direction direction : Direction.values()) {
            try {
                SchemaGenerator.generate(
                        types.constructParametricType(One.class, types.constructType(map)),
                        direction,
                        f -> Constraints.NONE);
            } catch (IllegalArgumentException notAKey) {
                return;
            }
        }
        for (String text : EDGES) {
            Object read = read(map, Map.of(text, true));
            if (read != null) {
                assertThat(((Map<?, ?>) read).keySet().iterator().next())
                        .as("'%s'", text)
                        .isEqualTo(expected(jdk, text));
            }
        }
    }

    /** Returns the value of a component of a type, or null if the schema or the binder refuses it. */
    private static @Nullable Object read(Type type, Object json) {
        TypeFactory types = Json.MAPPER.getTypeFactory();
        var one = types.constructParametricType(One.class, types.constructType(type));
        ObjectNode arguments = Json.MAPPER.createObjectNode().set("value", Json.MAPPER.valueToTree(json));
        ObjectNode schema = SchemaGenerator.generate(one, Direction.ARGUMENTS, field -> Constraints.NONE);
        if (!Schemas.compile(schema).validate(arguments).isEmpty()) {
            return null;
        }
        try {
            One<?> read = io.qicore.mcp.internal.json.Json.readerFor(one).readValue(arguments);
            assertThat(read.value()).as("%s as %s", arguments, type).isNotNull();
            return read.value();
        } catch (java.io.IOException refused) {
            return null;
        }
    }

    record Patterns(
            @Schema(pattern = "^[a-z]+$") @Nullable String letters,
            @Schema(pattern = "^a.b$") @Nullable String any,
            @Schema(pattern = "^[a[&&]+$") @Nullable String brackets,
            @Schema(pattern = "^\\S+$") @Nullable String word,
            @Schema(pattern = "^a\\$") @Nullable String dollar,
            @Nullable Currency currency,
            @Nullable UUID uuid,
            @Nullable LocalDate date,
            @Nullable Instant instant,
            @Nullable Map<Integer, Integer> keys) {}

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", "\u0085", "\u2028", "\u2029"})
    void lineBreakAtTheEnd_isPartOfTheText(String end) {
        Map<String, Object> valid = Map.of(
                "letters", "abc",
                "currency", "EUR",
                "uuid", "00000000-0000-0000-0000-00000000000a",
                "date", "2026-07-28",
                "instant", "2026-07-28T10:15:00Z");
        assertThat(read(Patterns.class, valid)).isNotNull();
        valid.forEach((name, text) -> refused(Patterns.class, Map.of(name, text + end)));
        assertThat(read(Patterns.class, Map.of("keys", Map.of("-1", 1)))).isNotNull();
        refused(Patterns.class, Map.of("keys", Map.of("-1" + end, 1)));
    }

    @Test
    void numberAsKey_hasOneText() {
        assertThat(read(Patterns.class, Map.of("keys", Map.of("0", 1, "10", 1))).keys())
                .hasSize(2);
        for (String text : List.of("01", "-0", "+1", "-01", "")) {
            refused(Patterns.class, Map.of("keys", Map.of(text, 1)));
        }
    }

    @Test
    void patterns_areThoseOfEcma262() {
        assertThat(read(Patterns.class, Map.of("any", "a\u0085b", "brackets", "[&a", "word", "a", "dollar", "a$")))
                .isNotNull();
        refused(Patterns.class, Map.of("any", "a\u2028b"));
        refused(Patterns.class, Map.of("brackets", "b"));
        refused(Patterns.class, Map.of("word", "a\u00a0b"));
        refused(Patterns.class, Map.of("dollar", "a"));
    }

    record Exact(
            @Schema(defaultValue = "0.12345678901234567890123456789")
            BigDecimal small,

            @Schema(defaultValue = "100000000000000000000.01")
            BigDecimal large,

            @Schema(defaultValue = "[1.00000000000000000001]")
            List<BigDecimal> list,

            @Schema(defaultValue = "1e23") BigInteger whole) {}

    @Test
    void defaultValues_keepAllDigits() {
        Exact exact = read(Exact.class, Map.of());
        assertThat(exact.small()).isEqualByComparingTo("0.12345678901234567890123456789");
        assertThat(exact.large()).isEqualByComparingTo("100000000000000000000.01");
        assertThat(exact.list().get(0)).isEqualByComparingTo("1.00000000000000000001");
        assertThat(exact.whole()).isEqualTo(BigInteger.TEN.pow(23));
    }

    record MustBeThere(
            @JsonProperty(required = true) @Nullable String nullable,
            @JsonProperty(required = true) Optional<String> optional) {}

    @Test
    void requiredMember_mustBeThereButMayBeNull() {
        Map<String, Object> nulls = new HashMap<>();
        nulls.put("nullable", null);
        nulls.put("optional", null);
        assertThat(read(MustBeThere.class, nulls)).isEqualTo(new MustBeThere(null, Optional.empty()));
        refused(MustBeThere.class, Map.of("nullable", "a"));
        refused(MustBeThere.class, Map.of("optional", "a"));
    }

    static final class Created {
        final String text;

        @JsonCreator
        Created(@JsonProperty("a") String first, @JsonProperty("b") @Nullable String second) {
            text = first + second;
        }
    }

    record HasCreated(Created created) {}

    @Test
    void nullableParameterOfACreator_isOptional() {
        assertThat(read(HasCreated.class, Map.of("created", Map.of("a", "x"))).created().text)
                .isEqualTo("xnull");
        refused(HasCreated.class, Map.of("created", Map.of("b", "x")));
    }

    static final class Sometimes {
        final String text;

        private Sometimes(String text) {
            this.text = text;
        }

        @JsonCreator
        static @Nullable Sometimes of(String text) {
            return text.equals("none") ? null : new Sometimes(text);
        }
    }

    record HasSometimes(Sometimes value) {}

    @Test
    void factoryMethodThatReturnsNull_refuses() {
        assertThat(read(HasSometimes.class, Map.of("value", "some"))).isNotNull();
        refused(HasSometimes.class, Map.of("value", "none"));
    }

    record Narrow(
            @Schema(minimum = -1000, maximum = 1000) byte number,
            @Schema(maxLength = 5) char letter,
            @Schema(minimum = 0, maximum = 10_000_000_000L) int size) {}

    @Test
    void limits_doNotWidenThoseOfTheType() {
        assertThat(SchemasTest.json(
                        Schemas.forArguments(Narrow.class).get("properties").toString()))
                .isEqualTo(SchemasTest.json("""
                {"number": {"type": "integer", "minimum": -128, "maximum": 127},
                 "letter": {"type": "string", "minLength": 1, "maxLength": 1},
                 "size": {"type": "integer", "minimum": 0, "maximum": 2147483647}}"""));
    }

    record Throwing(String with) {
        Throwing {
            switch (with) {
                case "nothing" -> throw new IllegalArgumentException();
                case "code" -> throw new MCPToolError("BAD_A", "a is bad");
                case "null" -> throw new NullPointerException("io.qicore.secret");
                case "state" -> throw new IllegalStateException("io.qicore.secret");
                default -> throw new IllegalArgumentException("a reason");
            }
        }
    }

    record HasThrowing(Throwing inner) {}

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "null", "state", "message"})
    void exceptionOfAConstructor_isToldWithoutInternals(String with) {
        Logger logger = (Logger) LoggerFactory.getLogger(ArgumentReader.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            MCPToolError root = refused(Throwing.class, Map.of("with", with));
            MCPToolError inner = refused(HasThrowing.class, Map.of("inner", Map.of("with", with)));
            boolean message = with.equals("message");
            assertThat(root)
                    .hasMessage("Invalid arguments for t: "
                            + (message ? "a reason" : "the tool does not accept these values") + ".");
            assertThat(inner)
                    .hasMessage("Invalid arguments for t: 'inner' "
                            + (message ? "a reason" : "is not accepted by the tool") + ".");
            assertThat(log.list).hasSize(with.equals("null") || with.equals("state") ? 2 : 0);
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void toolErrorOfAConstructor_keepsItsCode() {
        assertThatExceptionOfType(MCPToolError.class)
                .isThrownBy(() -> read(HasThrowing.class, Map.of("inner", Map.of("with", "code"))))
                .withMessage("a is bad")
                .satisfies(error -> assertThat(error.code()).isEqualTo("BAD_A"));
    }

    private static <T extends Record> T read(Class<T> type, Map<String, ?> arguments) {
        return new ArgumentReader<>("t", Schemas.forArguments(type), type).read(Json.MAPPER.valueToTree(arguments));
    }

    private static MCPToolError refused(Class<? extends Record> type, Map<String, ?> arguments) {
        MCPToolError error = catchThrowableOfType(MCPToolError.class, () -> read(type, arguments));
        assertThat(error).as("%s", arguments).isNotNull();
        assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT)).isTrue();
        return error;
    }
}
