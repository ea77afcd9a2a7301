package io.qicore.mcp.kafka.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PageCursorTest {

    @Test
    void cursor_leadsBackToTheName() {
        for (String name : new String[] {"orders", "a.b_c-d", "Zürich", ""}) {
            assertThat(PageCursor.lastName(PageCursor.after(name))).isEqualTo(name);
        }
    }

    @Test
    void anythingElse_isRefusedWithAWayOut() {
        String foreign = Base64.getUrlEncoder().encodeToString("orders".getBytes(StandardCharsets.UTF_8));
        for (String cursor : new String[] {"", "orders", "!!", foreign}) {
            assertThatThrownBy(() -> PageCursor.lastName(cursor))
                    .isInstanceOf(MCPToolError.class)
                    .hasMessageContaining("nextCursor");
        }
    }
}
