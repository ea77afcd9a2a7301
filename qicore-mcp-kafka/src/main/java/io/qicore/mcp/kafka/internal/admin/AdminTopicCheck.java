package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Checks topics with an admin client, which is created at the first check. A check with the producer would create the topic
 * on brokers that create topics automatically. Thread-safe.
 */
public final class AdminTopicCheck implements TopicCheck {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConnection connection;
    private @Nullable Admin admin;
    private boolean closed;

    /** Creates a check. Connects at the first one. */
    public AdminTopicCheck(KafkaConnection connection) {
        this.connection = connection;
    }

    @Override
    public void requireTopic(String topic, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
            options.timeoutMs((int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis())));
            var described = admin().describeTopics(List.of(topic), options)
                    .allTopicNames()
                    .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            requireWrite(Objects.requireNonNull(described.get(topic)));
        } catch (ExecutionException e) {
            throw failure(topic, e.getCause() == null ? e : e.getCause(), deadline);
        } catch (TimeoutException | KafkaException e) {
            throw failure(topic, e, deadline);
        }
    }

    /** A producer without this access would start, and fail when it sends its first record. */
    private void requireWrite(TopicDescription topic) {
        Denials.require(
                topic.authorizedOperations(),
                Access.toTopic(AclOperation.WRITE, topic.name()),
                TopicErrors.writing(topic.name()),
                KafkaCluster.of(connection));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (admin != null) {
            admin.close(CLOSE_TIMEOUT);
            admin = null;
        }
    }

    private synchronized Admin admin() {
        if (closed) {
            throw new MCPToolError(
                    StandardErrorCode.EXTERNAL_SERVICE_ERROR,
                    "The producer runtime is closed: the application that runs it is shutting down.");
        }
        if (admin == null) {
            admin = Admin.create(
                    connection.with(Map.of(AdminClientConfig.CLIENT_ID_CONFIG, "qicore-mcp-producer-admin")));
        }
        return admin;
    }

    private MCPToolError failure(String topic, Throwable failure, long deadline) throws InterruptedException {
        if (failure instanceof AuthenticationException) {
            discard();
        }
        return failure instanceof UnknownTopicOrPartitionException
                ? TopicErrors.topicNotFound(topic, topics(deadline), failure)
                : KafkaErrors.of(failure, TopicErrors.writing(topic), KafkaCluster.of(connection));
    }

    /** Closes the client whose credentials were refused: it would try again, and log it, every second. */
    private synchronized void discard() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }

    /** Returns the names of existing topics for suggestions; none if the cluster does not answer. */
    private Collection<String> topics(long deadline) throws InterruptedException {
        try {
            return admin().listTopics().names().get(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }
}
