package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.name.UnknownName;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Turns failures of producers and consumers on a topic into messages and errors for agents. */
public final class TopicErrors {

    private TopicErrors() {}

    /**
     * Returns a description of the failure in one line. It contains the message only if a broker caused the failure.
     * Messages of other failures may contain settings, so the description has only their type.
     */
    public static String describe(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        return failure instanceof ApiException && !(failure instanceof AuthenticationException)
                ? kind + ": " + failure.getMessage()
                : kind + " (the server's log has the details)";
    }

    /** Returns a description of a failure to write, which names the access that is missing, if that is the cause. */
    public static String describeWrite(Throwable failure, String topic, KafkaCluster cluster) {
        return failure instanceof AuthorizationException
                ? KafkaErrors.of(failure, writing(topic), cluster).getMessage()
                : describe(failure);
    }

    /** Returns the operation of a producer. */
    public static KafkaOperation writing(String topic) {
        return KafkaOperation.toRead(
                "write to topic '" + topic + "'", Map.of("topic", topic), Access.toTopic(AclOperation.WRITE, topic));
    }

    /** Returns the error for a topic that could not be read. */
    public static MCPToolError onTopic(String topic, KafkaConnection connection, Throwable failure) {
        return KafkaErrors.of(
                failure,
                KafkaOperation.toRead(
                        "read topic '" + topic + "'", Map.of("topic", topic), Access.toTopic(AclOperation.READ, topic)),
                KafkaCluster.of(connection));
    }

    /**
     * Returns the error for a topic that does not exist.
     *
     * @param known the existing names, to suggest a similar one; empty if they are not known
     */
    public static MCPToolError topicNotFound(String topic, Collection<String> known, Throwable cause) {
        return UnknownName.error(KafkaErrorCode.TOPIC_NOT_FOUND, "topic", "topic", topic, known, cause);
    }
}
