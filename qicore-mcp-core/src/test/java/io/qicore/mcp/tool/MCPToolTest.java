package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MCPToolTest {

    record Add(double a, double b) {}

    record Sum(double sum) {}

    private static final RequestContext CONTEXT = RequestContext.ofTimeout(Duration.ofSeconds(1));

    @Test
    void call_bindsArgumentsAndWritesTheResult() throws Exception {
        MCPTool tool =
                add().handler((add, context) -> new Sum(add.a() + add.b())).build();
        assertThat(tool.call(Json.object().put("a", 1).put("b", 2.5), CONTEXT)
                        .get("sum")
                        .asDouble())
                .isEqualTo(3.5);
        assertThat(tool.name()).isEqualTo("add");
        assertThat(tool.title()).isEqualTo("Add");
        assertThat(tool.description()).isEqualTo("Adds.");
        assertThat(tool.hasOutputSchema()).isTrue();
    }

    @Test
    void asynchronousHandler_isWaitedFor() throws Exception {
        MCPTool tool = add().asyncHandler(
                        (add, context) -> CompletableFuture.supplyAsync(() -> new Sum(add.a() + add.b())))
                .build();
        assertThat(tool.call(Json.object().put("a", 1).put("b", 2), CONTEXT)
                        .get("sum")
                        .asDouble())
                .isEqualTo(3);
    }

    @Test
    void failures_comeAsTheyWereThrown() {
        MCPTool tool = add().handler((add, context) -> {
                    throw new IOException("broken");
                })
                .build();
        assertThatThrownBy(() -> tool.call(Json.object().put("a", 1).put("b", 2), CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
        assertThatThrownBy(() -> tool.call(Json.object(), CONTEXT)).isInstanceOf(MCPToolError.class);
    }

    @Test
    void defaults_areCareful() {
        assertThat(add().handler((add, context) -> new Sum(0)).build().annotations())
                .isEqualTo(ToolAnnotations.destructive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "ä", "a/b"})
    void name_mustBeAllowed(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> MCPTool.builder(name, Add.class, Sum.class));
    }

    @Test
    void nameThatIsTooLong_isRefused() {
        assertThat(MCPTool.builder("a".repeat(128), Add.class, Sum.class)).isNotNull();
        assertThatIllegalArgumentException().isThrownBy(() -> MCPTool.builder("a".repeat(129), Add.class, Sum.class));
    }

    @Test
    void descriptionAndHandler_areRequired() {
        assertThatIllegalStateException().isThrownBy(() -> add().build());
        assertThatIllegalStateException().isThrownBy(() -> MCPTool.builder("add", Add.class, Sum.class)
                .handler((add, context) -> new Sum(0))
                .build());
    }

    @Test
    void schemas_areCopies() {
        MCPTool tool = add().handler((add, context) -> new Sum(0)).build();
        tool.inputSchema().removeAll();
        assertThat(tool.inputSchema().has("properties")).isTrue();
        assertThat(tool.outputSchema()).isNotSameAs(tool.outputSchema());
    }

    private static MCPTool.Builder<Add, Sum> add() {
        return MCPTool.builder("add", Add.class, Sum.class).title("Add").description("Adds.");
    }
}
