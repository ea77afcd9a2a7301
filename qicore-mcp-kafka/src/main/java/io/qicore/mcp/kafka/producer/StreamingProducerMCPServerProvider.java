package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes {@link StreamingProducerMCPServer}s under the name {@code producer}. Settings: {@code KAFKA_*} for the cluster, {@code KAFKA_TOOLS_*}
 * for the {@link KafkaPolicy},
 * {@value #REPLAY_DIRECTORY} for the files that may be replayed (none by default), {@value #TOPIC} for the default topic.
 */
public final class StreamingProducerMCPServerProvider implements MCPServerProvider {

    static final String REPLAY_DIRECTORY = "PRODUCER_REPLAY_DIRECTORY";
    static final String TOPIC = "PRODUCER_TOPIC";

    /** For {@link java.util.ServiceLoader}. */
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
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        Map<String, String> settings = config.settings();
        LocalProducerRuntimeBuilder runtime = LocalProducerRuntime.builder(KafkaConnection.fromSettings(settings))
                .defaultTopic(settings.getOrDefault(TOPIC, LocalProducerRuntimeBuilder.DEFAULT_TOPIC));
        String directory = settings.getOrDefault(REPLAY_DIRECTORY, "");
        if (!directory.isBlank()) {
            try {
                runtime.replayDirectory(Path.of(directory));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(REPLAY_DIRECTORY + ": " + e.getMessage(), e);
            }
        }
        return new StreamingProducerMCPServer(runtime, KafkaPolicy.fromSettings(settings));
    }
}
