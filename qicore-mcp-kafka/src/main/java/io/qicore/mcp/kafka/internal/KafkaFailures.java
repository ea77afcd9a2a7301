package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.KafkaConnection;
import io.qicore.mcp.kafka.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Map;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Failures of producers and consumers on a topic, as agents should see them. */
public final class KafkaFailures {

    private KafkaFailures() {}

    /**
     * The failure in one line. Messages of the brokers' own errors are harmless; those of configuration errors and of
     * anything unexpected may contain settings, so that only their kind is told.
     */
    public static String describe(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        return failure instanceof ApiException && !(failure instanceof AuthenticationException)
                ? kind + ": " + failure.getMessage()
                : kind + " (the server's log has the details)";
    }

    /** The error for a topic that cannot be used. What is neither refused nor unknown counts as unavailable. */
    public static MCPToolError onTopic(String topic, KafkaConnection connection, Throwable cause) {
        if (cause instanceof UnknownTopicOrPartitionException) {
            return topicNotFound(topic, "", cause);
        }
        Map<String, Object> context = Map.of("topic", topic, "bootstrapServers", connection.bootstrapServers());
        if (cause instanceof InvalidTopicException) {
            return new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'" + topic + "' is no valid topic name: at most 249 letters, digits, '.', '_' and '-' are.",
                    context,
                    cause);
        }
        if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
            return new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "The credentials of this server do not allow it to use topic '" + topic + "' ("
                            + cause.getClass().getSimpleName() + "). Whoever runs the cluster has to grant that.",
                    context,
                    cause);
        }
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                "Kafka at " + connection.bootstrapServers() + " did not answer in time about topic '" + topic
                        + "'. Check that its brokers run and that this server can reach them, then call again.",
                context,
                cause);
    }

    /** @param hint a sentence that begins with a space, or nothing */
    public static MCPToolError topicNotFound(String topic, String hint, Throwable cause) {
        return new MCPToolError(
                KafkaErrorCode.TOPIC_NOT_FOUND,
                "Topic '" + topic + "' does not exist." + hint
                        + " Use an existing one, or create it first with create_topic of the Kafka server.",
                Map.of("topic", topic),
                cause);
    }
}
