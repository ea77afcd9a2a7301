package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingProvidersTest {

    private static final ServerSettings SERVER =
            ServerSettings.builder().pageSize(7).build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "producer,8084,producer-mcp-server",
        "realtime,8086,realtime-mcp-server",
        "records,8087,records-mcp-server",
        "crypto-compare,8083,crypto-compare-mcp-server"
    })
    void areFoundByTheServiceLoader(String name, int port, String server) {
        assertThat(provider(name).defaultPort()).isEqualTo(port);
        assertThat(create(name, Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1"))
                        .info()
                        .name())
                .isEqualTo(server);
    }

    @ParameterizedTest
    @CsvSource({"producer", "realtime", "records"})
    void missingCluster_isNamed(String name) {
        assertInvalid(name, Map.of(), "KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void topics_areConfigured() {
        Map<String, String> settings = Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "REALTIME_TOPIC", "fx");

        assertThat(create("realtime", settings).tool("get_live_prices").description())
                .contains("default fx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "realtime", "records", "crypto-compare"})
    void settingsOfTheServer_arePassedOn(String name) {
        assertThat(create(name, Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1"))
                        .settings())
                .isSameAs(SERVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "realtime", "records", "crypto-compare"})
    void everySetting_isDocumented(String name) {
        assertThat(provider(name).settings().settings())
                .isNotEmpty()
                .allSatisfy(setting ->
                        assertThat(setting.documentation()).as(setting.key()).isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "realtime", "records", "crypto-compare"})
    void everyArgumentAndResult_hasAMeaning(String name) {
        for (MCPTool tool : create(
                        name,
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS",
                                "localhost:1",
                                "KAFKA_TOOLS_SCHEMA_REGISTRY_URL",
                                "http://localhost:1",
                                "KAFKA_TOOLS_PRODUCE",
                                "true"))
                .offeredTools()) {
            assertThat(withoutDescription(tool.inputSchema(), tool.name())).isEmpty();
            assertThat(withoutDescription(tool.outputSchema(), tool.name())).isEmpty();
        }
    }

    private static List<String> withoutDescription(JsonNode schema, String path) {
        List<String> found = new ArrayList<>();
        schema.path("properties").properties().forEach(property -> {
            String name = path + "." + property.getKey();
            if (property.getValue().path("description").asText().isBlank()) {
                found.add(name);
            }
            found.addAll(withoutDescription(property.getValue(), name));
            found.addAll(withoutDescription(property.getValue().path("items"), name));
        });
        return found;
    }

    @Test
    void policy_isOfTheSettings() {
        Map<String, String> settings =
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "KAFKA_TOOLS_READ_ONLY", "true");

        assertThat(create("producer", settings).tools())
                .extracting(tool -> tool.name())
                .containsExactly("get_producer_status", "list_source_types");
        assertThat(create("realtime", settings).tools()).hasSize(1);
        assertInvalid(
                "realtime",
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "KAFKA_TOOLS_READONLY", "true"),
                "KAFKA_TOOLS_READ_ONLY");
    }

    @Test
    void replayDirectory_mustExist() {
        assertInvalid(
                "producer",
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "PRODUCER_REPLAY_DIRECTORY", "/none"),
                "PRODUCER_REPLAY_DIRECTORY must be an existing directory, not '/none'.");
    }

    @Test
    void apiKey_mayComeFromAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "s3cret\n");

        assertThat(create("crypto-compare", Map.of("CRYPTO_COMPARE_API_KEY_FILE", file.toString())))
                .isNotNull();
    }

    @Test
    void wrongApiKeySettings_areNamedWithoutTheKey() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));

        assertInvalid("crypto-compare", Map.of("CRYPTO_COMPARE_API_KEY_FILE", "/none"), "CRYPTO_COMPARE_API_KEY_FILE");
        assertInvalid("crypto-compare", Map.of("CRYPTO_COMPARE_API_KEY_FILE", empty.toString()), "empty file");
        assertInvalid(
                "crypto-compare",
                Map.of("CRYPTO_COMPARE_API_KEY", "s3cret", "CRYPTO_COMPARE_API_KEY_FILE", "/none"),
                "are both set");
        assertInvalid(
                "crypto-compare", Map.of("CRYPTO_COMPARE_API_KEY", "s3cret\nX-Evil: 1"), "printable ASCII characters");
        assertInvalid(
                "crypto-compare",
                Map.of("CRYPTO_COMPARE_API_KEY", "s3cret", "CRYPTO_COMPARE_BASE_URL", "http://example.com"),
                "https");
        assertInvalid("crypto-compare", Map.of("CRYPTO_COMPARE_BASE_URL", "not a url"), "CRYPTO_COMPARE_BASE_URL");
    }

    private static void assertInvalid(String name, Map<String, String> settings, String message) {
        assertThatThrownBy(() -> create(name, settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("s3cret");
    }

    private static StatelessMCPServer create(String name, Map<String, String> settings) {
        return provider(name).create(MCPServerConfig.of(name).withSettings(settings), SERVER);
    }

    private static MCPServerProvider provider(String name) {
        return ServiceLoader.load(MCPServerProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
