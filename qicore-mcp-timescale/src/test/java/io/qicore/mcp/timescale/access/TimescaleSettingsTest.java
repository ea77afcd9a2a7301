package io.qicore.mcp.timescale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimescaleSettingsTest {

    private static final String URL = "postgresql://u:topsecret@localhost:1/x";

    static List<String> protectingKeys() {
        return TimescaleSettings.table().settings().stream()
                .filter(Setting::isProtecting)
                .map(Setting::key)
                .toList();
    }

    @Test
    void whatLimitsAgents_isProtected() {
        assertThat(protectingKeys())
                .containsExactly(
                        "TIMESCALE_READ_ROLE",
                        "TIMESCALE_ROLE_CHECK",
                        "TIMESCALE_TOOLS_READ_ONLY",
                        "TIMESCALE_TOOLS_ALLOWED",
                        "TIMESCALE_TOOLS_CONFIRMATION");
    }

    @Test
    void everySetting_isDocumented() {
        assertThat(TimescaleSettings.table().settings())
                .allSatisfy(setting ->
                        assertThat(setting.documentation()).as(setting.key()).isNotBlank());
    }

    @Test
    void urlAndPassword_areNeverShown() {
        Settings settings =
                TimescaleSettings.table().read(Map.of("TIMESCALE_URL", URL, "TIMESCALE_PASSWORD", "topsecret2"));

        assertThat(settings.toString() + settings.effective()).doesNotContain("topsecret");
    }

    @ParameterizedTest
    @MethodSource("protectingKeys")
    void everyMisspellingOfAProtectingKey_isRefused(String key) {
        assertThat(misspellings(key)).isNotEmpty().allSatisfy(this::assertRefused);
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESCALE_WRITES_ENABLED,TIMESCALE_TOOLS_READ_ONLY",
        "TIMESCALE_WRITE_ENABLED,TIMESCALE_TOOLS_READ_ONLY",
        "TIMESCALE_READ_ONLY,TIMESCALE_TOOLS_READ_ONLY",
        "TIMESCALE_READONLY,TIMESCALE_TOOLS_READ_ONLY",
        "TIMESCALE_TOOLS_READONLY,TIMESCALE_TOOLS_READ_ONLY",
        "TIMESCALE_TOOL_READ_ONLY,TIMESCALE_TOOLS_READ_ONLY",
        "TIMESCALE_MCP_READ_ONLY,TIMESCALE_TOOLS_READ_ONLY",
        "TIMESCALE_ALLOWED_TOOLS,TIMESCALE_TOOLS_ALLOWED",
        "TIMESCALE_ALLOWED,TIMESCALE_TOOLS_ALLOWED",
        "TIMESCALE_CONFIRMATION,TIMESCALE_TOOLS_CONFIRMATION",
        "TIMESCALE_ROLECHECK,TIMESCALE_ROLE_CHECK",
        "TIMESCALE_TOOLS_ROLE_CHECK,TIMESCALE_ROLE_CHECK"
    })
    void knownMistake_isRefusedWithTheRightKey(String key, String right) {
        assertThatThrownBy(() -> create(key, "true"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(right);
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESCALE_SERVICE_HOST,10.0.0.1",
        "TIMESCALE_SERVICE_PORT,5432",
        "TIMESCALE_SERVICE_PORT_POSTGRES,5432",
        "TIMESCALE_PORT,tcp://10.0.0.1:5432",
        "TIMESCALE_PORT_5432_TCP,tcp://10.0.0.1:5432",
        "TIMESCALE_PORT_5432_TCP_ADDR,10.0.0.1",
        "TIMESCALE_PORT_5432_TCP_PROTO,tcp",
        "TIMESCALE_PORT_5432_TCP_PORT,5432",
        "TIMESCALE_MCP_SERVICE_HOST,10.0.0.1",
        "TIMESCALE_MCP_PORT_8082_TCP_ADDR,10.0.0.1",
        "TIMESCALE_TOOLS_SERVICE_HOST,10.0.0.1",
        "TIMESCALE_PORT,5432"
    })
    void variableOfKubernetes_doesNotKeepAServerFromStarting(String key, String value) {
        assertThatCode(() -> create(key, value)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TIMESCALE_HOST",
                "TIMESCALE_DATABASE",
                "TIMESCALE_DB",
                "TIMESCALE_VERSION",
                "TIMESCALEDB_TELEMETRY",
                "PGHOST",
                "POSTGRES_PASSWORD",
                "PATH",
                "HOME",
                "JAVA_TOOL_OPTIONS",
                "READ_ONLY"
            })
    void ordinaryVariable_doesNotKeepAServerFromStarting(String key) {
        assertThatCode(() -> create(key, "x")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESCALE_URL,'',is not set",
        "TIMESCALE_URL,mysql://u:topsecret@h/db,is not valid: URL such as",
        "TIMESCALE_POOL_SIZE,many,must be a number from 1 to 100",
        "TIMESCALE_POOL_SIZE,0,must be a number from 1 to 100",
        "TIMESCALE_PASSWORD_FILE,/no/such,cannot be read",
        "TIMESCALE_TOOLS_READ_ONLY,yes,must be true or false",
        "TIMESCALE_TOOLS_READ_ONLY,'',is empty",
        "TIMESCALE_TOOLS_ALLOWED,'',is empty",
        "TIMESCALE_TOOLS_ALLOWED,',',must name at least one of the tools",
        "TIMESCALE_TOOLS_CONFIRMATION,when-supported,'must be one of destructive, always, never'",
        "TIMESCALE_ROLE_CHECK,maybe,'must be one of warn, refuse, off'",
        "TIMESCALE_ROLE_CHECK,'',is empty"
    })
    void wrongSetting_isRefusedByName_withoutSecrets(String key, String value, String said) {
        assertThatThrownBy(() -> TimescaleSettings.table().read(environment(key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(said)
                .hasMessageNotContaining("topsecret");
    }

    @Test
    void passwordAndItsFile_excludeEachOther() {
        Map<String, String> environment = environment("TIMESCALE_PASSWORD", "topsecret");
        environment.put("TIMESCALE_PASSWORD_FILE", "/x");
        assertThatThrownBy(() -> TimescaleSettings.table().read(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("both set")
                .hasMessageNotContaining("topsecret");
    }

    private void assertRefused(String key) {
        assertThatThrownBy(() -> TimescaleSettings.table().read(environment(key, "true")))
                .as(key)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key);
    }

    private static void create(String key, String value) {
        MCPServerFactory.createFromConfig(MCPServerConfig.of("timescale").withSettings(environment(key, value)))
                .close();
    }

    private static Map<String, String> environment(String key, String value) {
        Map<String, String> environment = new HashMap<>(Map.of("TIMESCALE_URL", URL));
        environment.put(key, value);
        return environment;
    }

    private static Set<String> misspellings(String key) {
        Set<String> all = new LinkedHashSet<>();
        for (int i = 0; i <= key.length(); i++) {
            String head = key.substring(0, i);
            String tail = key.substring(i);
            for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".toCharArray()) {
                all.add(head + c + tail);
                if (!tail.isEmpty()) {
                    all.add(head + c + tail.substring(1));
                }
            }
            if (!tail.isEmpty()) {
                all.add(head + tail.substring(1));
            }
            if (tail.length() > 1) {
                all.add(head + tail.charAt(1) + tail.charAt(0) + tail.substring(2));
            }
        }
        all.add(key.replace("_", ""));
        all.add(key.replace("TOOLS_", ""));
        all.add(key.replace("TOOLS_", "TOOL_"));
        all.add(key.replace("TOOLS_", "MCP_"));
        all.add(key.toLowerCase(Locale.ROOT));
        all.remove(key);
        return all;
    }
}
