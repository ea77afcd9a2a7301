package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.marketdata.SourceSettings;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which producers a caller may start, see and stop: those that write to topics that the policy and its own limits allow.
 *
 * @param defaultTopic the topic of producers whose config does not name one; null if only the runtime knows it
 */
record ProducerPermissions(
        Permissions permissions, @Nullable String defaultTopic) {

    private static final Set<ProducerState> ENDED =
            EnumSet.of(ProducerState.STOPPED, ProducerState.COMPLETED, ProducerState.FAILED);

    ProducerPermissions(KafkaPolicy policy, Caller caller, @Nullable String defaultTopic) {
        this(new Permissions(policy, caller), defaultTopic);
    }

    /**
     * Returns if the caller may start a producer with this config.
     *
     * @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} if its topic is not allowed or is internal to Kafka
     */
    void requireStart(ObjectNode config) {
        String named = new SourceSettings(config).text(ProducerSpec.TOPIC).orElse(null);
        if (named != null) {
            permissions.requireChangeableTopic(named);
        } else if (!everyTopic() && (defaultTopic == null || !permissions.topic(defaultTopic))) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "Only some topics may be written to: name one as \"topic\" in config. Allowed topics: "
                            + Permissions.listed(permissions.allowedTopics()) + ".",
                    Map.of("allowed", permissions.allowedTopics()));
        } else if (defaultTopic != null) {
            permissions.requireChangeableTopic(defaultTopic);
        }
    }

    /**
     * Returns if the caller may stop the producer.
     *
     * @throws MCPToolError {@link KafkaErrorCode#PRODUCER_NOT_FOUND} if there is none, or it writes to a topic that is not allowed
     */
    void requireStop(String sourceId, Collection<ProducerStatus> producers) {
        List<ProducerStatus> visible = visible(producers);
        if (visible.stream().noneMatch(producer -> producer.sourceId().equals(sourceId))) {
            throw ProducerTasks.notFound(sourceId, running(visible));
        }
    }

    /** Returns the error of a start without the names of producers that the caller may not see. */
    MCPToolError withoutHidden(MCPToolError error, Collection<ProducerStatus> producers) {
        if (!error.is(KafkaErrorCode.TOO_MANY_PRODUCERS)) {
            return error;
        }
        List<String> running = running(visible(producers));
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
        return producers.stream()
                .filter(producer -> permissions.topic(producer.topic()))
                .toList();
    }

    /** Returns whether every topic is allowed, so that single producers need no check. */
    boolean everyTopic() {
        return permissions.everyTopic();
    }

    private static List<String> running(Collection<ProducerStatus> producers) {
        return producers.stream()
                .filter(producer -> !ENDED.contains(producer.state()))
                .map(ProducerStatus::sourceId)
                .toList();
    }
}
