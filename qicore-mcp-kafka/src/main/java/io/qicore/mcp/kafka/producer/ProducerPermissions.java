package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.producer.runtime.ProducerErrors;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Decides which producers a caller may start, see and command: those that read and write only topics that the policy and its own
 * limits allow.
 */
record ProducerPermissions(Permissions permissions) {

    ProducerPermissions(KafkaPolicy policy, Caller caller) {
        this(new Permissions(policy, caller));
    }

    /**
     * Returns if the caller may start a producer.
     *
     * @param config as the caller passed it: the default topic is not to be named to everybody
     * @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} if a topic is not allowed or is internal to Kafka
     */
    void requireStart(SourceSpec spec, ObjectNode config) {
        if (!config.hasNonNull("topic") && !permissions.topic(spec.topic())) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "Only some topics may be written to: name one as \"topic\" in config. Allowed topics: "
                            + Permissions.listed(permissions.allowedTopics()) + ".",
                    Map.of("allowed", permissions.allowedTopics()));
        }
        permissions.requireChangeableTopic(spec.topic());
        for (String topic : spec.topicsRead()) {
            permissions.requireTopic(topic);
            if (Permissions.internal(topic)) {
                throw new MCPToolError(
                        KafkaErrorCode.NOT_ALLOWED,
                        "Topic '" + topic + "' is an internal topic of Kafka. Producers never read internal topics.",
                        Map.of("topic", topic));
            }
        }
    }

    /** Returns the error of a command without what the caller may not see of other producers. */
    MCPToolError withoutHidden(MCPToolError error, String sourceId, Collection<ProducerStatus> producers) {
        List<ProducerStatus> visible = visible(producers);
        if (error.is(KafkaErrorCode.TOO_MANY_PRODUCERS)) {
            return tooMany(visible, error);
        }
        boolean hidden =
                visible.stream().noneMatch(producer -> producer.sourceId().equals(sourceId));
        return error.is(KafkaErrorCode.PRODUCER_EXISTS) && hidden ? ProducerErrors.taken(sourceId) : error;
    }

    private static MCPToolError tooMany(List<ProducerStatus> visible, MCPToolError error) {
        List<String> running = visible.stream()
                .filter(producer -> !producer.state().hasEnded())
                .map(ProducerStatus::sourceId)
                .toList();
        return new MCPToolError(
                KafkaErrorCode.TOO_MANY_PRODUCERS,
                "No more producers can run on this server at once."
                        + (running.isEmpty()
                                ? " Call again when others have ended."
                                : " Stop one of: " + String.join(", ", running) + "."),
                Map.of("running", running),
                error);
    }

    /** Returns the producers that the caller may see. */
    List<ProducerStatus> visible(Collection<ProducerStatus> producers) {
        return producers.stream().filter(this::mayBeSeen).toList();
    }

    private boolean mayBeSeen(ProducerStatus producer) {
        return permissions.topic(producer.topic())
                && producer.topicsRead().stream().allMatch(permissions::topic);
    }

    /** Returns whether every topic is allowed, so that single producers need no check. */
    boolean everyTopic() {
        return permissions.everyTopic();
    }
}
