package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Turns failures of the Kafka clients into errors that an agent can act on. Messages of brokers are passed on. Messages of
 * the client library are not, because they can contain paths of files and principals.
 */
public final class KafkaErrors {

    /** The rule for topic names, which the messages of the Admin and the broker do not contain. */
    private static final String TOPIC_NAMES =
            " The name of a topic has 1 to 249 ASCII letters, digits, '.', '_' or '-', and is not '.' or '..'.";

    private KafkaErrors() {}

    /**
     * Returns the error for a failed operation.
     *
     * @param failure the unwrapped cause with which a Kafka future failed, or the {@link TimeoutException} of waiting for it
     * @param operation what was requested
     * @param cluster the cluster that was asked
     */
    public static MCPToolError of(Throwable failure, KafkaOperation operation, KafkaCluster cluster) {
        return ofKnown(unwrapped(failure), operation, cluster);
    }

    /** Returns the actual failure. The Admin wraps a failure to list the brokers in an exception without information. */
    static Throwable unwrapped(Throwable failure) {
        return failure.getClass() == KafkaException.class && failure.getCause() instanceof ApiException cause
                ? cause
                : failure;
    }

    private static MCPToolError ofKnown(Throwable failure, KafkaOperation operation, KafkaCluster cluster) {
        if (failure instanceof MCPToolError already) {
            return already;
        }
        if (failure instanceof AuthorizationException denied) {
            return Denials.of(denied, operation, cluster);
        }
        if (failure instanceof AuthenticationException) {
            return unauthenticated(failure, operation, cluster);
        }
        ErrorCode code = refusal(failure);
        if (code != null) {
            String rule = failure instanceof InvalidTopicException ? TOPIC_NAMES : "";
            return error(code, "Could not " + operation.action() + ": " + reason(failure) + rule, operation, failure);
        }
        // Checked after the refusals: the clients also treat some of those, such as an unknown topic, as retriable.
        if (failure instanceof TimeoutException || failure instanceof RetriableException) {
            return unavailable(failure, operation, cluster);
        }
        String detail = failure instanceof ApiException
                ? reason(failure)
                : failure.getClass().getSimpleName() + ".";
        return new MCPToolError(
                StandardErrorCode.EXTERNAL_SERVICE_ERROR.name(),
                "Could not " + operation.action() + ": " + detail,
                operation.context(),
                false,
                failure);
    }

    /** Returns the code of a failure that the arguments of an agent can cause, or null for other failures. */
    private static @Nullable ErrorCode refusal(Throwable failure) {
        if (failure instanceof UnknownTopicOrPartitionException || failure instanceof UnknownTopicIdException) {
            return KafkaErrorCode.TOPIC_NOT_FOUND;
        }
        if (failure instanceof TopicExistsException) {
            return KafkaErrorCode.TOPIC_EXISTS;
        }
        if (failure instanceof InvalidPartitionsException) {
            return KafkaErrorCode.INVALID_PARTITIONS;
        }
        if (failure instanceof GroupIdNotFoundException) {
            return KafkaErrorCode.GROUP_NOT_FOUND;
        }
        // Brokers answer with one of these if offsets are changed from outside while the group has members.
        if (failure instanceof UnknownMemberIdException
                || failure instanceof GroupNotEmptyException
                || failure instanceof GroupSubscribedToTopicException
                || failure instanceof RebalanceInProgressException
                || failure instanceof IllegalGenerationException) {
            return KafkaErrorCode.GROUP_ACTIVE;
        }
        if (failure instanceof OffsetOutOfRangeException) {
            return KafkaErrorCode.INVALID_OFFSET;
        }
        if (failure instanceof PolicyViolationException) {
            return KafkaErrorCode.POLICY_VIOLATION;
        }
        if (failure instanceof UnsupportedVersionException) {
            return KafkaErrorCode.UNSUPPORTED_BY_BROKER;
        }
        if (failure instanceof SecurityDisabledException) {
            return KafkaErrorCode.AUTHORIZER_NOT_CONFIGURED;
        }
        // The client throws IllegalArgumentException for a group that is not a consumer group.
        if (failure instanceof IllegalArgumentException
                || failure instanceof InvalidTopicException
                || failure instanceof InvalidGroupIdException
                || failure instanceof InvalidReplicationFactorException
                || failure instanceof InvalidReplicaAssignmentException
                || failure instanceof InvalidConfigurationException
                || failure instanceof InvalidRequestException) {
            return StandardErrorCode.INVALID_ARGUMENT;
        }
        return null;
    }

    private static MCPToolError unavailable(Throwable failure, KafkaOperation operation, KafkaCluster cluster) {
        String doubt =
                operation.changes() ? " The change may have been made nevertheless: check before you repeat it." : "";
        return error(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                cluster + " did not answer in time, so this server could not " + operation.action() + "." + doubt
                        + " Check that its brokers are running, that this server can reach them and that security.protocol fits"
                        + " their listener, then call again.",
                operation,
                failure);
    }

    private static MCPToolError unauthenticated(Throwable failure, KafkaOperation operation, KafkaCluster cluster) {
        String untrusted = TlsFailures.untrusted(failure);
        if (untrusted != null) {
            return error(
                    KafkaErrorCode.BROKER_NOT_TRUSTED,
                    "This server does not trust the TLS certificate of " + cluster + ": " + untrusted
                            + ". No credentials were sent.",
                    operation,
                    failure);
        }
        if (TlsFailures.notTls(failure)) {
            return error(
                    KafkaErrorCode.BROKER_NOT_TRUSTED,
                    cluster
                            + " does not speak TLS on this port. Compare security.protocol (KAFKA_SECURITY_PROTOCOL) with"
                            + " the listener of the brokers.",
                    operation,
                    failure);
        }
        return error(
                StandardErrorCode.NOT_AUTHORIZED,
                cluster + " refused the credentials of this server ("
                        + failure.getClass().getSimpleName()
                        + "). The operator of this server has to correct its security settings.",
                operation,
                failure);
    }

    private static MCPToolError error(ErrorCode code, String message, KafkaOperation operation, Throwable cause) {
        return new MCPToolError(code, message, operation.context(), cause);
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        String text = message == null || message.isBlank() ? failure.getClass().getSimpleName() : message.strip();
        return text.endsWith(".") ? text : text + ".";
    }
}
