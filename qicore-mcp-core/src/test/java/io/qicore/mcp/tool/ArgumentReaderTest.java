package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentReaderTest {

    enum Side {
        BUY,
        SELL
    }

    record CreateTopic(
            String name,
            @Schema(minimum = 1) int partitions,
            @Schema(defaultValue = "1") int replicas,
            Optional<String> comment,
            @Nullable Side side) {}

    record Column(
            String name, @Schema(defaultValue = "text") String type, Optional<Boolean> nullable) {}

    record CreateTable(
            Column key,
            List<Column> columns,
            @Schema(defaultValue = "{}") Map<String, Column> more) {}

    record Json(JsonNode any, ObjectNode object, Map<String, Object> map) {}

    record Times(Instant at, Duration during) {}

    record Numbers(
            Optional<Integer> i,
            Optional<Long> l,
            Optional<Double> d,
            Optional<BigDecimal> decimal,
            Optional<BigInteger> big) {}

    record Checked(int low, int high) {
        Checked {
            if (low > high) {
                throw new IllegalArgumentException("low must not be above high");
            }
        }
    }

    @Test
    void missingArguments_getDefaultsOrNothing() {
        assertThat(read(CreateTopic.class, """
                {"name": "prices", "partitions": 3}""")).isEqualTo(new CreateTopic("prices", 3, 1, Optional.empty(), null));
    }

    @Test
    void nullForAnOptionalArgument_isTheSameAsNone() {
        assertThat(read(CreateTopic.class, """
                {"name": "prices", "partitions": 3, "replicas": null, "comment": null, "side": null}""")).isEqualTo(new CreateTopic("prices", 3, 1, Optional.empty(), null));
    }

    @Test
    void nullForARequiredArgument_isRefused() {
        assertThat(refused(CreateTopic.class, """
                {"name": null, "partitions": 3}""").getMessage()).contains("'name'");
    }

    @Test
    void argumentsOfTheCaller_stayUnchanged() {
        ObjectNode arguments = object("""
                {"name": "prices", "partitions": 3, "comment": null}""");
        ObjectNode before = arguments.deepCopy();
        reader(CreateTopic.class).read(arguments);
        assertThat(arguments).isEqualTo(before);
    }

    @Test
    void nestedArguments_getDefaultsAndLoseNullsToo() {
        CreateTable table = read(CreateTable.class, """
                {"key": {"name": "id", "nullable": null},
                 "columns": [{"name": "a"}, {"name": "b", "type": null}],
                 "more": {"c": {"name": "c"}}}""");

        assertThat(table.key()).isEqualTo(new Column("id", "text", Optional.empty()));
        assertThat(table.columns())
                .containsExactly(new Column("a", "text", Optional.empty()), new Column("b", "text", Optional.empty()));
        assertThat(table.more()).containsEntry("c", new Column("c", "text", Optional.empty()));
    }

    @Test
    void unknownArgument_namesTheKnownOnesAndTheNearest() {
        MCPToolError error = refused(CreateTopic.class, """
                {"name": "prices", "partition": 3}""");

        assertThat(error.getMessage())
                .contains("Unknown argument 'partition'", "name, partitions, replicas, comment, side")
                .contains("Did you mean 'partitions'?");
        assertThat(error.context()).containsEntry("argument", "partition").containsKey("known");
    }

    @Test
    void unknownArgumentFarFromAll_hasNoSuggestion() {
        assertThat(refused(CreateTopic.class, """
                {"completely_different": 3}""").getMessage()).doesNotContain("Did you mean");
    }

    @Test
    void everyFault_isNamedWithItsPath() {
        MCPToolError error = refused(CreateTable.class, """
                {"key": {"name": 1}, "columns": [{"name": "a"}, {"type": "x"}, {"name": "b", "tipe": "y"}]}""");

        assertThat(error.getMessage())
                .contains("'key.name'", "'columns.1.name' is required")
                .contains("columns.2", "tipe");
        assertThat(error.context().get("faults"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(3);
    }

    @Test
    void manyFaults_areCutWithACount() {
        StringBuilder columns = new StringBuilder("{}");
        for (int i = 1; i < 30; i++) {
            columns.append(", {}");
        }
        MCPToolError error = refused(CreateTable.class, """
                {"key": {"name": "k"}, "columns": [""" + columns + "]}");
        assertThat(error.getMessage()).contains("20 more").hasSizeLessThan(1000);
    }

    @Test
    void faults_areInEnglishWhateverTheLocaleOfTheJvm() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(refused(CreateTopic.class, """
                    {"name": "prices", "partitions": 0}""").getMessage())
                    .contains("'partitions' must have a minimum value of 1");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void enums_areReadByName() {
        assertThat(read(CreateTopic.class, """
                {"name": "prices", "partitions": 3, "side": "SELL"}""").side()).isEqualTo(Side.SELL);
        assertThat(refused(CreateTopic.class, """
                {"name": "prices", "partitions": 3, "side": "HOLD"}""").getMessage()).contains("'side'", "BUY", "SELL");
    }

    @Test
    void jsonComponents_takeAnyShape() {
        Json json = read(Json.class, """
                {"any": [1, null, {"a": true}], "object": {"x": null}, "map": {"a": [1], "b": "c"}}""");
        assertThat(json.any()).isEqualTo(SchemasTest.json("""
                [1, null, {"a": true}]"""));
        assertThat(json.object()).isEqualTo(SchemasTest.json("""
                {"x": null}"""));
        assertThat(json.map()).containsEntry("a", List.of(1)).containsEntry("b", "c");
        assertThat(refused(Json.class, """
                {"any": 1, "object": [], "map": {}}""").getMessage()).contains("'object'");
    }

    @Test
    void times_areIso8601() {
        assertThat(read(Times.class, """
                {"at": "2026-07-28T10:00:00Z", "during": "PT5M"}"""))
                .isEqualTo(new Times(Instant.parse("2026-07-28T10:00:00Z"), Duration.ofMinutes(5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-02-30T10:00:00Z", ""})
    void timeThatIsNone_isRefusedByName(String at) {
        MCPToolError error = refused(Times.class, "{\"at\": \"" + at + "\", \"during\": \"PT5M\"}");
        assertThat(error.getMessage()).contains("'at'").doesNotContain("java.", "io.qicore");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "3.0", "3e0"})
    void integer_mayBeWrittenAsANumberWithoutFraction(String number) {
        assertThat(read(Numbers.class, "{\"i\": " + number + "}").i()).contains(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5", "\"3\"", "true", "[3]"})
    void integer_isNothingElse(String value) {
        assertThat(refused(Numbers.class, "{\"i\": " + value + "}").getMessage())
                .contains("'i'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999", "-2147483649", "1e300", "123456789012345678901234567890"})
    void integerOutOfRange_isRefusedByName(String number) {
        MCPToolError error = refused(Numbers.class, "{\"i\": " + number + "}");
        assertThat(error.getMessage()).contains("'i'").doesNotContain("java.", "io.qicore");
    }

    @Test
    void largeNumbers_keepTheirValueWhereTheTypeHoldsThem() {
        Numbers numbers = read(Numbers.class, """
                {"l": 9007199254740993, "big": 123456789012345678901234567890, "d": 1e300}""");
        assertThat(numbers.l()).contains(9007199254740993L);
        assertThat(numbers.big()).contains(new BigInteger("123456789012345678901234567890"));
        assertThat(numbers.d()).contains(1e300);
        assertThat(refused(Numbers.class, """
                {"l": 123456789012345678901234567890}""").getMessage()).contains("'l'");
    }

    @Test
    void faultFoundByTheRecordItself_isToldInItsWords() {
        MCPToolError error = refused(Checked.class, """
                {"low": 3, "high": 2}""");
        assertThat(error.getMessage()).contains("low must not be above high").doesNotContain("io.qicore");
    }

    @Test
    void openHandWrittenSchema_takesUnknownArguments() {
        ObjectNode schema = object("""
                {"type": "object", "properties": {"a": {"type": "integer", "default": 7}}}""");
        var reader = new ArgumentReader<>("tool", Schemas.checked(schema), ObjectNode.class);
        assertThat(reader.read(object("""
                {"b": 1}"""))).isEqualTo(object("""
                {"a": 7, "b": 1}"""));
    }

    @Test
    void localReferences_areFollowed() {
        ObjectNode schema = object("""
                {"type": "object", "properties": {"a": {"$ref": "#/$defs/positive"}},
                 "$defs": {"positive": {"type": "integer", "minimum": 1}}}""");
        var reader = new ArgumentReader<>("tool", Schemas.checked(schema), ObjectNode.class);
        MCPToolError error = catchThrowableOfType(MCPToolError.class, () -> reader.read(object("""
                {"a": 0}""")));
        assertThat(error.getMessage()).contains("'a'");
    }

    @Test
    void referenceToTheNetwork_isRefusedAndNeverFetched() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            ObjectNode schema = object("""
                    {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:%d/schema.json"}}}""".formatted(server.getAddress().getPort()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ArgumentReader<>("tool", Schemas.checked(schema), ObjectNode.class))
                    .withMessageContaining("$ref");
            assertThat(requests).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void referenceToAFile_isRefused() {
        ObjectNode schema = object("""
                {"type": "object", "properties": {"a": {"$ref": "file:///etc/hostname"}}}""");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ArgumentReader<>("tool", Schemas.checked(schema), ObjectNode.class));
    }

    @Test
    void standardDialect_mayBeNamed() {
        ObjectNode schema = object("""
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}""");
        assertThat(new ArgumentReader<>("tool", Schemas.checked(schema), ObjectNode.class).read(object("{}")))
                .isEmpty();
    }

    private static <A> ArgumentReader<A> reader(Class<A> type) {
        return new ArgumentReader<>("tool", Schemas.forArguments(type), type);
    }

    private static <A> A read(Class<A> type, String json) {
        return reader(type).read(object(json));
    }

    private static MCPToolError refused(Class<?> type, String json) {
        MCPToolError error = catchThrowableOfType(MCPToolError.class, () -> read(type, json));
        assertThat(error).as("refusal of %s", json).isNotNull();
        assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT)).isTrue();
        return error;
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) SchemasTest.json(json);
    }

    record Named(String name, int count) {}

    private static MCPTool aliased(String alias, String argument) {
        return MCPTool.builder("tool", Named.class, Named.class)
                .description("d")
                .alias(alias, argument)
                .handler((args, context) -> args)
                .build();
    }

    @Test
    void alias_standsForTheArgument() throws Exception {
        for (String arguments : List.of(
                "{\"name\": \"a\", \"count\": 1}",
                "{\"topic\": \"a\", \"count\": 1}",
                "{\"topic\": \"a\", \"name\": \"a\", \"count\": 1}",
                "{\"topic\": \"a\", \"name\": null, \"count\": 1}")) {
            var reader = new ArgumentReader<>(
                    "tool", Schemas.forArguments(Named.class), Named.class, Map.of("topic", "name"));
            assertThat(reader.read(object(arguments))).isEqualTo(new Named("a", 1));
        }
        assertThat(aliased("topic", "name").inputSchema().path("properties").has("topic"))
                .isFalse();
    }

    @Test
    void aliasBesideAnotherValue_isRefused() {
        var reader =
                new ArgumentReader<>("tool", Schemas.forArguments(Named.class), Named.class, Map.of("topic", "name"));

        assertThatThrownBy(() -> reader.read(object("{\"topic\": \"a\", \"name\": \"b\", \"count\": 1}")))
                .hasMessageContaining("another name of 'name'");
    }

    @Test
    void aliasThatIsAnArgumentOrStandsForNone_isRefused() {
        assertThatThrownBy(() -> aliased("count", "name"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tool 'tool': 'count' cannot be an alias of 'name': 'count' is an argument itself.");
        assertThatThrownBy(() -> aliased("topic", "title"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tool 'tool': 'topic' cannot be an alias of 'title': there is no argument 'title'.");
    }
}
