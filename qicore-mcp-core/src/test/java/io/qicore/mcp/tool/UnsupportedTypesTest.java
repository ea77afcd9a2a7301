package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.qicore.mcp.internal.schema.Constraints;
import io.qicore.mcp.internal.schema.Direction;
import io.qicore.mcp.internal.schema.SchemaGenerator;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be described is refused when the tool is built, with the name of the component and the way out. */
class UnsupportedTypesTest {

    record Platform(
            InetAddress address,
            Pattern pattern,
            Calendar calendar,
            TimeZone timeZone,
            java.io.File file,
            InputStream stream,
            Stream<String> items,
            Iterator<String> iterator,
            Class<?> type,
            Thread thread,
            BitSet bits,
            Void nothing,
            AtomicInteger counter,
            AtomicLong longCounter,
            AtomicReference<String> reference,
            Map.Entry<String, String> entry,
            Runnable task,
            Comparable<String> comparable,
            StringBuilder builder,
            TextNode node) {}

    record Containers(
            Optional<Optional<String>> twice,
            Optional<JsonNode> json,
            List<Optional<com.fasterxml.jackson.databind.node.ObjectNode>> objects,
            Map<Item, String> byItem,
            Map<Double, String> byDouble,
            Map<byte[], String> byBytes,
            List<Map<Item, String>> deep,
            Empty empty,
            Map<Empty, String> byEmpty) {}

    record Item(String name) {}

    enum Empty {}

    record Exceptions(Throwable failure, List<IllegalStateException> failures) {}

    interface Plain {
        String name();
    }

    abstract static class Abstract {
        public int value;
    }

    sealed interface Untyped {}

    record A(int a) implements Untyped {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface ByClass {}

    record C(int c) implements ByClass {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Known.class, name = "known"))
    sealed interface Incomplete {}

    record Known(int a) implements Incomplete {}

    record Forgotten(int a) implements Incomplete {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_ARRAY)
    @JsonSubTypes(@JsonSubTypes.Type(value = InArray.class, name = "a"))
    interface Wrapped {}

    record InArray(int a) implements Wrapped {}

    record Types(
            Plain plain,
            Abstract base,
            Untyped untyped,
            List<Untyped> untypedItems,
            ByClass byClass,
            Incomplete incomplete,
            Wrapped wrapped) {}

    record Unwrapped(@JsonUnwrapped Item item) {}

    record Formatted(@JsonFormat(pattern = "dd.MM.yyyy") LocalDate date) {}

    record Raw(@JsonRawValue String json) {}

    record Serialized(
            @JsonSerialize(using = ToStringSerializer.class) Item item) {}

    @JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
    static class Identified {
        public int a;
    }

    record Identities(Identified identified) {}

    static class ItemReader extends FromStringDeserializer<Item> {
        private static final long serialVersionUID = 1;

        ItemReader() {
            super(Item.class);
        }

        @Override
        protected Item _deserialize(String text, com.fasterxml.jackson.databind.DeserializationContext context) {
            return new Item(text);
        }
    }

    @JsonDeserialize(using = ItemReader.class)
    @JsonSerialize(using = ToStringSerializer.class)
    static class OwnForm {}

    record OwnForms(OwnForm own) {}

    class Inner {
        public int value;
    }

    static class NoConstructor {
        public int value;

        NoConstructor(int value, String other) {
            this.value = value;
        }
    }

    abstract static class Unusual<T> extends java.util.AbstractList<T> {}

    static class AnyNames {
        @JsonAnySetter
        void set(String name, String value) {}
    }

    record Unreadable(
            Inner inner,
            NoConstructor noConstructor,
            SortedSet<Item> sorted,
            Unusual<String> collection,
            AnyNames anyNames) {}

    record Injected(@JacksonInject String injected) {}

    record Alias(@JsonAlias("old") String renamed) {}

    enum Ambiguous {
        ONE,
        TWO;

        @JsonValue
        String value() {
            return "same";
        }
    }

    enum WithCreator {
        ONE;

        @JsonCreator
        static WithCreator of(String text) {
            throw new IllegalArgumentException("never");
        }
    }

    record BadEnums(Ambiguous ambiguous, WithCreator creator) {}

    record NotAnObject(@JsonValue String value) {}

    /** A record of one component, so that each type is refused for itself. */
    record One<T>(T value) {}

    static Stream<Arguments> eachType() {
        Stream<Arguments> both = Stream.of(
                        Platform.class, Containers.class, Exceptions.class, Types.class, OwnForms.class)
                .flatMap(UnsupportedTypesTest::componentTypes)
                .flatMap(type ->
                        Stream.of(Arguments.of(type, Direction.ARGUMENTS), Arguments.of(type, Direction.RESULTS)));
        Stream<Arguments> arguments = Stream.of(Unreadable.class, BadEnums.class)
                .flatMap(UnsupportedTypesTest::componentTypes)
                .map(type -> Arguments.of(type, Direction.ARGUMENTS));
        return Stream.concat(both, arguments);
    }

