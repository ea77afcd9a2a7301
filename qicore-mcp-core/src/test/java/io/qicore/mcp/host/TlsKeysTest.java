package io.qicore.mcp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.transport.http.HttpTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which settings of TLS go together. The files are tested by {@code HttpTlsTest}. */
class TlsKeysTest {

    private static Optional<HttpTls> read(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        settings.forEach((key, value) -> environment.put("X_MCP_TLS_" + key, value));
        return new ServerKeys("x", 1).tls(environment);
    }

    @Test
    void settings_areChecked(@TempDir Path folder) throws Exception {
        String file = Files.writeString(folder.resolve("file"), "nothing").toString();
        Map<Map<String, String>, String> wrong = Map.of(
                Map.of("CERTIFICATE_FILE", file), "KEY_FILE need each other",
                Map.of("KEY_FILE", file), "KEY_FILE need each other",
                Map.of("CERTIFICATE_FILE", file, "KEY_FILE", file, "KEYSTORE_FILE", file), "exclude each other",
                Map.of("KEYSTORE_PASSWORD", "secret"), "needs X_MCP_TLS_KEYSTORE_FILE",
                Map.of("CERTIFICATE_FILE", file, "KEY_FILE", file, "CLIENT_AUTH", "need"),
                        "CLIENT_CA_FILE need each other",
                Map.of("CLIENT_CA_FILE", file), "CLIENT_CA_FILE need each other",
                Map.of("CLIENT_AUTH", "want", "CLIENT_CA_FILE", file), "CERTIFICATE_FILE or X_MCP_TLS_KEYSTORE_FILE",
                Map.of("CERTIFICATE_FILE", file, "KEY_FILE", file), "certificate in PEM",
                Map.of("KEYSTORE_FILE", file, "KEYSTORE_PASSWORD", "secret"), "is not a keystore",
                Map.of("CLIENT_AUTH", "maybe"), "none, want, need");
        wrong.forEach((settings, message) -> assertThatThrownBy(() -> read(settings))
                .as(settings.keySet().toString())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X_MCP_TLS_")
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret"));
        String missing = folder.resolve("missing").toString();
        assertThatThrownBy(() -> read(Map.of("CERTIFICATE_FILE", file, "KEY_FILE", missing)))
                .hasMessageStartingWith("X_MCP_TLS_KEY_FILE: There is no file " + missing);
        assertThatThrownBy(() -> read(Map.of("KEYSTORE_FILE", missing)))
                .hasMessageStartingWith("X_MCP_TLS_KEYSTORE_FILE: There is no file " + missing);
        assertThat(read(Map.of())).isEmpty();
        assertThat(read(Map.of("CLIENT_AUTH", "none"))).isEmpty();
    }
}
