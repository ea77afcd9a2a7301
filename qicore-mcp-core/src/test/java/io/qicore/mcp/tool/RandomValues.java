package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.MalformedURLException;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes random values of Java types. Times have years of four digits, as RFC 3339 requires. */
final class RandomValues {

    private static final int MAX_DEPTH = 4;
    private static final List<Locale> LOCALES = Arrays.stream(Locale.getAvailableLocales())
            .filter(locale -> locale.equals(Locale.forLanguageTag(locale.toLanguageTag())))
            .toList();

    private final Random random;
    private final Map<Class<?>, Function<RandomValues, Object>> simple = new HashMap<>();
    private int depth;

    RandomValues(Random random) {
        this.random = random;
        put(boolean.class, Boolean.class, r -> random.nextBoolean());
        put(byte.class, Byte.class, r -> (byte) random.nextInt());
        put(short.class, Short.class, r -> (short) random.nextInt());
        put(int.class, Integer.class, r -> random.nextInt() >> random.nextInt(32));
        put(long.class, Long.class, r -> random.nextLong() >> random.nextInt(64));
        put(float.class, Float.class, r -> finiteFloat());
        put(double.class, Double.class, r -> finiteDouble());
        put(char.class, Character.class, r -> character());
        simple.put(BigDecimal.class, r -> new BigDecimal(new BigInteger(200, random), random.nextInt(100) - 20));
        simple.put(BigInteger.class, r -> new BigInteger(300, random).negate());
        simple.put(
                OptionalInt.class, r -> random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty());
        simple.put(
                OptionalLong.class,
                r -> random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty());
        simple.put(
                OptionalDouble.class,
                r -> random.nextBoolean() ? OptionalDouble.of(finiteDouble()) : OptionalDouble.empty());
        simple.put(String.class, r -> text());
        simple.put(CharSequence.class, r -> text());
        simple.put(byte[].class, r -> bytes());
        simple.put(char[].class, r -> ("" + character() + character()).toCharArray());
        simple.put(ByteBuffer.class, r -> ByteBuffer.wrap(bytes()));
        simple.put(UUID.class, r -> new UUID(random.nextLong(), random.nextLong()));
        simple.put(
                URI.class,
                r -> URI.create(pick("a/b", "http://x/?a=%20", "urn:isbn:1", "mailto:a@b", "http://ex\u00e4mple/")));
        simple.put(URL.class, r -> url());
        simple.put(Path.class, r -> Path.of(pick("a", "/a/b", "a/../b", "a b", "\u00e4")));
        simple.put(Charset.class, r -> Charset.forName(pick("UTF-8", "ISO-8859-1", "UTF-16")));
        simple.put(Locale.class, r -> LOCALES.get(random.nextInt(LOCALES.size())));
        simple.put(Currency.class, r -> List.copyOf(Currency.getAvailableCurrencies())
                .get(random.nextInt(100)));
        simple.put(Instant.class, r -> dateTime().toInstant(ZoneOffset.UTC));
        simple.put(OffsetDateTime.class, r -> dateTime().withYear(2000).atOffset(offset()));
        simple.put(ZonedDateTime.class, r -> dateTime().atZone(zone()));
        simple.put(Date.class, r -> Date.from(dateTime().toInstant(ZoneOffset.UTC)));
        simple.put(LocalDate.class, r -> dateTime().toLocalDate());
        simple.put(LocalTime.class, r -> dateTime().toLocalTime());
        simple.put(LocalDateTime.class, r -> dateTime());
        simple.put(OffsetTime.class, r -> dateTime().toLocalTime().atOffset(offset()));
        simple.put(Year.class, r -> Year.of(random.nextInt(3000)));
        simple.put(YearMonth.class, r -> YearMonth.from(dateTime()));
        simple.put(MonthDay.class, r -> MonthDay.from(dateTime()));
        simple.put(Duration.class, r -> Duration.ofSeconds(random.nextInt() / 1000, random.nextInt(3) * 500_000_000L));
        simple.put(Period.class, r -> Period.of(small() - 5, small(), small() - 5));
        simple.put(ZoneId.class, r -> zone());
        simple.put(ZoneOffset.class, r -> offset());
        simple.put(JsonNode.class, r -> json(3));
        simple.put(ObjectNode.class, r -> jsonObject(2));
        simple.put(ArrayNode.class, r -> jsonArray(2));
        simple.put(TypesUnderTest.Topic.class, r -> TypesUnderTest.Topic.of("t" + text()));
        simple.put(TypesUnderTest.Bean.class, r -> bean());
        simple.put(TypesUnderTest.Checked.class, r -> new TypesUnderTest.Checked(small(), 100 + small()));
    }

