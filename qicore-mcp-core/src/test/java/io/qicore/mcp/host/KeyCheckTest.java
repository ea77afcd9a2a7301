package io.qicore.mcp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
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

class KeyCheckTest {

    private static final List<String> PROTECTING = List.of(
            "KAFKA_TOOLS_READ_ONLY",
            "KAFKA_TOOLS_ALLOWED",
            "KAFKA_TOOLS_TOPICS",
            "KAFKA_TOOLS_GROUPS",
            "KAFKA_TOOLS_CONFIRMATION",
            "TIMESCALE_TOOLS_READ_ONLY",
            "TIMESCALE_WRITES_ENABLED",
            "TIMESCALE_TOOLS_CONFIRMATION",
            "TIMESCALE_ROLE_CHECK");

    private static final KeyCheck CHECK = new KeyCheck(Map.of(
            "kafka", table("kafka", "KAFKA_"),
            "timescale", table("timescale", "TIMESCALE_"),
            "producer", new ServerKeys("producer", 1).table()));

    static List<String> protectingKeys() {
        List<String> keys = new ArrayList<>(PROTECTING);
        keys.addAll(List.of("KAFKA_MCP_AUTH_TYPE", "TIMESCALE_MCP_AUTH_TYPE", "PRODUCER_MCP_AUTH_TYPE"));
        return keys;
    }

