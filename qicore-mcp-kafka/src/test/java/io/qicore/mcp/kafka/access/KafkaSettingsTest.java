package io.qicore.mcp.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.SettingsException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {

    static List<String> protectingKeys() {
        return KafkaSettings.table().settings().stream()
                .filter(Setting::isProtecting)
                .map(Setting::key)
                .toList();
    }

    @Test
    void whatLimitsAgents_isProtected() {
        assertThat(protectingKeys())
                .containsExactly(
                        "KAFKA_TOOLS_READ_ONLY",
                        "KAFKA_TOOLS_ALLOWED",
                        "KAFKA_TOOLS_TOPICS",
                        "KAFKA_TOOLS_GROUPS",
                        "KAFKA_TOOLS_CONFIRMATION",
                        "KAFKA_TOOLS_MASK_FIELDS");
    }

    @Test
    void everySetting_isDocumented() {
        assertThat(KafkaSettings.table().settings())
                .allSatisfy(setting ->
                        assertThat(setting.documentation()).as(setting.key()).isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("protectingKeys")
    void everyMisspellingOfAProtectingKey_isRefused(String key) {
        assertThat(misspellings(key)).isNotEmpty().allSatisfy(this::assertRefused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_READ_ONLY",
                "KAFKA_WRITES_ENABLED",
                "KAFKA_WRITE_ENABLED",
                "KAFKA_ONLY_READ",
                "KAFKA_READ_ONLY_MODE",
                "KAFKA_CLUSTER_READ_ONLY",
                "KAFKA_TOPICS_ALLOWED",
                "KAFKA_READONLY",
                "KAFKA_TOOL_READ_ONLY",
                "KAFKA_TOOLS_READONLY",
                "KAFKA_MCP_READ_ONLY",
                "KAFKA_TOOLS_WRITES_ENABLED",
                "KAFKA_ALLOWED",
                "KAFKA_ALLOWED_TOOLS",
                "KAFKA_TOOLS_ALLOWED_TOOLS",
                "KAFKA_TOPICS",
                "KAFKA_ALLOWED_TOPICS",
                "KAFKA_TOOLS_ALLOWED_TOPICS",
                "KAFKA_ALLOWED_GROUPS",
                "KAFKA_ALLOWED_CONSUMER_GROUPS",
                "KAFKA_GROUPS",
                "KAFKA_CONFIRMATION",
                "KAFKA_TOOLS_LAG_CHECK_SECONDS",
                "KAFKA_TOOLS_SIGNING_KEY"
            })
    void knownMistake_isRefused(String key) {
        assertRefused(key);
        assertThatThrownBy(() -> create(key, "true"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key);
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
                "KAFKA_MCP_SERVICE_HOST",
                "KAFKA_MCP_SERVICE_PORT",
                "KAFKA_MCP_PORT_8081_TCP_ADDR",
                "KAFKA_TOOLS_SERVICE_HOST",
                "PRODUCER_MCP_SERVICE_HOST",
                "PRODUCER_SERVICE_HOST",
                "REALTIME_SERVICE_PORT",
                "KAFKA_HOME",
                "KAFKA_OPTS",
                "KAFKA_HEAP_OPTS",
                "KAFKA_LOG4J_OPTS",
                "KAFKA_JVM_PERFORMANCE_OPTS",
                "KAFKA_JMX_PORT",
                "KAFKA_JMX_HOSTNAME",
                "KAFKA_LOG_DIR",
                "KAFKA_VERSION",
                "KAFKA_PORT",
                "KAFKA_BROKERS",
                "KAFKA_URL",
                "KAFKA_TOPIC",
                "KAFKA_TOPIC_1",
                "KAFKA_TOPIC_NAME",
                "KAFKA_GROUP",
                "KAFKA_GROUP_1",
                "KAFKA_GROUP_ID",
                "KAFKA_CONSUMER_GROUP",
                "KAFKA_USERNAME",
                "KAFKA_SCHEMA_REGISTRY_URL",
                "PRODUCER_COLOUR",
                "PATH",
                "HOME",
                "LANG",
                "JAVA_HOME",
                "JAVA_TOOL_OPTIONS",
                "HOSTNAME",
                "PWD",
                "READ_ONLY"
            })
    void ordinaryVariable_doesNotKeepAServerFromStarting(String key) {
        assertThatCode(() -> create(key, "x")).doesNotThrowAnyException();
    }

    static Stream<String> clientProperties() {
        return Stream.of(AdminClientConfig.configNames(), ConsumerConfig.configNames(), ProducerConfig.configNames())
                .flatMap(Set::stream)
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("clientProperties")
    void everyPropertyOfAKafkaClient_canBeSet(String property) {
        String key = "KAFKA_" + property.toUpperCase(Locale.ROOT).replace('.', '_');

        var settings = KafkaSettings.table().read(environment(key, "7"));

        assertThat(KafkaConnection.from(settings).properties()).containsEntry(property, "7");
    }

    @Test
    void propertyOfAPlugIn_isPassedToKafka() {
        var settings = KafkaSettings.table().read(environment("KAFKA_MY_HANDLER_URL", "http://localhost/token"));

        assertThat(KafkaConnection.from(settings).properties())
                .containsEntry("my.handler.url", "http://localhost/token");
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_HOME,/opt/kafka",
        "KAFKA_OPTS,-Xmx1g",
        "KAFKA_HEAP_OPTS,-Xmx1g",
        "KAFKA_PORT,9092",
        "KAFKA_PORT,tcp://10.0.0.1:9092",
        "KAFKA_SERVICE_HOST,10.0.0.1",
        "KAFKA_PORT_9092_TCP_ADDR,10.0.0.1",
        "KAFKA_MCP_PORT,8081",
        "KAFKA_TOOLS_READ_ONLY,true",
        "PATH,/bin"
    })
    void variableOfOthersOrOfTheServer_isNotPassedToKafka(String key, String value) {
        var settings = KafkaSettings.table().read(environment(key, value));

        assertThat(KafkaConnection.from(settings).properties()).containsOnlyKeys("bootstrap.servers");
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_TOOLS_READ_ONLY,yes,must be true or false",
        "KAFKA_TOOLS_READ_ONLY,'',is empty",
        "KAFKA_TOOLS_TOPICS,'',is empty",
        "KAFKA_TOOLS_TOPICS,',',must name at least one of the topics",
        "KAFKA_TOOLS_GROUPS,' , ',must name at least one of the groups",
        "KAFKA_TOOLS_ALLOWED,',',must name at least one of the tools",
        "KAFKA_TOOLS_CONFIRMATION,sometimes,'must be one of destructive, always, never'",
        "KAFKA_TOOLS_LAG_THRESHOLD,-1,must be a number from 0",
        "KAFKA_TOOLS_LAG_CHECK_INTERVAL,99ms,must be at least 100ms",
        "KAFKA_TOOLS_LAG_CHECK_INTERVAL,often,must be a duration",
        "KAFKA_SASL_JAAS_CONFIG_FILE,/does/not/exist,cannot be read",
        "KAFKA_TOOLS_READONLY,true,Did you mean KAFKA_TOOLS_READ_ONLY?"
    })
    void wrongSetting_isRefusedByName(String key, String value, String said) {
        assertThatThrownBy(() -> KafkaSettings.table().read(environment(key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(said);
    }

    private void assertRefused(String key) {
        assertThatThrownBy(() -> KafkaSettings.table().read(environment(key, "true")))
                .as(key)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key);
    }

    private static void create(String key, String value) {
        MCPServerFactory.createFromConfig(MCPServerConfig.of("kafka").withSettings(environment(key, value)))
                .close();
    }

    private static Map<String, String> environment(String key, String value) {
        return key.equals("KAFKA_BOOTSTRAP_SERVERS")
                ? Map.of(key, value)
                : Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", key, value);
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
