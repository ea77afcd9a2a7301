package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaSettings;
import io.qicore.mcp.kafka.cryptocompare.CryptoCompareSettings;
import io.qicore.mcp.kafka.producer.connect.ConnectProducerRuntimeBuilder;
import io.qicore.mcp.kafka.producer.connect.ConnectSettings;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntimeBuilder;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Creates {@link StreamingProducerMCPServer}s from {@link KafkaSettings} and {@code PRODUCER_…} settings, under the name
 * {@code producer}. Sources can read all {@code PRODUCER_…} settings but those of the server itself,
 * and those of CryptoCompare.
 */
public final class StreamingProducerMCPServerProvider implements MCPServerProvider {

    private static final String PREFIX = "PRODUCER_";

    /** The settings of the server itself, such as its keys, are not for sources. */
    private static final String SERVER_PREFIX = "PRODUCER_MCP_";

    static final Setting<String> TOPIC = Setting.text("PRODUCER_TOPIC")
            .orElse(SourceTypes.DEFAULT_TOPIC)
            .describedAs("The topic of producers whose config does not name one.");

    static final Setting<Path> REPLAY_DIRECTORY = Setting.path("PRODUCER_REPLAY_DIRECTORY")
            .checked(Files::isDirectory, "be an existing directory")
            .describedAs(
                    "Agents may replay the files in this directory and below it. By default they may replay none.");

    private static final SettingsTable TABLE = KafkaSettings.table()
            .and(ConnectSettings.table())
            .and(SettingsTable.builder()
                    .add(TOPIC, REPLAY_DIRECTORY)
                    .openPrefix(PREFIX)
                    .build())
            .and(CryptoCompareSettings.table());

    /** Creates a provider, for {@link java.util.ServiceLoader}. */
    public StreamingProducerMCPServerProvider() {}

    @Override
    public String name() {
        return "producer";
    }

    @Override
    public int defaultPort() {
        return 8084;
    }

    @Override
    public SettingsTable settings() {
        return TABLE;
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        Settings settings = config.read(TABLE);
        KafkaConnection kafka = KafkaConnection.from(settings);
        KafkaOptions options =
                KafkaOptions.from(settings).toBuilder().server(server).build();
        Optional<ConnectProducerRuntimeBuilder> connect = ConnectSettings.runtime(settings, kafka);
        if (connect.isPresent()) {
            return new StreamingProducerMCPServer(
                    connect.get().defaultTopic(settings.get(TOPIC)).build(), options);
        }
        LocalProducerRuntimeBuilder runtime =
                LocalProducerRuntime.builder(kafka).defaultTopic(settings.get(TOPIC));
        settings.find(REPLAY_DIRECTORY).ifPresent(runtime::replayDirectory);
        // Read, so that the key can be in a file.
        settings.find(CryptoCompareSettings.API_KEY)
                .ifPresent(key -> runtime.setting(CryptoCompareSettings.API_KEY.key(), key));
        for (Setting<URI> url : List.of(CryptoCompareSettings.BASE_URL, CryptoCompareSettings.STREAM_URL)) {
            runtime.setting(url.key(), settings.get(url).toString());
        }
        config.settings().forEach((key, value) -> {
            if (key.startsWith(PREFIX) && !key.startsWith(SERVER_PREFIX)) {
                runtime.setting(key, value);
            }
        });
        return new StreamingProducerMCPServer(runtime, options);
    }
}
