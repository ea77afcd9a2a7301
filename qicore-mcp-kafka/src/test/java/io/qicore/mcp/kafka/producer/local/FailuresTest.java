package io.qicore.mcp.kafka.producer.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

    static Stream<Throwable> passing() {
        return Stream.of(
                new IOException("connection reset"),
                new UncheckedIOException(new IOException("connection reset")),
                new TimeoutException("no leader"),
                new NotEnoughReplicasException("1 of 2"),
                new OutOfOrderSequenceException("lost"),
                new KafkaException(
                        "Failed to construct kafka producer", new ConfigException("No resolvable bootstrap urls")),
                new MCPToolError(KafkaErrorCode.BROKER_UNAVAILABLE, "down"));
    }

    static Stream<Throwable> lasting() {
        return Stream.of(
                new SourceException("Line 7 is wrong"),
                new TopicAuthorizationException("Not authorized: [t]"),
                new SaslAuthenticationException("wrong password"),
                new RecordTooLargeException("2 MB"),
                new InvalidTopicException("a b"),
                new ConfigException("compression.type", "x"),
                new MCPToolError(KafkaErrorCode.TOPIC_NOT_FOUND, "gone"),
                new IllegalStateException("a defect"),
                new NullPointerException());
    }

    @ParameterizedTest
    @MethodSource("passing")
    void failureOfTheMoment_canPass(Throwable failure) {
        assertThat(Failures.canPass(failure)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void failureThatWouldComeAgain_cannotPass(Throwable failure) {
        assertThat(Failures.canPass(failure)).isFalse();
    }

    /** Whatever a broker answers is decided, and nothing that the protocol calls retriable ends a producer. */
    @ParameterizedTest
    @EnumSource(Errors.class)
    void retriableErrorOfTheProtocol_canPass(Errors error) {
        if (error.exception() instanceof org.apache.kafka.common.errors.RetriableException) {
            assertThat(Failures.canPass(error.exception())).isTrue();
        }
        if (error.exception() instanceof org.apache.kafka.common.errors.AuthorizationException) {
            assertThat(Failures.canPass(error.exception())).isFalse();
        }
    }
}
