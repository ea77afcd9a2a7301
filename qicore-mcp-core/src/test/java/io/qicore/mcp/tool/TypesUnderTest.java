package io.qicore.mcp.tool;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
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
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The records whose schema, binder and writer must agree, by subject. */
final class TypesUnderTest {

    private TypesUnderTest() {}

    record Primitives(boolean a, byte b, short c, int d, long e, float f, double g, char h) {}

    record Boxes(Boolean a, Byte b, Short c, Integer d, Long e, Float f, Double g, Character h) {}

    record Numbers(BigDecimal decimal, BigInteger whole) {}

    record Optionals(OptionalInt a, OptionalLong b, OptionalDouble c, Optional<String> d, Optional<BigDecimal> e) {}

    record OptionalContainers(
            Optional<List<String>> list,
            List<Optional<Integer>> items,
            Map<String, Optional<String>> values,
            Optional<Inner> inner) {}

    record Nullables(
            @Nullable String text,
            @Nullable Integer number,
            List<@Nullable String> items,
            Map<String, @Nullable Inner> values,
            @Nullable Side[] array) {}

    record Texts(String a, CharSequence b, char[] c) {}

    record Bytes(byte[] bytes, List<byte[]> list, Optional<byte[]> optional, ByteBuffer buffer) {}

    record Arrays(
            int[] a,
            long[] b,
            double[] c,
            float[] d,
            boolean[] e,
            short[] f,
            String[] g,
            Inner[] h,
            int[][] i,
            Optional<Integer>[] j) {}

    record Identifiers(UUID uuid, URI uri, URL url, Path path, Charset charset, Locale locale, Currency currency) {}

    record Instants(Instant instant, OffsetDateTime offset, ZonedDateTime zoned, Date date) {}

    record LocalTimes(LocalDate date, LocalTime time, LocalDateTime dateTime, OffsetTime offsetTime) {}

    record Calendar(Year year, YearMonth yearMonth, MonthDay monthDay, Month month, DayOfWeek day) {}

    record Amounts(Duration duration, Period period) {}

    record Zones(ZoneId id, ZoneOffset offset) {}

    record Collections(
            List<String> a,
            Set<Integer> b,
            SortedSet<String> c,
            NavigableSet<Integer> d,
            Collection<Long> e,
            Queue<String> f,
            Deque<String> g,
            ArrayList<String> h,
            LinkedList<Integer> i,
            EnumSet<Side> j,
            List<List<Integer>> k) {}

    record Iterables(Iterable<String> items) {}

    record Deques(ArrayDeque<Integer> items) {}

    record Maps(
            Map<String, Integer> a,
            SortedMap<String, Inner> b,
            LinkedHashMap<String, List<String>> c,
            TreeMap<Integer, String> d,
            ConcurrentHashMap<String, Boolean> e,
            EnumMap<Side, Integer> f) {}

    record TextKeys(
            Map<Side, Integer> a,
            Map<Renamed, Integer> b,
            Map<UUID, Integer> c,
            Map<URI, Integer> d,
            Map<Currency, Integer> e,
            Map<Boolean, Integer> f) {}

    record NumberKeys(
            Map<Byte, Integer> a,
            Map<Short, Integer> b,
            Map<Integer, Integer> c,
            Map<Long, Integer> d,
            Map<BigInteger, Integer> e) {}

    record TimeKeys(
            Map<Instant, Integer> a,
            Map<LocalDate, Integer> b,
            Map<LocalDateTime, Integer> c,
            Map<LocalTime, Integer> d,
            Map<OffsetDateTime, Integer> e,
            Map<Duration, Integer> f,
            Map<Period, Integer> g,
            Map<Year, Integer> h,
            Map<YearMonth, Integer> i,
            Map<MonthDay, Integer> j,
            Map<ZoneId, Integer> k,
            Map<ZoneOffset, Integer> l,
            Map<DayOfWeek, Integer> m) {}

    record Json(
            JsonNode any,
            @Nullable JsonNode maybe,
            @Nullable ObjectNode maybeObject,
            ObjectNode object,
            ArrayNode array,
            Map<String, JsonNode> map) {}

    enum Side {
        BUY,
        SELL
    }

    enum WithBodies {
        ONE {
            @Override
            int value() {
                return 1;
            }
        },
        TWO {
            @Override
            int value() {
                return 2;
            }
        };

        abstract int value();

        @Override
        public String toString() {
            return "number " + value();
        }
    }

    enum Renamed {
        @JsonProperty("at-once")
        NOW,
        @JsonProperty("later")
        LATER,
        NEVER
    }

    enum ByText {
        SMALL("s"),
        LARGE("l");

        private final String code;

        ByText(String code) {
            this.code = code;
        }

        @JsonValue
        String code() {
            return code;
        }
    }

    enum ByNumber {
        LOW(10),
        HIGH(20);

        private final int level;

        ByNumber(int level) {
            this.level = level;
        }

        @JsonValue
        int level() {
            return level;
        }

