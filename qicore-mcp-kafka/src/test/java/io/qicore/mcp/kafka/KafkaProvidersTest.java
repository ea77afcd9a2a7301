package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.kafka.access.KafkaSettings;
import io.qicore.mcp.server.ServerSettings;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KafkaProvidersTest {

    private final Map<String, MCPServerProvider> providers = ServiceLoader.load(MCPServerProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .collect(Collectors.toMap(MCPServerProvider::name, provider -> provider));

    @Test
    void areFoundByTheServiceLoader() {
        assertThat(providers).containsKeys("kafka", "consumer");
        assertThat(providers.get("kafka").defaultPort()).isEqualTo(8081);
        assertThat(providers.get("consumer").defaultPort()).isEqualTo(8085);
    }

    @Test
    void makeServersFromSettingsWithoutConnecting() {
        for (String name : new String[] {"kafka", "consumer"}) {
            var config = MCPServerConfig.of(name).withSettings(Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1"));

            var server = providers.get(name).create(config, ServerSettings.defaults());

            assertThat(server.info().name()).isEqualTo(name + "-mcp-server");
        }
    }

    @Test
    void haveTheSettingsOfTheModule() {
        for (String name : new String[] {"kafka", "consumer"}) {
            assertThat(providers.get(name).settings()).isSameAs(KafkaSettings.table());
        }
    }

    @Test
    void passOnThePolicyAndTheSettingsOfTheServer() {
        var settings = ServerSettings.builder().pageSize(7).build();
        for (String name : new String[] {"kafka", "consumer"}) {
            var config = MCPServerConfig.of(name)
                    .withSettings(Map.of(
                            "KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "KAFKA_TOOLS_ALLOWED", "get_consumer_lag"));

            var server = providers.get(name).create(config, settings);

            assertThat(server.offeredTools()).extracting(tool -> tool.name()).containsExactly("get_consumer_lag");
            assertThat(server.settings()).isSameAs(settings);
        }
    }

    @Test
    void sayWhichSettingIsMissing() {
        assertThatThrownBy(() -> providers.get("kafka").create(MCPServerConfig.of("kafka"), ServerSettings.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KAFKA_BOOTSTRAP_SERVERS");
    }
}
