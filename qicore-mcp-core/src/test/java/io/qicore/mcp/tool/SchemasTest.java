package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SchemasTest {

    enum Side {
        BUY,
        SELL
    }

    record Inner(String name, Optional<Integer> size) {}

    record Everything(
            @Schema("The name") String name,
            int count,
            Optional<String> optional,
            @Nullable String nullable,

            @Schema(value = "With default", minimum = 1, maximum = 9, defaultValue = "5")
            int defaulted,

            @Schema(minLength = 2, maxLength = 3, pattern = "^a")
            String limited,

            @Schema(allowed = {"asc", "desc"}) String order,
            @Schema(minLength = 1, maxLength = 4) List<String> list,
            Side side,
            Inner inner,
            List<Inner> inners,
            Map<String, Integer> map,
            JsonNode any,
            ObjectNode object,
            Instant at,
            Duration during) {}

    record TextWithNumericDefault(
            @Schema(defaultValue = "1") String version) {}

    private final ObjectNode schema = Schemas.forArguments(Everything.class);
    private final JsonNode properties = schema.get("properties");

    @Test
    void required_isExact() {
        assertThat(schema.get("required"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "name", "count", "limited", "order", "list", "side", "inner", "inners", "map", "any", "object",
                        "at", "during");
        assertThat(properties.at("/inner/required"))
                .extracting(JsonNode::asText)
                .containsExactly("name");
    }

    @Test
    void properties_keepTheOrderOfTheRecord() {
        assertThat(properties.fieldNames())
                .toIterable()
                .startsWith("name", "count", "optional", "nullable", "defaulted")
                .endsWith("at", "during");
    }

    @Test
    void types_areThoseOfJson() {
        assertThat(properties.at("/name/type").asText()).isEqualTo("string");
        assertThat(properties.at("/name/description").asText()).isEqualTo("The name");
        assertThat(properties.at("/count/type").asText()).isEqualTo("integer");
        assertThat(properties.at("/optional/type").asText()).isEqualTo("string");
        assertThat(properties.at("/nullable/type").asText()).isEqualTo("string");
        assertThat(properties.at("/defaulted")).isEqualTo(json("""
                {"type": "integer", "description": "With default", "default": 5, "minimum": 1, "maximum": 9}"""));
        assertThat(properties.at("/limited")).isEqualTo(json("""
                {"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^a"}"""));
        assertThat(properties.at("/order")).isEqualTo(json("""
                {"type": "string", "enum": ["asc", "desc"]}"""));
        assertThat(properties.at("/list")).isEqualTo(json("""
                {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 4}"""));
        assertThat(properties.at("/side")).isEqualTo(json("""
                {"type": "string", "enum": ["BUY", "SELL"]}"""));
        assertThat(properties.at("/map/additionalProperties/type").asText()).isEqualTo("integer");
        assertThat(properties.at("/any").isEmpty()).isTrue();
        assertThat(properties.at("/object")).isEqualTo(json("""
                {"type": "object"}"""));
        assertThat(properties.at("/at/type").asText()).isEqualTo("string");
        assertThat(properties.at("/during/type").asText()).isEqualTo("string");
    }

    @Test
    void argumentsAreClosed_resultsAreOpen() {
        assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
        assertThat(schema.get("additionalProperties").isBoolean()).isTrue();
        assertThat(Schemas.forResult(Everything.class).has("additionalProperties"))
                .isFalse();
    }

    @Test
    void emptyRecord_hasNoProperties() {
        record None() {}
        assertThat(Schemas.forArguments(None.class).get("properties").isEmpty()).isTrue();
    }

    @Test
    void defaultOfText_isTextEvenIfItLooksLikeANumber() {
        assertThat(Schemas.forArguments(TextWithNumericDefault.class).at("/properties/version/default"))
                .isEqualTo(Json.MAPPER.getNodeFactory().textNode("1"));
    }

    @Test
    void mapWithAttributes_isOneSchema() {
        record Config(
                @Schema(value = "Settings", defaultValue = "{}")
                Map<String, Integer> config) {}
        assertThat(Schemas.forArguments(Config.class).at("/properties/config")).isEqualTo(json("""
                {"type": "object", "description": "Settings", "default": {},
                 "additionalProperties": {"type": "integer"}}"""));
    }

    @Test
    void classThatIsNoRecord_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schemas.forArguments(String.class))
                .withMessageContaining("not a record");
    }

    @Test
    void handWritten_isCopied() {
        ObjectNode written = Json.object().put("type", "object");
        ObjectNode checked = Schemas.checked(written);
        written.put("type", "string");
        assertThat(checked.get("type").asText()).isEqualTo("object");
    }

    @Test
    void handWritten_needsAnObjectAtItsRoot() {
        assertThatIllegalArgumentException().isThrownBy(() -> Schemas.checked(json("""
                {"type": "string"}""")));
        assertThatIllegalArgumentException().isThrownBy(() -> Schemas.checked(json("{}")));
        assertThatIllegalArgumentException().isThrownBy(() -> Schemas.checked(json("true")));
    }

    @Test
    void handWritten_mustBeJsonSchema() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schemas.checked(json("""
                        {"type": "object", "properties": {"a": {"type": "strange"}}}""")))
                .withMessageContaining("Not a valid JSON Schema");
    }

    static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void keywordsOfOthers_areKeptWithoutAWarning() throws Exception {
        Logger library = (Logger) LoggerFactory.getLogger("com.networknt.schema");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        library.addAppender(log);
        try {
            ObjectNode schema = (ObjectNode) Json.MAPPER.readTree("""
                    {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                     "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}""");
            assertThat(Schemas.checked(schema)).isEqualTo(schema);
            assertThat(Schemas.compile(schema).validate(Json.object().put("region", 5)))
                    .hasSize(1);
            assertThat(log.list).isEmpty();
        } finally {
            library.detachAppender(log);
        }
    }
}
