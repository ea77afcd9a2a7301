package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.internal.admin.KafkaCluster;
import io.qicore.mcp.kafka.internal.admin.TopicErrors;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownProducerIdException;

/** Decides which failures of a producer can pass, and describes them. */
final class Failures {

    private Failures() {}

    /** Returns whether the producer can succeed if it is started again. */
    static boolean canPass(Throwable failure) {
        if (failure instanceof MCPToolError error) {
            return error.retryable();
        }
        if (failure instanceof ApiException) {
            // The state of an idempotent producer that the brokers have lost is made anew by the next one.
            return failure instanceof RetriableException
                    || failure instanceof OutOfOrderSequenceException
                    || failure instanceof UnknownProducerIdException
                    || failure instanceof InvalidPidMappingException
                    || failure instanceof InvalidProducerEpochException
                    || failure instanceof ProducerFencedException;
        }
        // Kafka's other exceptions report what happened on the way, such as host names that cannot be resolved at the
        // moment.
        return (failure instanceof KafkaException && !(failure instanceof ConfigException))
                || failure instanceof UncheckedIOException
                || (failure instanceof IOException && !(failure instanceof SourceException));
    }

    /** Returns a description in one line, without settings and other secrets. */
    static String describe(Throwable failure, String topic, KafkaCluster cluster) {
        if (failure instanceof MCPToolError error) {
            return error.getMessage();
        }
        if (failure instanceof SourceException) {
            return "The source failed: " + failure.getMessage();
        }
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            return "The source failed: " + TopicErrors.describe(failure);
        }
        return TopicErrors.describeWrite(failure, topic, cluster);
    }
}
