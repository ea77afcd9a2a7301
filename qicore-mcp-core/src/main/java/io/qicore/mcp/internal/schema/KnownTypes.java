package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of the types of the JDK and of Jackson that are neither objects nor containers. Types without a standard
 * form in JSON Schema have an example, by which a model knows how to write them.
 */
final class KnownTypes {

    private static final Map<Class<?>, ObjectNode> SCHEMAS = new HashMap<>();

    /** The types, apart from enums, whose values can be keys of a map: those that are written as the same text there. */
    private static final Set<Class<?>> KEYS = Set.of(
            String.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            BigInteger.class,
            Boolean.class,
            UUID.class,
            URI.class,
            Currency.class,
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            LocalTime.class,
            OffsetDateTime.class,
            Duration.class,
            Period.class,
            Year.class,
            YearMonth.class,
            MonthDay.class,
            ZoneId.class,
            ZoneOffset.class);

    private static final Set<Class<?>> WHOLE_NUMBERS =
            Set.of(Byte.class, Short.class, Integer.class, Long.class, BigInteger.class);

    static {
        put(type("boolean"), boolean.class, Boolean.class);
        put(type("integer").put("minimum", Byte.MIN_VALUE).put("maximum", Byte.MAX_VALUE), byte.class, Byte.class);
        put(type("integer").put("minimum", Short.MIN_VALUE).put("maximum", Short.MAX_VALUE), short.class, Short.class);
        put(type("integer"), int.class, Integer.class, long.class, Long.class, BigInteger.class);
        // Jackson would read a number beyond this range as infinite.
        put(type("number").put("minimum", -Float.MAX_VALUE).put("maximum", Float.MAX_VALUE), float.class, Float.class);
        put(type("number"), double.class, Double.class, BigDecimal.class, Number.class);
        put(type("string"), String.class, CharSequence.class, char[].class);
        put(type("string").put("minLength", 1).put("maxLength", 1), char.class, Character.class);
        put(type("string").put("contentEncoding", "base64"), byte[].class, ByteBuffer.class);
        put(type("string").put("format", "uuid"), UUID.class);
        put(example("https://example.com/a"), URI.class, URL.class);
        put(example("data/2026.csv"), Path.class);
        put(example("UTF-8"), Charset.class);
        put(example("en-US"), Locale.class);
        put(type("string").put("pattern", "^[A-Z]{3}$"), Currency.class);
        put(type("string").put("format", "date-time"), Instant.class, OffsetDateTime.class, Date.class);
        put(example("2026-07-28T10:15:00+02:00[Europe/Berlin]"), ZonedDateTime.class);
        put(example("2026-07-28T10:15:00"), LocalDateTime.class);
        put(type("string").put("format", "date"), LocalDate.class);
        put(example("10:15:00"), LocalTime.class);
        put(example("10:15:00+02:00"), OffsetTime.class);
        put(example("2026"), Year.class);
        put(example("2026-07"), YearMonth.class);
        put(example("--07-28"), MonthDay.class);
        put(example("PT1H30M"), Duration.class);
        put(example("P1M10D"), Period.class);
        put(example("Europe/Berlin"), ZoneId.class);
        put(example("+02:00"), ZoneOffset.class);
        put(Json.object(), Object.class, JsonNode.class);
        put(type("object"), ObjectNode.class);
        put(type("array"), ArrayNode.class);
    }

    private KnownTypes() {}

    /** Returns a new copy of the schema of a type, or null if the type is not in the table. */
    static @Nullable ObjectNode schema(Class<?> type) {
        ObjectNode schema = SCHEMAS.get(type);
        return schema == null ? null : schema.deepCopy();
    }

    /** Returns whether a type other than an enum can be the type of the keys of a map. */
    static boolean isKey(Class<?> type) {
        return KEYS.contains(type);
    }

    static boolean isWholeNumber(Class<?> type) {
        return WHOLE_NUMBERS.contains(type);
    }

    private static ObjectNode type(String name) {
        return Json.object().put("type", name);
    }

    private static ObjectNode example(String text) {
        ObjectNode schema = type("string");
        schema.putArray("examples").add(text);
        return schema;
    }

    private static void put(ObjectNode schema, Class<?>... types) {
        for (Class<?> type : types) {
            SCHEMAS.put(type, schema);
        }
    }
}
