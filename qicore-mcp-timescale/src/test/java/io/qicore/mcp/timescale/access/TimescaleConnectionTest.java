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
        assertThat(read(Map.of(
                        "TIMESCALE_URL", "postgresql://db/market",
                        "TIMESCALE_USER", "agent",
                        "TIMESCALE_PASSWORD", "pw",
                        "TIMESCALE_POOL_SIZE", "7")))
                .isEqualTo(new TimescaleConnection("postgresql://db/market", "agent", "pw", 7));
        assertThat(read(Map.of("TIMESCALE_URL", URL)))
                .isEqualTo(new TimescaleConnection(URL, null, null, TimescaleConnection.DEFAULT_POOL_SIZE));
    }

    @Test
    void text_showsNoSecret() {
        assertThat(new TimescaleConnection(URL, "agent", "topsecret3"))
                .hasToString("TimescaleConnection[db:5433/market, 4 connections]");
    }

    @Test
    void urlAndPassword_areReadFromFiles(@TempDir Path folder) throws Exception {
        Path url = Files.writeString(folder.resolve("url"), URL + "\n");
        Path password = Files.writeString(folder.resolve("password"), "p w\n");

        var connection =
                read(Map.of("TIMESCALE_URL_FILE", url.toString(), "TIMESCALE_PASSWORD_FILE", password.toString()));

        assertThat(connection.url()).isEqualTo(URL);
        assertThat(connection.password()).isEqualTo("p w");
    }

    @Test
    void poolSize_hasBounds() {
        for (int size : new int[] {0, 101}) {
            assertThatThrownBy(() -> new TimescaleConnection(URL, null, null, size))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("poolSize must be between 1 and 100, not " + size + ".");
        }
    }

    private static TimescaleConnection read(Map<String, String> environment) {
        return TimescaleConnection.from(TimescaleSettings.table().read(environment));
    }
}
