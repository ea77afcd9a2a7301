package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    @Test
    void timeWithOffsetOrDate_isAnInstant() {
        assertThat(Times.parse("2026-01-31T12:00:00Z", "from")).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(Times.parse("2026-01-31T12:00+02:00", "from")).isEqualTo("2026-01-31T10:00:00Z");
        assertThat(Times.parse("2026-01-31", "from")).isEqualTo(Instant.parse("2026-01-31T00:00:00Z"));
        assertThat(Times.parse(null, "from")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "2026-01-31 12:00", "2026-01-31T12:00:00", "31.01.2026", "2026-02-30"})
    void anythingElse_isRefused(String text) {
        assertThatThrownBy(() -> Times.parse(text, "from"))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("for from");
    }
}
