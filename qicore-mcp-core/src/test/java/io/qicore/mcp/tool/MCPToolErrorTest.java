package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.tool.ToolErrors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MCPToolErrorTest {

    @Test
    void cataloguedError_takesItsRetryabilityFromTheCatalogue() {
        MCPToolError error = new MCPToolError(StandardErrorCode.EXTERNAL_SERVICE_ERROR, "down");
        assertThat(error.code()).isEqualTo("EXTERNAL_SERVICE_ERROR");
        assertThat(error.retryable()).isTrue();
        assertThat(error.is(StandardErrorCode.EXTERNAL_SERVICE_ERROR)).isTrue();
        assertThat(error.is(StandardErrorCode.INTERNAL_ERROR)).isFalse();
        assertThat(error).hasToString("MCPToolError[EXTERNAL_SERVICE_ERROR]: down");
        assertThat(new MCPToolError("OWN", "text").retryable()).isFalse();
    }

    @Test
    void context_isCopiedAndUnmodifiable() {
        Map<String, Object> context = new HashMap<>(Map.of("a", 1));
        MCPToolError error = new MCPToolError("OWN", "text", context);
        context.put("b", 2);
        assertThat(error.context()).containsOnlyKeys("a");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> error.context().put("c", 3));
    }

    @Test
    void blankCode_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MCPToolError(" ", "text"));
    }

    @Test
    void json_goesThereAndBackWithoutTheCause() {
        MCPToolError error = new MCPToolError(
                "OWN", "text", Map.of("at", Instant.EPOCH, "n", 1), true, new IllegalStateException("secret"));
        var json = ToolErrors.toJson(error);
        assertThat(json.toString()).doesNotContain("secret");
        MCPToolError back = ToolErrors.fromJson(json).orElseThrow();
        assertThat(back.code()).isEqualTo("OWN");
        assertThat(back).hasMessage("text").hasNoCause();
        assertThat(back.retryable()).isTrue();
        assertThat(back.context()).containsEntry("at", "1970-01-01T00:00:00Z").containsEntry("n", 1);
    }

    @Test
    void jsonOfSomethingElse_isNoError() {
        assertThat(ToolErrors.fromJson(Json.object().put("code", 5))).isEmpty();
        assertThat(ToolErrors.fromJson(Json.object().put("code", "").put("message", "x")))
                .isEmpty();
    }

    @Test
    void javaSerialisation_dropsTheContextOnly() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new MCPToolError("OWN", "text", Map.of("o", new Object())));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            MCPToolError back = (MCPToolError) in.readObject();
            assertThat(back.code()).isEqualTo("OWN");
            assertThat(back.context()).isEmpty();
        }
    }
}
