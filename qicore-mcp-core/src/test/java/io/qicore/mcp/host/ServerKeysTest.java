package io.qicore.mcp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.server.ServerSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerKeysTest {

    private static final ServerKeys KEYS = new ServerKeys("data-base", 1);

    @Test
    void everyLimit_canBeSet() {
        ServerSettings settings = read(Map.of(
                "DATA_BASE_MCP_CALL_TIMEOUT", "20s",
                "DATA_BASE_MCP_TOOL_TIMEOUTS", "query=60s, explain_query=30s",
                "DATA_BASE_MCP_DRAIN_TIMEOUT", "5s",
                "DATA_BASE_MCP_MAX_CONCURRENT_CALLS", "7",
                "DATA_BASE_MCP_MAX_SUBSCRIPTIONS", "8"));
        assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.toolTimeouts())
                .isEqualTo(Map.of("query", Duration.ofSeconds(60), "explain_query", Duration.ofSeconds(30)));
        assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.maxConcurrentCalls()).isEqualTo(7);
        assertThat(settings.maxSubscriptions()).isEqualTo(8);
    }

    @Test
    void withoutKeys_theDefaultsApply() {
        assertThat(read(Map.of())).usingRecursiveComparison().isEqualTo(ServerSettings.defaults());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CALL_TIMEOUT | 25h",
                "CALL_TIMEOUT | 0s",
                "DRAIN_TIMEOUT | 25h",
                "TOOL_TIMEOUTS | query",
                "TOOL_TIMEOUTS | =60s",
                "TOOL_TIMEOUTS | query=25h",
                "TOOL_TIMEOUTS | query=soon",
                "TOOL_TIMEOUTS | query=1s,query=2s",
                "MAX_CONCURRENT_CALLS | 0",
                "MAX_SUBSCRIPTIONS | many",
                "STATE_KEY | short",
                "ACCEPTED_STATE_KEYS | short"
            })
    void wrongValue_isRefusedWithItsKey(String suffix, String value) {
        String key = "DATA_BASE_MCP_" + suffix;
        assertThatThrownBy(() -> read(Map.of(key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key);
    }

    @Test
    void stateKey_isBase64OrTextAndMayComeFromAFile(@TempDir Path folder) throws Exception {
        byte[] random = new byte[32];
        String base64 = Base64.getEncoder().encodeToString(random);
        String text = "a key, not in Base64, of 32 characters or more";
        assertThat(read(Map.of("DATA_BASE_MCP_STATE_KEY", base64)).stateKey()).hasValue(random);
        assertThat(read(Map.of("DATA_BASE_MCP_STATE_KEY", text)).stateKey())
                .hasValue(text.getBytes(StandardCharsets.UTF_8));
        Path file = Files.writeString(folder.resolve("key"), base64 + "\n");
        assertThat(read(Map.of("DATA_BASE_MCP_STATE_KEY_FILE", file.toString())).stateKey())
                .hasValue(random);
    }

    @Test
    void acceptedStateKeys_areAListInTheFormOfTheStateKey() {
        byte[] random = new byte[32];
        String text = "another key of at least 32 characters";
        assertThat(read(Map.of(
                                "DATA_BASE_MCP_ACCEPTED_STATE_KEYS",
                                Base64.getEncoder().encodeToString(random) + ", " + text))
                        .acceptedStateKeys())
                .containsExactly(random, text.getBytes(StandardCharsets.UTF_8));
    }

    private static ServerSettings read(Map<String, String> environment) {
        return KEYS.serverSettings(environment, MCPServerConfig.Authentication.NONE)
                .build();
    }
}
