package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.marketdata.SourceSettings;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which producers a policy lets a call start, see and stop: those of the topics that it allows.
 *
 * @param defaultTopic where a producer writes whose config names no topic; null if only the runtime knows
 */
record ProducerPermissions(KafkaPolicy policy, @Nullable String defaultTopic) {

    /** @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} for a topic that may not be used or is Kafka's own */
    void requireStart(ObjectNode config) {
        String topic = new SourceSettings(config).text(ProducerSpec.TOPIC).orElse(defaultTopic);
        if (topic != null) {
            new Permissions(policy).requireChangeableTopic(topic);
        } else if (!everyTopic()) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "This server may not write to every topic: name one as \"topic\" in config. Allowed topics: "
                            + String.join(", ", policy.topics()) + ".",
                    Map.of("allowed", policy.topics()));
        }
    }

    /** @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} if the producer writes to a topic that may not be used */
    void requireStop(String sourceId, Collection<ProducerStatus> producers) {
        for (ProducerStatus producer : producers) {
            if (producer.sourceId().equals(sourceId)) {
                new Permissions(policy).requireTopic(producer.topic());
            }
        }
    }

    /** Those that may be seen. */
    List<ProducerStatus> visible(Collection<ProducerStatus> producers) {
        return producers.stream()
                .filter(producer -> policy.allowsTopic(producer.topic()))
                .toList();
    }

    /** Whether no producer has to be looked at. */
    boolean everyTopic() {
        return new Permissions(policy).everyTopic();
    }
}
