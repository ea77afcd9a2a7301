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
 * Decides which producers agents may start, see and stop: those that write to topics that the policy allows.
 *
 * @param defaultTopic the topic of producers whose config does not name one; null if only the runtime knows it
 */
record ProducerPermissions(KafkaPolicy policy, @Nullable String defaultTopic) {

    /**
     * Returns if agents may start a producer with this config.
     *
     * @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} if its topic is not allowed or is internal to Kafka
     */
    void requireStart(ObjectNode config) {
        String topic = new SourceSettings(config).text(ProducerSpec.TOPIC).orElse(defaultTopic);
        if (topic != null) {
            new Permissions(policy).requireChangeableTopic(topic);
        } else if (!everyTopic()) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "This server may write only to some topics: name one as \"topic\" in config. Allowed topics: "
                            + String.join(", ", policy.topics()) + ".",
                    Map.of("allowed", policy.topics()));
        }
    }

    /**
     * Returns if agents may stop the producer.
     *
     * @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} if it writes to a topic that is not allowed
     */
    void requireStop(String sourceId, Collection<ProducerStatus> producers) {
        for (ProducerStatus producer : producers) {
            if (producer.sourceId().equals(sourceId)) {
                new Permissions(policy).requireTopic(producer.topic());
            }
        }
    }

    /** Returns the producers that agents may see. */
    List<ProducerStatus> visible(Collection<ProducerStatus> producers) {
        return producers.stream()
                .filter(producer -> policy.allowsTopic(producer.topic()))
                .toList();
    }

    /** Returns whether every topic is allowed, so that single producers need no check. */
    boolean everyTopic() {
        return new Permissions(policy).everyTopic();
    }
}
