package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    record Price(BigDecimal price) {}

    record Volume(double volume, Double boxed) {}

    record Times(Instant at, Duration took, Optional<String> absent) {}

    @ParameterizedTest
    @CsvSource({"1E+2, 100", "100.00, 100", "0.10, 0.1", "-1.5E+3, -1500", "0E-9, 0", "1E-9, 0.000000001"})
    void decimal_hasNoExponent(BigDecimal price, String written) throws Exception {
        JsonNode tree = Json.MAPPER.valueToTree(new Price(price));
        assertThat(Json.MAPPER.writeValueAsString(tree)).isEqualTo("{\"price\":" + written + "}");
        assertThat(Json.MAPPER
                        .readValue(Json.MAPPER.writeValueAsBytes(new Price(price)), Price.class)
                        .price())
                .isEqualByComparingTo(price);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1.5, 1.5",
        "9999999, 9999999.0",
        "1E7, 10000000",
        "-12345678.9, -12345678.9",
        "1.2345678901E12, 1234567890100",
        "0.00001234, 0.00001234",
        "1E21, 1.0E21",
        "1E-13, 1.0E-13",
        "1.7976931348623157E308, 1.7976931348623157E308"
    })
    void doubleOfEverydaySize_hasNoExponent(double volume, String written) throws Exception {
        JsonNode tree = Json.MAPPER.valueToTree(new Volume(volume, volume));
        assertThat(Json.MAPPER.writeValueAsString(tree))
                .isEqualTo("{\"volume\":" + written + ",\"boxed\":" + written + "}");
        assertThat(Json.MAPPER.writeValueAsString(new Volume(volume, volume)))
                .isEqualTo(Json.MAPPER.writeValueAsString(tree));
        assertThat(Double.parseDouble(written)).isEqualTo(volume);
    }

    @Test
    void notANumber_isAText() throws Exception {
        assertThat(Json.MAPPER.writeValueAsString(new Volume(Double.NaN, Double.NEGATIVE_INFINITY)))
                .isEqualTo("{\"volume\":\"NaN\",\"boxed\":\"-Infinity\"}");
    }

    @Test
    void times_areIso8601AndAbsentMembersLeftOut() throws Exception {
        assertThat(Json.MAPPER.writeValueAsString(new Times(Instant.EPOCH, Duration.ofMinutes(5), Optional.empty())))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\",\"took\":\"PT5M\"}");
    }

    @Test
    void textThatIsNotOneValue_isRefused() {
        for (String text : new String[] {"{\"a\": 1, \"a\": 2}", "{} {}", "[".repeat(300) + "]".repeat(300)}) {
            assertThatThrownBy(() -> Json.MAPPER.readTree(text)).isInstanceOf(JsonProcessingException.class);
        }
    }

    @Test
    void mapper_isNotTheEnginesOwn() {
        assertThat(Json.MAPPER).isNotSameAs(io.qicore.mcp.internal.json.Json.MAPPER);
    }
}
