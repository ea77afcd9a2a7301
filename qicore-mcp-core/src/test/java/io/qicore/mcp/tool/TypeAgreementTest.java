package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.client.MCPClient;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks every type through schema, binder and writer with random values. */
class TypeAgreementTest {

    private static final int VALUES = 40;
    private static final int DOCUMENTS = 200;

    /** Numbers are equal by value, and collections by content, whatever their class. */
    private static final RecursiveComparisonConfiguration EQUALITY = RecursiveComparisonConfiguration.builder()
            .withEqualsForType((a, b) -> a.compareTo(b) == 0, BigDecimal.class)
            .withEqualsForType(Double::equals, Double.class)
            .withEqualsForType(Float::equals, Float.class)
            .build();

    static Stream<Class<? extends Record>> types() {
        return TypesUnderTest.all().stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    <T extends Record> void writtenValue_matchesTheOutputSchemaAndReadsBackEqual(Class<T> type) throws Exception {
        MCPTool tool = echo(type);
        RandomValues values = new RandomValues(new Random(type.getName().hashCode()));
        try (TestServer server = TestServer.of("types", List.of(tool));
                MCPClient client = MCPClient.inProcess(server)) {
            server.initialize();
            for (int i = 0; i < VALUES; i++) {
                T value = values.of(type);
                ObjectNode written = Json.MAPPER.valueToTree(value);
                tool.checkResult(written);
                assertThat(client.call("echo", value, type))
                        .as("%s", written)
                        .usingRecursiveComparison(EQUALITY)
                        .isEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    <T extends Record> void valueOfTheSchema_bindsOrIsRefusedByName(Class<T> type) {
        ObjectNode schema = Schemas.forArguments(type);
        ArgumentReader<T> reader = new ArgumentReader<>("echo", schema, type);
        RandomJson json = new RandomJson(new Random(type.getName().hashCode()), schema);
        int bound = 0;
        RandomValues values = new RandomValues(new Random(type.getName().hashCode()));
        for (int i = 0; i < DOCUMENTS; i++) {
            ObjectNode arguments =
                    i % 2 == 0 ? json.object() : json.withOneOther(Json.MAPPER.valueToTree(values.of(type)));
            try {
                T read = reader.read(arguments);
                ObjectNode written = Json.MAPPER.valueToTree(read);
                assertNothingLost(arguments, written, schema);
                assertThat(reader.read(written))
                        .usingRecursiveComparison(EQUALITY)
                        .isEqualTo(read);
                bound++;
            } catch (MCPToolError e) {
                assertThat(e.is(StandardErrorCode.INVALID_ARGUMENT)).isTrue();
                assertThat(e.getMessage())
                        .startsWith("Invalid arguments for echo: ")
                        .doesNotContain("io.qicore", "null:");
            } catch (RuntimeException e) {
                throw new AssertionError("Neither bound nor refused: " + arguments, e);
            }
        }
        assertThat(bound).as("values that were read").isPositive();
    }

    /** Checks that each member and item that was given, and is not null, is there after it was read. */
    private static void assertNothingLost(JsonNode given, JsonNode read, JsonNode declared) {
        if (given.isObject() && read.isObject() && declared.path("properties").isObject()) {
            given.properties().forEach(member -> {
                if (!member.getValue().isNull()) {
                    assertThat(read.hasNonNull(member.getKey()))
                            .as("%s of %s, read as %s", member.getKey(), given, read)
                            .isTrue();
                    assertNothingLost(
                            member.getValue(),
                            read.get(member.getKey()),
                            declared.path("properties").path(member.getKey()));
                }
            });
        } else if (given.isArray() && read.isArray() && given.size() == read.size()) {
            for (int i = 0; i < given.size(); i++) {
                assertThat(read.get(i).isNull())
                        .as("%s, read as %s", given, read)
                        .isEqualTo(given.get(i).isNull());
            }
        }
    }

    private static <T extends Record> MCPTool echo(Class<T> type) {
        return MCPTool.builder("echo", type, type)
                .description("Returns its arguments.")
                .annotations(ToolAnnotations.readOnly())
                .handler((value, context) -> value)
                .build();
    }
}
