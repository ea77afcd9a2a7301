package io.qicore.mcp.timescale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimescaleOptionsTest {

    @Test
    void settings_areRead() {
        assertThat(TimescaleOptions.fromSettings(Map.of())).isEqualTo(TimescaleOptions.DEFAULTS);
        assertThat(TimescaleOptions.fromSettings(
                        Map.of("TIMESCALE_WRITES_ENABLED", "FALSE", "TIMESCALE_TOOLS_CONFIRMATION", "always")))
                .isEqualTo(TimescaleOptions.READ_ONLY.withConfirmation(ConfirmationMode.ALWAYS));
        assertThat(TimescaleOptions.fromSettings(Map.of("TIMESCALE_TOOLS_CONFIRMATION", "Never"))
                        .confirmation())
                .isEqualTo(ConfirmationMode.NEVER);
    }

    @Test
    void wrongSettings_areNamed() {
        assertThatThrownBy(() -> TimescaleOptions.fromSettings(Map.of("TIMESCALE_WRITES_ENABLED", "yes")))
                .hasMessage("TIMESCALE_WRITES_ENABLED must be true or false, not 'yes'.");
        assertThatThrownBy(() -> TimescaleOptions.fromSettings(Map.of("TIMESCALE_TOOLS_CONFIRMATION", "often")))
                .hasMessageContaining("when-supported, always or never");
    }
}