    @ParameterizedTest
    @MethodSource("protectingKeys")
    void everyMisspellingOfAProtectingKey_isRefusedForItsServer(String key) {
        String server = key.substring(0, key.indexOf('_')).toLowerCase(Locale.ROOT);
        assertThat(misspellings(key)).isNotEmpty().allSatisfy(misspelt -> assertThat(
                        CHECK.findings(Map.of(misspelt, "true")))
                .as(misspelt)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.refused()).isTrue();
                    assertThat(finding.servers()).contains(server);
                }));
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESCALE_WRITE_ENABLED, TIMESCALE_WRITES_ENABLED, timescale",
        "KAFKA_READ_ONLY, KAFKA_TOOLS_READ_ONLY, kafka",
        "TIMESCALE_READ_ONLY, TIMESCALE_TOOLS_READ_ONLY, timescale",
        "kafka_tools_read_only, KAFKA_TOOLS_READ_ONLY, kafka",
        "PRODUCR_MCP_ENABLED, PRODUCER_MCP_ENABLED, producer",
        "KAFKA_MCP_PROT, KAFKA_MCP_PORT, kafka"
    })
    void knownMistake_isRefusedWithTheKeyThatWasMeant(String key, String meant, String server) {
        assertThat(CHECK.findings(Map.of(key, "x")))
                .containsExactly(new KeyCheck.Finding(
                        key, true, key + " is not a setting. Did you mean " + meant + "?", Set.of(server)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_SERVICE_HOST",
                "KAFKA_SERVICE_PORT",
                "KAFKA_SERVICE_PORT_CLIENT",
                "KAFKA_PORT_9092_TCP",
                "KAFKA_PORT_9092_TCP_ADDR",
                "KAFKA_PORT_9092_TCP_PROTO",
                "KAFKA_PORT_9092_TCP_PORT",
                "TIMESCALE_SERVICE_HOST",
                "TIMESCALE_PORT_5432_TCP_ADDR",
                "KAFKA_MCP_SERVICE_HOST",
                "KAFKA_MCP_SERVICE_PORT",
                "KAFKA_MCP_PORT_8081_TCP_ADDR",
                "KAFKA_TOOLS_SERVICE_HOST",
                "TIMESCALE_MCP_SERVICE_HOST",
                "KAFKA_HOME",
                "KAFKA_OPTS",
                "KAFKA_HEAP_OPTS",
                "KAFKA_LOG4J_OPTS",
                "KAFKA_JVM_PERFORMANCE_OPTS",
                "KAFKA_JMX_PORT",
                "KAFKA_VERSION",
                "KAFKA_CLIENT_ID",
                "KAFKA_PORT",
                "TIMESCALE_PORT",
                "TIMESCALE_VERSION",
                "PATH",
                "HOME",
                "LANG",
                "JAVA_HOME",
                "JAVA_TOOL_OPTIONS",
                "HOSTNAME",
                "PWD",
                "PGHOST",
                "READ_ONLY"
            })
    void ordinaryVariable_passesSilently(String key) {
        assertThat(CHECK.findings(Map.of(key, "x"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KAFKA_PORT", "TIMESCALE_PORT", "KAFKA_TOOLS_PORT"})
    void addressOfAService_passesSilently(String key) {
        assertThat(CHECK.findings(Map.of(key, "tcp://10.0.0.1:9092"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KAFKA_SOMETHING", "TIMESCALE_COLOUR", "GITHUB_MCP_TRANSPORT", "MCP_PORT"})
    void otherKeyWithAPrefix_isWorthAWarning(String key) {
        assertThat(CHECK.findings(Map.of(key, "x"))).singleElement().satisfies(finding -> {
            assertThat(finding.refused()).isFalse();
            assertThat(finding.servers()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "MCP_AUTH_TYPE, MCP_AUTH_TYPE",
        "mcp_auth_type, MCP_AUTH_TYPE",
        "MCP_AUTHTYPE, MCP_AUTH_TYPE",
        "MCP_API_KEYS, MCP_API_KEYS",
        "MCP_API_KEY, MCP_API_KEYS",
        "MCP_API_KEYS_FILE, MCP_API_KEYS",
        "MCP_OAUTH_ISSUER, MCP_OAUTH_ISSUER",
        "MCP_RATE_LIMIT, MCP_RATE_LIMIT",
        "MCP_TLS_KEY_FILE, MCP_TLS_KEY_FILE",
        "MCP_ALLOWED_HOSTS, MCP_ALLOWED_HOSTS"
    })
    void protectingKeyWithoutTheNameOfAServer_stopsThemAll(String key, String meant) {
        assertThat(CHECK.findings(Map.of(key, "x"))).singleElement().satisfies(finding -> {
            assertThat(finding.refused()).isTrue();
            assertThat(finding.servers()).containsExactly("kafka", "producer", "timescale");
            assertThat(finding.message()).contains("KAFKA_" + meant, "PRODUCER_" + meant, "TIMESCALE_" + meant);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "MCP_READ_ONLY, KAFKA_TOOLS_READ_ONLY",
        "TOOLS_READ_ONLY, TIMESCALE_TOOLS_READ_ONLY",
        "MCP_TOOLS_READ_ONLY, KAFKA_TOOLS_READ_ONLY",
        "TOOLS_TOPICS, KAFKA_TOOLS_TOPICS",
        "MCP_WRITES_ENABLED, TIMESCALE_WRITES_ENABLED",
        "MCP_ROLE_CHECK, TIMESCALE_ROLE_CHECK",
        "KAFKA_AUTH_TYPE, KAFKA_MCP_AUTH_TYPE",
        "KAFKA_API_KEYS, KAFKA_MCP_API_KEYS",
        "KAFKA_OAUTH_ISSUER, KAFKA_MCP_OAUTH_ISSUER",
        "KAFKA_OAUTH_AUDIENCE, KAFKA_MCP_OAUTH_AUDIENCE",
        "KAFKA_OAUTH_SCOPE_PREFIX, KAFKA_MCP_OAUTH_SCOPE_PREFIX",
        "KAFKA_RATE_LIMIT, KAFKA_MCP_RATE_LIMIT",
        "KAFKA_TLS_CERTIFICATE_FILE, KAFKA_MCP_TLS_CERTIFICATE_FILE"
    })
    void protectingKeyWithoutAPart_isRefused(String key, String meant) {
        assertThat(CHECK.findings(Map.of(key, "x"))).singleElement().satisfies(finding -> {
            assertThat(finding.refused()).isTrue();
            assertThat(finding.message()).contains(meant);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"MCP_TIMEOUT", "MCP_TOOL_TIMEOUT", "MCP_SERVER_URL", "MCP_CONFIG", "TOOLS_DIR", "MCP_HOME"})
    void variableOfAnotherMcpProgram_passesSilently(String key) {
        assertThat(CHECK.findings(Map.of(key, "x"))).isEmpty();
    }

    @Test
    void fileForASettingThatIsNotSecret_isRefused() {
        KeyCheck check = new KeyCheck(Map.of(
                "data",
                SettingsTable.builder()
                        .add(
                                Setting.text("DATA_USER"),
                                Setting.text("DATA_PASSWORD").secret())
                        .passThroughPrefix("DATA_")
                        .build()));
        assertThat(check.findings(Map.of("DATA_USER_FILE", "/x", "DATA_PASSWORD_FILE", "/x")))
                .containsExactly(new KeyCheck.Finding(
                        "DATA_USER_FILE",
                        true,
                        "DATA_USER_FILE is not a setting: only secrets are read from files. Set DATA_USER.",
                        Set.of("data")));
    }

    @Test
    void keyNearProtectingKeysOfSeveralServers_stopsThemAll() {
        KeyCheck check = new KeyCheck(Map.of(
                "one", protecting("DATA1_READ_ONLY").build(),
                "other", protecting("DATA2_READ_ONLY").build()));
        assertThat(check.findings(Map.of("DATA_READ_ONLY", "true")))
                .containsExactly(new KeyCheck.Finding(
                        "DATA_READ_ONLY",
                        true,
                        "DATA_READ_ONLY is not a setting. Did you mean DATA1_READ_ONLY or DATA2_READ_ONLY?",
                        Set.of("one", "other")));
    }

    @Test
    void passThroughOfEverything_letsNoMisspellingOfAProtectingKeyThrough() {
        KeyCheck check = new KeyCheck(Map.of(
                "one", protecting("DATA_READ_ONLY").passThrough(key -> true).build()));
        assertThat(check.findings(Map.of("DATA_READONLY", "true", "DATA_CLIENT_ID", "x")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.key()).isEqualTo("DATA_READONLY"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA_TOPIC", "DATA_TOPIC_1", "DATA_TOPIC2"})
    void toleratedKey_isNotRefused(String key) {
        assertThat(tolerating().findings(Map.of(key, "x"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA_TOPICS", "DATA_TOPICZ", "data_topic", "DATA_TOOLS_TOPIC"})
    void similarKeyThatIsNotTolerated_isRefused(String key) {
        assertThat(tolerating().findings(Map.of(key, "x")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.refused()).isTrue());
    }

    @Test
    void unknownKeyOfALibrary_isPassedWithAWarning() {
        SettingsTable table = SettingsTable.builder()
                .passThroughPrefix("DATA_")
                .passThrough("DATA_CLIENT_ID"::equals)
                .strictPrefix("DATA_TOOLS_")
                .build();
        Map<String, String> environment = Map.of(
                "DATA_HANDLER_URL",
                "http://localhost",
                "DATA_CLIENT_ID",
                "x",
                "DATA_OPTS",
                "x",
                "DATA_MCP_PORT",
                "1",
                "DATA_SERVICE_HOST",
                "x",
                "DATA_PORT",
                "tcp://10.0.0.1:9092",
                "OTHER",
                "x");

        assertThat(table.read(environment).passedThrough()).containsOnlyKeys("DATA_HANDLER_URL", "DATA_CLIENT_ID");
        assertThat(new KeyCheck(Map.of("data", table)).findings(Map.of("DATA_HANDLER_URL", "x", "DATA_CLIENT_ID", "x")))
                .containsExactly(new KeyCheck.Finding(
                        "DATA_HANDLER_URL",
                        false,
                        "DATA_HANDLER_URL is not a setting. It is passed to the client library, which may not know it.",
                        Set.of()));
    }

    @Test
    void keyOfAnotherTable_isNotAMisspelling() {
        SettingsTable one = protecting("DATA1_READ_ONLY").build();
        SettingsTable other = protecting("DATA2_READ_ONLY").build();
        Map<String, String> environment = Map.of("DATA2_READ_ONLY", "true");
        assertThatThrownBy(() -> one.read(environment)).isInstanceOf(SettingsException.class);
        assertThatNoException().isThrownBy(() -> one.readBeside(Map.of("other", other), environment));
    }

    private static KeyCheck tolerating() {
        return new KeyCheck(Map.of(
                "data",
                SettingsTable.builder()
                        .add(Setting.text("DATA_TOOLS_TOPICS").protecting().tolerating("DATA_TOPIC"))
                        .build()));
    }

    private static SettingsTable.Builder protecting(String key) {
        return SettingsTable.builder().add(Setting.text(key).protecting());
    }

    private static SettingsTable table(String server, String prefix) {
        return SettingsTable.builder()
                .add(PROTECTING.stream()
                        .filter(key -> key.startsWith(prefix))
                        .map(key -> Setting.text(key).protecting())
                        .toList())
                .strictPrefix(prefix + "TOOLS_")
                .openPrefix(prefix)
                .passThrough("KAFKA_CLIENT_ID"::equals)
                .build()
                .and(new ServerKeys(server, 1).table());
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
        all.add(key + "S");
        all.add(key.replace("TOOLS_", ""));
        all.add(key.replace("TOOLS_", "TOOL_"));
        all.add(key.replace("TOOLS_", "MCP_"));
        all.add(key.replace("MCP_", ""));
        all.add(key.replace("MCP_", "TOOLS_"));
        all.add(key.replace("WRITES", "WRITE"));
        all.add(key.replace("READ_ONLY", "READONLY"));
        all.add(key.replace("TOOLS_", "").replace("READ_ONLY", "READONLY"));
        all.add(key.toLowerCase(Locale.ROOT));
        all.removeAll(protectingKeys());
        return all;
    }
}
