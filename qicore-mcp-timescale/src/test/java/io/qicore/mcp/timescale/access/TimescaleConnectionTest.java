package io.qicore.mcp.timescale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimescaleConnectionTest {

    private static final String URL = "postgresql://u:topsecret@db:5433/market?password=topsecret2";

    @Test
    void settings_areRead() {
        var connection = TimescaleConnection.fromSettings(Map.of(
                "TIMESCALE_URL", "postgresql://db/market",
                "TIMESCALE_USER", "agent",
                "TIMESCALE_PASSWORD", "pw",
                "TIMESCALE_POOL_SIZE", "7"));
        assertThat(connection).isEqualTo(new TimescaleConnection("postgresql://db/market", "agent", "pw", 7));
        assertThat(TimescaleConnection.fromSettings(Map.of("TIMESCALE_URL", URL))
                        .poolSize())
                .isEqualTo(TimescaleConnection.DEFAULT_POOL_SIZE);
    }

    @Test
    void text_showsNoSecret() {
        assertThat(new TimescaleConnection(URL, "agent", "topsecret3"))
                .hasToString("TimescaleConnection[db:5433/market, 4 connections]");
    }

    @Test
    void passwordFile_isReadWithoutItsLineBreak(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "p w\n");
        var connection = TimescaleConnection.fromSettings(
                Map.of("TIMESCALE_URL", URL, "TIMESCALE_PASSWORD_FILE", file.toString()));
        assertThat(connection.password()).isEqualTo("p w");
    }

    @Test
    void wrongSettings_areNamedWithoutSecrets() {
        assertFailure(Map.of(), "TIMESCALE_URL");
        assertFailure(Map.of("TIMESCALE_URL", "mysql://u:topsecret@h/db"), "TIMESCALE_URL");
        assertFailure(Map.of("TIMESCALE_URL", URL, "TIMESCALE_POOL_SIZE", "many"), "TIMESCALE_POOL_SIZE");
        assertFailure(Map.of("TIMESCALE_URL", URL, "TIMESCALE_POOL_SIZE", "0"), "TIMESCALE_POOL_SIZE");
        assertFailure(Map.of("TIMESCALE_URL", URL, "TIMESCALE_PASSWORD_FILE", "/no/such"), "TIMESCALE_PASSWORD_FILE");
        assertFailure(
                Map.of("TIMESCALE_URL", URL, "TIMESCALE_PASSWORD_FILE", "/x", "TIMESCALE_PASSWORD", "topsecret"),
                "not both");
    }

    @Test
    void writes_areOnUnlessSwitchedOff() {
        assertThat(TimescaleOptions.fromSettings(Map.of())).isEqualTo(TimescaleOptions.DEFAULTS);
        assertThat(TimescaleOptions.fromSettings(Map.of("TIMESCALE_WRITES_ENABLED", "False")))
                .isEqualTo(TimescaleOptions.READ_ONLY);
        assertThatThrownBy(() -> TimescaleOptions.fromSettings(Map.of("TIMESCALE_WRITES_ENABLED", "no")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TIMESCALE_WRITES_ENABLED");
    }

    private static void assertFailure(Map<String, String> settings, String named) {
        assertThatThrownBy(() -> TimescaleConnection.fromSettings(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named)
                .hasMessageNotContaining("topsecret");
    }
}
