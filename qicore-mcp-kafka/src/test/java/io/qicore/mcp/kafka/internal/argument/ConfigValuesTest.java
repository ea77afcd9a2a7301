package io.qicore.mcp.kafka.internal.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigValuesTest {

    static Stream<Arguments> values() {
        return Stream.of(
                arguments(" 2 ", "2"),
                arguments("", ""),
                arguments(2, "2"),
                arguments(-1L, "-1"),
                arguments(new BigInteger("9223372036854775808"), "9223372036854775808"),
                arguments(86_400_000.0, "86400000"),
                arguments(8.64e7, "86400000"),
                arguments(0.5, "0.5"),
                arguments(0.0, "0"),
                arguments(true, "true"),
                arguments(List.of("compact", "delete"), "compact,delete"),
                arguments(List.of(), ""));
    }

    @ParameterizedTest
    @MethodSource("values")
    void value_becomesText(Object value, String text) {
        assertThat(ConfigValues.texts(Map.of("a", value))).isEqualTo(Map.of("a", text));
    }

    @Test
    void nullAndObjects_areRefusedByName() {
        for (Map<String, ?> values :
                List.of(Collections.singletonMap("retention.ms", null), Map.of("retention.ms", Map.of("days", 1)))) {
            assertThatThrownBy(() -> ConfigValues.texts(values))
                    .isInstanceOfSatisfying(
                            MCPToolError.class, error -> assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT))
                                    .isTrue())
                    .hasMessageContaining("'retention.ms'");
        }
    }

    @ParameterizedTest
    @CsvSource({"30.0,30", "-5.000,-5", "30,30", "30.5,30.5", "1e9,1e9", "earliest,earliest", "'',''"})
    void wholeNumber_losesItsFraction(String text, String plain) {
        assertThat(WholeNumber.plain(text)).isEqualTo(plain);
    }
}
