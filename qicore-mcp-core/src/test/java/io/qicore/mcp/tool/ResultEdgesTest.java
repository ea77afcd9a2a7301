package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Java allows as a result matches the schema: nulls and members that are left out, wherever they are declared. */
class ResultEdgesTest {

    record ExtraGetter(int a) {
        public @Nullable String getExtra() {
            return null;
        }
    }

    record NamedMethod(int a) {
        @JsonProperty("twice")
        @Nullable
        Integer doubled() {
            return null;
        }
    }

    static class Getters {
        private final String hidden = "";

        public @Nullable String getHidden() {
            return hidden.isEmpty() ? null : hidden;
        }

        public @Nullable String getOther() {
            return null;
        }

        public List<@Nullable String> getItems() {
            return Arrays.asList("a", null);
        }
    }

    record HasGetters(Getters value) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    interface LeavesOut {}

    record ByInterface(List<String> items, String text) implements LeavesOut {}

    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    static class LeavesOutBase {}

    static class BySuperclass extends LeavesOutBase {
        public int getNumber() {
            return 0;
        }
    }

    record HasSuperclass(BySuperclass value) {}

    record AllowedOrNull(
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable @Schema(allowed = "a")
            String text) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EmptyOptional(Optional<String> text) {}

    static class NullValue {
        @JsonValue
        @Nullable
        String value() {
            return null;
        }
    }

    record HasNullValue(NullValue value) {}

    static class NullItems {
        @JsonValue
        List<@Nullable String> value() {
            return Arrays.asList("a", null);
        }
    }

    record HasNullItems(NullItems value) {}

    record Bounded(List<? extends @Nullable String> items) {}

    record OldDate(Date date) {}

    static Stream<Record> results() {
        return Stream.of(
                new ExtraGetter(1),
                new NamedMethod(1),
                new HasGetters(new Getters()),
                new ByInterface(List.of(), ""),
                new HasSuperclass(new BySuperclass()),
                new AllowedOrNull(null),
                new AllowedOrNull("a"),
                new EmptyOptional(Optional.empty()),
                new HasNullValue(new NullValue()),
                new HasNullItems(new NullItems()),
                new Bounded(Arrays.asList("a", null)),
                new OldDate(new Date(-50_000_000_000_000L)));
    }

    @ParameterizedTest
    @MethodSource("results")
    void result_matchesItsSchema(Record result) {
        MCPTool tool = MCPTool.builder("t", TypesUnderTest.Checked.class, result.getClass())
                .description("d")
                .handler((arguments, context) -> cast(result))
                .build();
        ObjectNode written = Json.MAPPER.valueToTree(result);
        assertThatCode(() -> tool.checkResult(written)).as("%s", written).doesNotThrowAnyException();
    }

    @SuppressWarnings("unchecked")
    private static <T> T cast(Record result) {
        return (T) result;
    }
}
