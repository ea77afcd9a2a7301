package io.qicore.mcp.timescale.internal.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterValuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"x\" | x",
                "1.50 | 1.5",
                "true | true",
                "[1, null, \"NULL\"] | {\"1\",NULL,\"NULL\"}",
                "[\"a\\\"b\\\\c,}\"] | {\"a\\\"b\\\\c,}\"}",
                "[[1], [2]] | {{\"1\"},{\"2\"}}",
                "[] | {}",
                "{\"a\": [1]} | {\"a\":[1]}",
                "[{\"a\": 1}] | {\"{\\\"a\\\":1}\"}"
            })
    void json_becomesTheTextOfAConstant(String json, String text) throws Exception {
        assertThat(ParameterValues.text(new ObjectMapper().readTree(json))).isEqualTo(text);
    }

    @Test
    void null_isNoText() throws Exception {
        assertThat(ParameterValues.text(new ObjectMapper().readTree("null"))).isNull();
    }
}
