package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {

    record Polling(
            @Schema("Where to ask") String url,

            @Schema(value = "Seconds", minimum = 1, maximum = 60, defaultValue = "5")
            int every,

            @Schema("A remark") @Nullable String note) {}

    private final RecordSchema<Polling> schema = RecordSchema.of("the config of type 'polling'", Polling.class);

    @Test
    void json_isReadWithDefaults_andNullCountsAsAbsent() {
        assertThat(schema.read(json().put("url", "x").putNull("every").putNull("note")))
                .isEqualTo(new Polling("x", 5, null));
    }

    @Test
    void schema_hasMeaningsAndBounds_andIsACopy() {
        schema.schema().removeAll();

        assertThat(schema.schema().at("/properties/every/description").textValue())
                .isEqualTo("Seconds");
        assertThat(schema.schema().at("/properties/every/maximum").intValue()).isEqualTo(60);
        assertThat(schema.schema().path("required").toString()).isEqualTo("[\"url\"]");
    }

    @Test
    void wrongMember_isNamed() {
        assertRefused(json(), "'url' is required");
        assertRefused(json().put("url", "x").put("every", 61), "'every'");
        assertRefused(json().put("url", "x").put("evry", 1), "Did you mean 'every'?");
    }

    private void assertRefused(ObjectNode json, String message) {
        assertThatThrownBy(() -> schema.read(json))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT))
                                .isTrue())
                .hasMessageContaining("the config of type 'polling'")
                .hasMessageContaining(message);
    }

    private static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }
}