    private static Stream<Type> componentTypes(Class<?> type) {
        return Stream.of(type.getRecordComponents()).map(RecordComponent::getGenericType);
    }

    @ParameterizedTest
    @MethodSource("eachType")
    void type_isRefusedWithTheComponentAndTheWayOut(Type type, Direction direction) {
        TypeFactory types = Json.MAPPER.getTypeFactory();
        Type one = types.constructParametricType(One.class, types.constructType(type));
        assertRefused("value", () -> SchemaGenerator.generate(one, direction, field -> Constraints.NONE));
    }

    @ParameterizedTest
    @ValueSource(classes = {Unwrapped.class, Formatted.class, Raw.class, Serialized.class, Identities.class})
    void annotationOfAnotherForm_isRefusedInBothDirections(Class<?> type) {
        String component = type.getRecordComponents()[0].getName();
        assertRefused(component, () -> Schemas.forArguments(type));
        assertRefused(component, () -> Schemas.forResult(type));
    }

    @ParameterizedTest
    @ValueSource(classes = {Injected.class, Alias.class})
    void annotationOfTheReader_isRefusedInArguments(Class<?> type) {
        assertRefused(type.getRecordComponents()[0].getName(), () -> Schemas.forArguments(type));
    }

    private static void assertRefused(String component, ThrowingCallable generation) {
        assertThatIllegalArgumentException()
                .isThrownBy(generation)
                .withMessageContaining("'" + component)
                .withMessageMatching("(?s).*\\. (Use|Make|Name|Remove|Throw|Let|Give) .*\\.");
    }

    record Page<T>(List<T> items) {}

    static class Named<T> {
        public @Nullable T value;
    }

    static class NamedNull extends Named<@Nullable String> {}

    static class Names extends java.util.ArrayList<@Nullable String> {
        private static final long serialVersionUID = 1;
    }

    record NullsInPage(Page<@Nullable String> page) {}

    record NullsDeepInPage(Page<List<@Nullable String>> page) {}

    record NullsInSuperclass(NamedNull named) {}

    record NullsInList(Names names) {}

    record Ever<T>(T value, Optional<Ever<List<T>>> next) {}

    record HasEver(Ever<String> ever) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes(@JsonSubTypes.Type(Deduced.class))
    interface Deducing {}

    record Deduced(int a) implements Deducing {}

    record HasDeducing(Deducing value) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes(@JsonSubTypes.Type(value = Scalar.class, name = "a"))
    interface WithScalar {}

    record Scalar(@JsonValue String value) implements WithScalar {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Scalar {}
    }

    record HasScalar(WithScalar value) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes(@JsonSubTypes.Type(value = Colliding.class, name = "a"))
    interface Collides {}

    record Colliding(String type) implements Collides {}

    record HasColliding(Collides value) {}

    enum Kind {
        OTHER
    }

    @JsonTypeInfo(
            use = JsonTypeInfo.Id.NAME,
            include = JsonTypeInfo.As.EXISTING_PROPERTY,
            property = "kind",
            visible = true)
    @JsonSubTypes(@JsonSubTypes.Type(value = OfKind.class, name = "a"))
    interface ByKind {}

    record OfKind(Kind kind) implements ByKind {}

