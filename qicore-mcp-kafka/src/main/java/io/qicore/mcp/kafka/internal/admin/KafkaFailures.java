package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.name.UnknownName;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;

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

    /** The error for a topic that could not be looked at. */
    public static MCPToolError onTopic(String topic, KafkaConnection connection, Throwable failure) {
        return KafkaErrors.of(
                failure,
                KafkaOperation.toRead("look at topic '" + topic + "'", Map.of("topic", topic)),
                "Kafka at " + connection.bootstrapServers());
    }

    /** @param known the existing names, to suggest one; empty when they are not known */
    public static MCPToolError topicNotFound(String topic, Collection<String> known, Throwable cause) {
        return UnknownName.error(KafkaErrorCode.TOPIC_NOT_FOUND, "topic", "topic", topic, known, cause);
    }
}
