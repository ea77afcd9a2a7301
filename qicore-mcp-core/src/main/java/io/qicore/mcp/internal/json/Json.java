package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON mapper that all packages share. Thread-safe. */
public final class Json {

    /** A depth that recursive code, such as schema validation, can process without overflowing the stack of any thread. */
    private static final int MAX_READ_DEPTH = 256;

    /** Larger than the depth that is read, so that an answer that contains a part of a message can always be written. */
    private static final int MAX_WRITE_DEPTH = 2_000;

    /**
     * The mapper. Writes times in ISO-8601, leaves out null and absent members, and writes numbers of everyday size without
     * exponents. Reads only UTF-8; refuses duplicate keys,
     * trailing tokens, and texts that a type could only take as null or as another value. Refuses to write exceptions, whose stack traces
     * are not for clients. Trees that it reads have fractions as doubles; see {@link #read}.
     */
    public static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_READ_DEPTH)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(MAX_WRITE_DEPTH)
                            .build())
                    .build())
            .addModule(new Jdk8Module())
            // Both would change times and zones while they are read.
            .addModule(new JavaTimeModule().disable(JavaTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID))
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
            // Lenient readers drop the Z of a LocalDateTime, and make null of texts without content.
            .defaultLeniency(false)
            .withCoercionConfigDefaults(texts ->
                    texts.setAcceptBlankAsEmpty(false).setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .addModule(new NoNulls())
            .addModule(new SimpleModule()
                    .addSerializer(Double.class, new PlainDoubles())
                    .addSerializer(double.class, new PlainDoubles())
                    .addSerializer(Throwable.class, new NoThrowables())
                    .addSerializer(Locale.class, TextForms.writer(Locale.class, Locale::toLanguageTag))
                    .addDeserializer(Locale.class, TextForms.reader(Locale.class, TextForms::locale))
                    .addSerializer(Path.class, TextForms.writer(Path.class, Path::toString))
                    .addDeserializer(Path.class, TextForms.reader(Path.class, Path::of))
                    .addDeserializer(URI.class, TextForms.reader(URI.class, URI::create))
                    .addDeserializer(Instant.class, TextForms.reader(Instant.class, Times::instant))
                    .addKeyDeserializer(Instant.class, TextForms.keyReader(Instant.class, Times::instant))
                    // Jackson's drops a date before the time.
                    .addDeserializer(LocalTime.class, TextForms.reader(LocalTime.class, LocalTime::parse))
                    .addDeserializer(ZonedDateTime.class, TextForms.reader(ZonedDateTime.class, Times::zoned))
                    // Jackson writes dates before 1582 by another calendar than RFC 3339.
                    .addSerializer(Date.class, TextForms.writer(Date.class, Times::text))
                    .addDeserializer(Date.class, TextForms.reader(Date.class, Times::date)))
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.USE_DEFAULTS))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .nodeFactory(new DecimalNodes())
            .build();

    private static final ObjectReader EXACT = MAPPER.reader()
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

    /**
     * Makes generators for values that are parts of another one. The buffers of this thread are in use by the generator of that
     * one then, so that they would be allocated anew for each part.
     */
    private static final JsonFactory PARTS = MAPPER.getFactory()
            .rebuild()
            .recyclerPool(
                    JsonRecyclerPools.newBoundedPool(2 * Runtime.getRuntime().availableProcessors()))
            .build();

    private Json() {}

    /**
     * Reads a message. Fractions become {@link java.math.BigDecimal}s, so no digit is lost.
     *
     * @throws JsonProcessingException if the bytes are not JSON, or an exponent is beyond the range of an {@code int}
     * @throws IOException if the bytes are not UTF-8
     */
    public static JsonNode read(byte[] message) throws IOException {
        try {
            return EXACT.readTree(message);
        } catch (NumberFormatException e) {
            throw new JsonParseException(null, "A number has too large an exponent.", e);
        }
    }

    /** Returns a reader of values of a type from trees, which keeps all digits of numbers. */
    public static ObjectReader readerFor(Class<?> type) {
        return EXACT.forType(type);
    }

    /** As {@link #readerFor(Class)}, for a generic type. */
    public static ObjectReader readerFor(JavaType type) {
        return EXACT.forType(type);
    }

    /** Returns a new, empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Returns a value as a tree; a value that is a tree already is not copied. */
    public static JsonNode tree(Object value) {
        return value instanceof JsonNode tree ? tree : MAPPER.valueToTree(value);
    }

    /** Returns a value as JSON in UTF-8. Only a few threads at once write large values, because that takes up much memory. */
    public static byte[] bytes(JsonNode value) {
        LargeOutput out = new LargeOutput(null);
        try {
            MAPPER.writeValue(out, value);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            out.end();
        }
    }

    /**
     * Returns a value as JSON which is a part of another value. Unpaired surrogates, which UTF-8 cannot encode, are escaped.
     *
     * @param around what the other value is written to, as its generator returns it; null if it is not known
     */
    public static String text(JsonNode value, @Nullable Object around) {
        LargeOutput out = new LargeOutput(around instanceof LargeOutput output ? output : null);
        try (JsonGenerator generator = PARTS.createGenerator(out)) {
            MAPPER.writeValue(generator, value);
            return out.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            out.end();
        }
    }

    /** Returns a text that is the same for equal values, whatever the order of their members. */
    public static String canonical(JsonNode value) {
        StringBuilder text = new StringBuilder();
        canonical(value, text);
        return text.toString();
    }

    private static void canonical(JsonNode value, StringBuilder text) {
        if (value.isObject()) {
            text.append('{');
            for (var member : members(value).entrySet()) {
                text.append(TextNode.valueOf(member.getKey())).append(':');
                canonical(member.getValue(), text);
                text.append(',');
            }
            text.append('}');
        } else if (value.isArray()) {
            text.append('[');
            for (JsonNode item : value) {
                canonical(item, text);
                text.append(',');
            }
            text.append(']');
        } else if (value.isNumber()) {
            // A client may have read 1.50 and write it as 1.5.
            text.append(value.decimalValue().stripTrailingZeros());
        } else {
            text.append(value);
        }
    }

    private static Map<String, JsonNode> members(JsonNode object) {
        Map<String, JsonNode> members = new TreeMap<>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }
}