    record HasKind(ByKind value) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                NullsInPage.class,
                NullsDeepInPage.class,
                NullsInSuperclass.class,
                NullsInList.class,
                HasEver.class,
                HasDeducing.class,
                HasScalar.class,
                HasColliding.class,
                HasKind.class
            })
    void typeThatCannotBeCalledOrReturned_isRefused(Class<?> type) {
        String component = type.getRecordComponents()[0].getName();
        assertRefused(component, () -> Schemas.forArguments(type));
        assertRefused(component, () -> Schemas.forResult(type));
    }

    @Test
    void subtypesWithoutAName_areRefusedInTheWordsOfTheirAnnotation() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schemas.forArguments(HasDeducing.class))
                .withMessageContaining("DEDUCTION");
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Unnamed.class, name = "a"))
    interface Existing {}

    record Unnamed(int a) implements Existing {}

    record HasUnnamed(Existing value) {}

    @Test
    void subtypeThatDoesNotWriteItsName_isRefusedInResults() {
        assertRefused("value", () -> Schemas.forResult(HasUnnamed.class));
    }

    @Test
    void rootThatIsNotAnObject_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schemas.forResult(NotAnObject.class))
                .withMessageContaining("@JsonValue");
    }

    record LeavesOut(
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> items, int always) {}

    @Test
    void memberThatTheWriterLeavesOut_isNotRequiredInResults() {
        assertThat(Schemas.forResult(LeavesOut.class).get("required"))
                .extracting(JsonNode::asText)
                .containsExactly("always");
    }

    record BadPattern(@Schema(pattern = "[a") String code) {}

    record BadDefault(
            @Schema(defaultValue = "7", maximum = 5) int size) {}

    record BadTypeOfDefault(@Schema(defaultValue = "many") int size) {}

    record BadEnumDefault(@Schema(defaultValue = "HOLD") TypesUnderTest.Side side) {}

    record BadDateDefault(
            @Schema(defaultValue = "2026-02-30") LocalDate day) {}

    record BadDurationDefault(
            @Schema(defaultValue = "5 minutes") java.time.Duration pause) {}

    record ShortDefault(
            @Schema(defaultValue = "a", minLength = 2) String name) {}

    record ForeignDefault(
            @Schema(
                    defaultValue = "c",
                    allowed = {"a", "b"})
            String order) {}

    record MinimumOfText(@Schema(minimum = 1) String name) {}

    record LengthOfNumber(@Schema(maxLength = 1) int size) {}

    record PatternOfNumber(@Schema(pattern = "1") int size) {}

    record AllowedNumbers(@Schema(allowed = "1") int size) {}

    record Crossed(@Schema(minimum = 5, maximum = 4) int size) {}

    record CrossedLength(
            @Schema(minLength = 5, maxLength = 4) String name) {}

    record NullDefault(@Schema(defaultValue = "null") Integer size) {}

    record ForeignAllowed(@Schema(allowed = "HOLD") TypesUnderTest.Side side) {}

    record ForeignAllowedDate(
            @Schema(allowed = "31.12.2026") LocalDate day) {}

    record PatternOfCurrency(@Schema(pattern = "^[0-9]+$") java.util.Currency currency) {}

    record PatternOfEnum(@Schema(pattern = "^[a-z]+$") TypesUnderTest.Side side) {}

    record LengthOfEnum(@Schema(minLength = 5) TypesUnderTest.Side side) {}

    record LengthOfDate(@Schema(maxLength = 5) Optional<LocalDate> day) {}

    record PatternOfAllowed(
            @Schema(allowed = "A", pattern = "^[a-z]+$") String text) {}

    record OutsideByte(@Schema(minimum = 128) byte size) {}

    record OutsideInt(@Schema(minimum = 3_000_000_000L) int size) {}

    record LongChar(@Schema(minLength = 2) char letter) {}

    record LargeDefault(@Schema(defaultValue = "1e400") java.math.BigDecimal price) {}

    record DeepBadPattern(List<BadPattern> list) {}

    record DeepBadDefault(Map<String, BadDefault> map) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                BadPattern.class,
                BadDefault.class,
                BadTypeOfDefault.class,
                BadEnumDefault.class,
                BadDateDefault.class,
                BadDurationDefault.class,
                ShortDefault.class,
                ForeignDefault.class,
                MinimumOfText.class,
                LengthOfNumber.class,
                PatternOfNumber.class,
                AllowedNumbers.class,
                Crossed.class,
                CrossedLength.class,
                NullDefault.class,
                DeepBadPattern.class,
                DeepBadDefault.class,
                ForeignAllowed.class,
                ForeignAllowedDate.class,
                PatternOfCurrency.class,
                PatternOfEnum.class,
                LengthOfEnum.class,
                LengthOfDate.class,
                PatternOfAllowed.class,
                OutsideByte.class,
                OutsideInt.class,
                LongChar.class,
                LargeDefault.class
            })
    void constraintThatCannotHold_isRefusedWhenTheToolIsBuilt(Class<? extends Record> type) {
        String component = type.getRecordComponents()[0].getName();
        assertThatIllegalArgumentException()
                .as(type.getSimpleName())
                .isThrownBy(() -> MCPTool.builder("place_order", type, TypesUnderTest.Inner.class)
                        .description("Places an order.")
                        .handler((arguments, context) -> new TypesUnderTest.Inner("", Optional.empty()))
                        .build())
                .withMessageContaining("'place_order'")
                .withMessageContaining("'" + component)
                .withMessageMatching("(?s).*\\. (Correct|Remove|Swap|Make) .*\\.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"type": "object", "properties": {"code": {"type": "string", "pattern": "[a"}}}""", """
                {"type": "object", "properties": {"code": {"type": "integer", "default": "x"}}}""", """
                {"type": "object", "properties": {"code": {"type": "object", "patternProperties": {"[a": {}}}}}""", """
                {"type": "object", "properties": {"code": {"type": "array", "items": {"type": "string", "default": 1}}}}"""})
    void handWrittenSchemas_areCheckedToo(String schema) {
        for (boolean output : List.of(false, true)) {
            var any = Json.MAPPER.createObjectNode().put("type", "object");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> {
                        var builder = MCPTool.builder("t", output ? any : SchemasTest.json(schema))
                                .description("d")
                                .handler((arguments, context) -> "x");
                        (output ? builder.outputSchema(SchemasTest.json(schema)) : builder).build();
                    })
                    .withMessageContaining("'code");
        }
    }
}