        @JsonCreator
        static ByNumber of(int level) {
            return level == 10 ? LOW : HIGH;
        }
    }

    enum WithAlias {
        @JsonAlias({"colour", "farbe"})
        COLOR,
        SIZE
    }

    record Enums(
            Side a, WithBodies b, Renamed c, ByText d, ByNumber e, WithAlias f, Optional<Renamed> g, List<Renamed> h) {}

    record Inner(String name, Optional<Integer> size) {}

    record Nested(Inner inner, List<Inner> inners, Map<String, Inner> map) {}

    record RenamedMembers(
            @JsonProperty("first-name") String first,

            @JsonProperty("last.name") @Schema("Family name")
            String last,

            @JsonIgnore @Nullable String secret) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Snake(String firstName, List<SnakeItem> allItems) {}

    @JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
    record SnakeItem(int itemCount) {}

    record WithNull(
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String text,

            @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Inner> inner) {}

    record Page<T>(List<T> items, Optional<T> first, Map<String, T> byName) {}

    record Generics(Page<Inner> inners, Page<Integer> numbers, Page<Page<String>> pages) {}

    record Tree(String name, List<Tree> children, Optional<Tree> favourite) {}

    record Forest(Tree first, List<Tree> trees, Map<String, Tree> byName) {}

    record Folder(String name, List<File> files) {}

    record File(String name, @Nullable Folder linksTo) {}

    record Drive(Folder root) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square"),
        @JsonSubTypes.Type(value = Nothing.class, name = "nothing")
    })
    sealed interface Shape {}

    record Circle(
            double radius, @Schema(defaultValue = "cm") String unit) implements Shape {}

    record Square(int side, Optional<String> label) implements Shape {}

    record Nothing() implements Shape {}

    record Shapes(Shape shape, List<Shape> shapes, Map<String, Shape> map, Optional<Shape> optional, Circle circle) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({@JsonSubTypes.Type(Sum.class), @JsonSubTypes.Type(Constant.class)})
    sealed interface Expression {}

    @JsonTypeName("sum")
    record Sum(Expression left, Expression right) implements Expression {}

    @JsonTypeName("constant")
    record Constant(int value) implements Expression {}

    record Expressions(Expression expression) {}

    @JsonTypeInfo(
            use = JsonTypeInfo.Id.NAME,
            include = JsonTypeInfo.As.EXISTING_PROPERTY,
            property = "type",
            visible = true)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Cat.class, name = "cat"),
        @JsonSubTypes.Type(value = Dog.class, name = "dog")
    })
    interface Animal {}

    record Cat(String type, int lives) implements Animal {
        Cat {
            type = "cat";
        }
    }

    record Dog(String type, String breed) implements Animal {
        Dog {
            type = "dog";
        }
    }

    record Animals(Animal animal) {}

    record Amount(@JsonValue BigDecimal value) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Amount {}
    }

    static final class Topic {

        private final String name;

        private Topic(String name) {
            this.name = name;
        }

        @JsonCreator
        static Topic of(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a topic needs a name");
            }
            return new Topic(name);
        }

        @JsonValue
        String name() {
            return name;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Topic topic && topic.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    record Values(Amount amount, List<Amount> amounts, Topic topic) {}

    static class Base {
        private int id;

        public int getId() {
            return id;
        }

        public void setId(int id) {
            this.id = id;
        }

        @Override
        public boolean equals(Object other) {
            return other != null && other.getClass() == getClass() && ((Base) other).id == id;
        }

        @Override
        public int hashCode() {
            return id;
        }
    }

    static class Bean extends Base {
        private String name = "";
        private @Nullable String note;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public @Nullable String getNote() {
            return note;
        }

        public void setNote(@Nullable String note) {
            this.note = note;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other) && ((Bean) other).name.equals(name) && Objects.equals(((Bean) other).note, note);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    record Beans(Bean bean, List<Bean> beans) {}

    record Checked(int low, int high) {
        Checked {
            if (low > high) {
                throw new IllegalArgumentException("low must not be above high");
            }
        }
    }

    private record Private(int value, Checked checked) {}

    static List<Class<? extends Record>> all() {
        return List.of(
                Primitives.class,
                Boxes.class,
                Numbers.class,
                Optionals.class,
                OptionalContainers.class,
                Nullables.class,
                Texts.class,
                Bytes.class,
                Arrays.class,
                Identifiers.class,
                Instants.class,
                LocalTimes.class,
                Calendar.class,
                Amounts.class,
                Zones.class,
                Collections.class,
                Iterables.class,
                Deques.class,
                Maps.class,
                TextKeys.class,
                NumberKeys.class,
                TimeKeys.class,
                Json.class,
                Enums.class,
                Nested.class,
                RenamedMembers.class,
                Snake.class,
                WithNull.class,
                Generics.class,
                Tree.class,
                Forest.class,
                Drive.class,
                Shapes.class,
                Circle.class,
                Expressions.class,
                Animals.class,
                Values.class,
                Beans.class,
                Checked.class,
                Private.class);
    }
}