    private void put(Class<?> primitive, Class<?> box, Function<RandomValues, Object> value) {
        simple.put(primitive, value);
        simple.put(box, value);
    }

    /** Returns a value of a record. */
    <T extends Record> T of(Class<T> type) {
        return type.cast(record(type, Map.of()));
    }

    private Object record(Class<?> type, Map<TypeVariable<?>, Type> variables) {
        Function<RandomValues, Object> known = simple.get(type);
        if (known != null) {
            return known.apply(this);
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        depth++;
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            boolean ignored =
                    components[i].getAccessor().isAnnotationPresent(com.fasterxml.jackson.annotation.JsonIgnore.class);
            values[i] =
                    ignored ? null : value(components[i].getGenericType(), components[i].getAnnotatedType(), variables);
        }
        depth--;
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new AssertionError(type + " " + Arrays.toString(values), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private @Nullable Object value(Type type, @Nullable AnnotatedType use, Map<TypeVariable<?>, Type> variables) {
        if (use != null && use.isAnnotationPresent(Nullable.class) && (depth > MAX_DEPTH || random.nextBoolean())) {
            return null;
        }
        if (type instanceof TypeVariable<?> variable) {
            return value(variables.get(variable), null, variables);
        }
        if (type instanceof GenericArrayType array) {
            return array(array.getGenericComponentType(), part(use, 0), variables);
        }
        if (type instanceof ParameterizedType generic) {
            return generic(generic, use, variables);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == JsonNode.class && use != null && use.isAnnotationPresent(Nullable.class)) {
            // JSON's null counts as absent where a value is optional.
            return jsonObject(2);
        }
        Function<RandomValues, Object> known = simple.get(raw);
        if (known != null) {
            return known.apply(this);
        }
        if (raw.isArray()) {
            return array(raw.getComponentType(), part(use, 0), variables);
        }
        if (raw.isEnum()) {
            return pick(raw.getEnumConstants());
        }
        if (raw.isSealed() || raw == TypesUnderTest.Animal.class) {
            return subtype(raw);
        }
        return record(raw, variables);
    }

    private Object subtype(Class<?> type) {
        if (type == TypesUnderTest.Animal.class) {
            return record(random.nextBoolean() ? TypesUnderTest.Cat.class : TypesUnderTest.Dog.class, Map.of());
        }
        if (depth > MAX_DEPTH && type == TypesUnderTest.Expression.class) {
            return new TypesUnderTest.Constant(small());
        }
        return record(pick(type.getPermittedSubclasses()), Map.of());
    }

    private @Nullable Object generic(
            ParameterizedType type, @Nullable AnnotatedType use, Map<TypeVariable<?>, Type> outer) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == Optional.class) {
            return depth > MAX_DEPTH || random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(value(arguments[0], part(use, 0), outer));
        }
        if (Map.class.isAssignableFrom(raw)) {
            Map<Object, Object> map = map(raw, (Class<?>) arguments[0]);
            for (int i = size(); i > 0; i--) {
                map.put(value(arguments[0], null, outer), value(arguments[1], part(use, 1), outer));
            }
            return map;
        }
        if (Iterable.class.isAssignableFrom(raw)) {
            Collection<Object> items = collection(raw, arguments[0]);
            for (int i = size(); i > 0; i--) {
                items.add(value(arguments[0], part(use, 0), outer));
            }
            return items;
        }
        Map<TypeVariable<?>, Type> variables = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            variables.put(raw.getTypeParameters()[i], arguments[i]);
        }
        return record(raw, variables);
    }

    private static @Nullable AnnotatedType part(@Nullable AnnotatedType use, int index) {
        if (use instanceof AnnotatedArrayType array) {
            return array.getAnnotatedGenericComponentType();
        }
        return use instanceof AnnotatedParameterizedType generic
                ? generic.getAnnotatedActualTypeArguments()[index]
                : null;
    }

    private Object array(Type content, @Nullable AnnotatedType use, Map<TypeVariable<?>, Type> variables) {
        Class<?> raw =
                content instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) content;
        Object array = Array.newInstance(raw, size());
        for (int i = 0; i < Array.getLength(array); i++) {
            Array.set(array, i, value(content, use, variables));
        }
        return array;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<Object, Object> map(Class<?> type, Class<?> key) {
        if (type == EnumMap.class) {
            return new EnumMap(key);
        }
        return type == ConcurrentHashMap.class
                ? new ConcurrentHashMap<>()
                : type.isAssignableFrom(LinkedHashMap.class) ? new LinkedHashMap<>() : new TreeMap<>();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Collection<Object> collection(Class<?> type, Type content) {
        if (type == EnumSet.class) {
            return EnumSet.noneOf((Class) content);
        }
        if (type == ArrayDeque.class) {
            return new ArrayDeque<>();
        }
        if (type.isAssignableFrom(ArrayList.class)) {
            return new ArrayList<>();
        }
        if (type.isAssignableFrom(LinkedList.class)) {
            return new LinkedList<>();
        }
        return type == Set.class ? new HashSet<>() : new TreeSet<>();
    }

    private int size() {
        return depth > MAX_DEPTH ? 0 : random.nextInt(4);
    }

    private int small() {
        return random.nextInt(50);
    }

    private double finiteDouble() {
        double value = random.nextInt(3) == 0 ? random.nextInt(100) / 4.0 : Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : 0.5;
    }

    private float finiteFloat() {
        float value = Float.intBitsToFloat(random.nextInt());
        return Float.isFinite(value) ? value : 0.5f;
    }

    private char character() {
        return pick('a', 'Z', '"', '\\', '\n', '\u0001', '\u00e4', '\u2028', '\u4e2d', '\uffff');
    }

    private String text() {
        return pick("", "a", "a\"b", "\\", "null", "12", "\ud83d\ude80", "line\nline", "" + character());
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        return bytes;
    }

    private URL url() {
        try {
            return new URL(pick("http://localhost/a", "https://example.com/?q=%20"));
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    private LocalDateTime dateTime() {
        return LocalDateTime.of(random.nextInt(9997) + 1, random.nextInt(12) + 1, random.nextInt(28) + 1, 0, 0)
                .plusNanos((long) (random.nextDouble() * 86_400e9) / (random.nextBoolean() ? 1 : 60_000_000_000L) * 1);
    }

    private ZoneOffset offset() {
        return ZoneOffset.ofTotalSeconds((random.nextInt(72) - 36) * 30 * 60);
    }

    private ZoneId zone() {
        return ZoneId.of(pick("Europe/Berlin", "UTC", "America/New_York", "Asia/Kolkata", "+05:00", "Z"));
    }

    private TypesUnderTest.Bean bean() {
        TypesUnderTest.Bean bean = new TypesUnderTest.Bean();
        bean.setId(small());
        bean.setName(text());
        bean.setNote(random.nextBoolean() ? text() : null);
        return bean;
    }

    /** Returns any JSON. */
    JsonNode json(int levels) {
        return switch (random.nextInt(levels > 0 ? 7 : 5)) {
            case 0 -> Json.MAPPER.getNodeFactory().textNode(text());
            case 1 -> Json.MAPPER.getNodeFactory().numberNode(random.nextInt());
            case 2 -> Json.MAPPER.getNodeFactory().numberNode(new BigDecimal(BigInteger.valueOf(random.nextInt()), 3));
            case 3 -> Json.MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
            case 4 -> Json.MAPPER.getNodeFactory().nullNode();
            case 5 -> jsonArray(levels - 1);
            default -> jsonObject(levels - 1);
        };
    }

    private ObjectNode jsonObject(int levels) {
        ObjectNode object = Json.MAPPER.createObjectNode();
        for (int i = random.nextInt(3); i > 0; i--) {
            object.set("m" + i, json(levels));
        }
        return object;
    }

    private ArrayNode jsonArray(int levels) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        for (int i = random.nextInt(3); i > 0; i--) {
            array.add(json(levels));
        }
        return array;
    }

    @SafeVarargs
    private <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }
}
