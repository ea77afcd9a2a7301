package io.qicore.mcp.kafka.marketdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceSettingsTest {

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30s,PT30S", "1m,PT1M", "4h,PT4H", "1d,PT24H", "PT90S,PT90S"})
    void duration_isReadInShortAndInIsoForm(String text, Duration expected) {
        Duration read = settings("{'interval':'" + text + "'}")
                .duration("interval", Duration.ZERO, Duration.ZERO, Duration.ofDays(1));

        assertThat(read).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'interval':'soon'}      | 'interval' must be a duration such as
            {'interval':'2d'}        | 'interval' must be from PT1S to PT24H
            {'interval':60}          | 'interval' must be text
            """)
    void wrongDuration_isNamed(String json, String message) {
        assertInvalid(
                () -> settings(json).duration("interval", Duration.ZERO, Duration.ofSeconds(1), Duration.ofDays(1)),
                message);
    }

    @Test
    void absentAndNull_takeTheDefault() {
        var settings = settings("{'symbols':null}");

        assertThat(settings.texts("symbols", List.of("BTC"))).containsExactly("BTC");
        assertThat(settings.number("rate", 3, 0, 10)).isEqualTo(3);
        assertThat(settings.integer("seed", 0, 10)).isEmpty();
        assertThat(settings.time("startTime")).isEmpty();
        assertThat(settings.numbers("startPrices", 0, 1)).isEmpty();
    }

    @Test
    void values_areRead() {
        var settings = settings("{'symbols':['A','B','A'],'startTime':'2026-01-01T01:00:00+01:00','p':{'A':2.5}}");

        assertThat(settings.texts("symbols", List.of())).containsExactly("A", "B");
        assertThat(settings.time("startTime")).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(settings.numbers("p", 0, 10)).isEqualTo(Map.of("A", 2.5));
    }

    @Test
    void wrongValues_areNamed() {
        assertInvalid(() -> settings("{'symbols':'BTC'}").texts("symbols", List.of()), "'symbols' must be a list");
        assertInvalid(() -> settings("{'symbols':[]}").texts("symbols", List.of()), "'symbols' must be a list");
        assertInvalid(() -> settings("{'symbols':[' ']}").texts("symbols", List.of()), "'symbols' must be text");
        assertInvalid(() -> settings("{'rate':'fast'}").number("rate", 1, 0, 10), "'rate' must be a number from 0.0");
        assertInvalid(() -> settings("{'rate':11}").number("rate", 1, 0, 10), "'rate' must be a number from 0.0");
        assertInvalid(() -> settings("{'n':1.5}").integer("n", 0, 10), "'n' must be a whole number from 0 to 10");
        assertInvalid(() -> settings("{'t':'noon'}").time("t"), "'t' must be a time such as");
        assertInvalid(() -> settings("{'p':{'A':0}}").numbers("p", 1, 10), "'p.A' must be a number from 1.0");
    }

    @Test
    void unknownSetting_isRefusedWithTheNearest() {
        assertInvalid(
                () -> settings("{'symbol':['BTC']}").requireOnly(List.of("type", "symbols")),
                "Unknown setting 'symbol'. Known: type, symbols. Did you mean 'symbols'?");
    }

    private static void assertInvalid(Runnable read, String message) {
        assertThatThrownBy(read::run)
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("INVALID_PRODUCER_CONFIG"))
                .hasMessageContaining(message);
    }

    static SourceSettings settings(String json) {
        try {
            return new SourceSettings((ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (Exception e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
