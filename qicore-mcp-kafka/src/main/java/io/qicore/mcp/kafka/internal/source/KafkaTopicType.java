package io.qicore.mcp.kafka.internal.source;

import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.tool.Schema;
import java.util.List;

/**
 * Sources of type {@code kafka-topic}, which deliver the records of another topic of the same cluster: keys, values, headers and
 * timestamps. Records of a key keep their order. Reads committed records only, without a consumer group.
 */
public final class KafkaTopicType implements SourceType<KafkaTopicType.Config> {

    /** Creates the type, for {@link java.util.ServiceLoader}. */
    public KafkaTopicType() {}

    /** The settings. */
    public record Config(
            @Schema(value = "Topic to read", minLength = 1, maxLength = 249)
            String sourceTopic,

            @Schema(
                    value = "Where to begin: with the oldest record, or with those that arrive from now on",
                    allowed = {"earliest", "latest"},
                    defaultValue = "earliest")
            String start,

            @Schema(
                    value = "Wait for new records; false: complete after the records that are there now",
                    defaultValue = "true")
            boolean follow) {}

    @Override
    public String name() {
        return "kafka-topic";
    }

    @Override
    public String description() {
        return "A copy of another topic of the cluster: keys, values, headers and timestamps.";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public List<String> topicsRead(Config config) {
        return List.of(config.sourceTopic());
    }

    @Override
    public double defaultRate(Config config) {
        return 0;
    }

    @Override
    public RecordSource open(Config config, SourcePosition from, SourceContext context) throws InterruptedException {
        return KafkaTopicSource.open(config, from, context.kafka());
    }
}
