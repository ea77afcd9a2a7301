package io.qicore.mcp.kafka.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.StandardErrorCode;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaErrorsTest {

    private static final KafkaCluster CLUSTER = KafkaCluster.of(new KafkaConnection(Map.of(
            "bootstrap.servers",
            "broker:9092",
            "security.protocol",
            "SASL_SSL",
            "sasl.jaas.config",
            "x.PlainLoginModule required username=\"agent\" password=\"p\";")));
    private static final KafkaOperation READ =
            KafkaOperation.toRead("describe topic 'orders'", Map.of("topic", "orders"));
    private static final KafkaOperation CHANGE =
            KafkaOperation.toChange("create topic 'orders'", Map.of("topic", "orders"));

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new TimeoutException("node assignment"), KafkaErrorCode.BROKER_UNAVAILABLE),
                arguments(new java.util.concurrent.TimeoutException(), KafkaErrorCode.BROKER_UNAVAILABLE),
                arguments(new DisconnectException(), KafkaErrorCode.BROKER_UNAVAILABLE),
                arguments(new CoordinatorNotAvailableException("x"), KafkaErrorCode.BROKER_UNAVAILABLE),
                arguments(new TopicAuthorizationException(Set.of("orders")), StandardErrorCode.NOT_AUTHORIZED),
                arguments(GroupAuthorizationException.forGroupId("g"), StandardErrorCode.NOT_AUTHORIZED),
                arguments(new ClusterAuthorizationException("x"), StandardErrorCode.NOT_AUTHORIZED),
                arguments(new SaslAuthenticationException("x"), StandardErrorCode.NOT_AUTHORIZED),
                arguments(new SslAuthenticationException("x"), StandardErrorCode.NOT_AUTHORIZED),
                arguments(new UnknownTopicOrPartitionException("x"), KafkaErrorCode.TOPIC_NOT_FOUND),
                arguments(new TopicExistsException("x"), KafkaErrorCode.TOPIC_EXISTS),
                arguments(new InvalidPartitionsException("x"), KafkaErrorCode.INVALID_PARTITIONS),
                arguments(new GroupIdNotFoundException("x"), KafkaErrorCode.GROUP_NOT_FOUND),
                arguments(new UnknownMemberIdException("x"), KafkaErrorCode.GROUP_ACTIVE),
                arguments(new PolicyViolationException("x"), KafkaErrorCode.POLICY_VIOLATION),
                arguments(new UnsupportedVersionException("x"), KafkaErrorCode.UNSUPPORTED_BY_BROKER),
                arguments(new InvalidTopicException("x"), StandardErrorCode.INVALID_ARGUMENT),
                arguments(new InvalidReplicationFactorException("x"), StandardErrorCode.INVALID_ARGUMENT),
                arguments(new InvalidConfigurationException("x"), StandardErrorCode.INVALID_ARGUMENT),
                arguments(new UnknownServerException("x"), StandardErrorCode.EXTERNAL_SERVICE_ERROR));
    }

    @Test
    void failureToFindTheBrokers_isThatOfItsCause() {
        var silent = new KafkaException("Failed to find brokers", new TimeoutException("x"));
        var refused = new KafkaException("Failed to find brokers", new SaslAuthenticationException("x"));

        assertThat(KafkaErrors.of(silent, READ, CLUSTER).is(KafkaErrorCode.BROKER_UNAVAILABLE))
                .isTrue();
        assertThat(KafkaErrors.of(refused, READ, CLUSTER).is(StandardErrorCode.NOT_AUTHORIZED))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureHasItsCode(Throwable failure, ErrorCode code) {
        var error = KafkaErrors.of(failure, READ, CLUSTER);

        assertThat(error.code()).isEqualTo(code.name());
        assertThat(error.getCause()).isSameAs(failure);
        assertThat(error.context()).containsEntry("topic", "orders");
    }

    @Test
    void unavailableBroker_isNamedWithAWayOut() {
        var error = KafkaErrors.of(new TimeoutException("x"), READ, CLUSTER);

        assertThat(error.getMessage())
                .startsWith("Kafka at broker:9092 did not answer in time")
                .contains("describe topic 'orders'", "call again")
                .doesNotContain("may have been made");
        assertThat(error.retryable()).isTrue();
    }

    @Test
    void unansweredChange_saysThatItsEffectIsUnknown() {
        assertThat(KafkaErrors.of(new TimeoutException("x"), CHANGE, CLUSTER).getMessage())
                .contains("may have been made");
    }

    static Stream<Arguments> denials() {
        var topic = Access.toTopic(AclOperation.CREATE, "orders");
        var group = Access.toGroup(AclOperation.READ, "my 'group'");
        var cluster = Access.toCluster(AclOperation.DESCRIBE_CONFIGS);
        return Stream.of(
                arguments(
                        new TopicAuthorizationException(Set.of("orders")),
                        new Access[] {topic, group},
                        "Create on topic 'orders'",
                        "--operation Create --topic orders"),
                arguments(
                        new TopicAuthorizationException("x"),
                        new Access[] {topic, group},
                        "Create on topic 'orders'",
                        "--operation Create --topic orders"),
                arguments(
                        new TopicAuthorizationException(Set.of("other")),
                        new Access[] {topic},
                        "Describe on topic 'other'",
                        "--operation Describe --topic other"),
                arguments(
                        GroupAuthorizationException.forGroupId("my 'group'"),
                        new Access[] {topic, group},
                        "Read on group 'my 'group''",
                        "--operation Read --group 'my '\\''group'\\'''"),
                arguments(
                        new ClusterAuthorizationException("x"),
                        new Access[] {topic, cluster},
                        "DescribeConfigs on the cluster",
                        "--operation DescribeConfigs --cluster"),
                arguments(
                        // What an idempotent producer gets that may write to no topic.
                        new ClusterAuthorizationException("x"),
                        new Access[] {topic},
                        "Create on topic 'orders'",
                        "--operation Create --topic orders"),
                arguments(
                        new TransactionalIdAuthorizationException("x"),
                        new Access[] {Access.toTransactionalId(AclOperation.DESCRIBE, "t")},
                        "Describe on transactional id 't'",
                        "--operation Describe --transactional-id t"));
    }

    @ParameterizedTest
    @MethodSource("denials")
    void denial_namesWhatIsMissingAndTheCommandThatGrantsIt(
            AuthorizationException denied, Access[] needs, String missing, String grant) {
        var error = KafkaErrors.of(denied, KafkaOperation.toChange("do it", Map.of(), needs), CLUSTER);

        assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED)).isTrue();
        assertThat(error.getMessage())
                .contains("principal User:agent to do it", missing)
                .contains("kafka-acls --bootstrap-server broker:9092 --add --allow-principal User:agent " + grant);
        assertThat(error.context()).containsEntry("principal", "User:agent").containsKeys("missing", "grant");
    }

    @Test
    void principalThatOnlyTheBrokersKnow_isLeftToTheOperator() {
        var kerberos = KafkaCluster.of(new KafkaConnection(
                Map.of("bootstrap.servers", "b:1", "security.protocol", "SASL_SSL", "sasl.mechanism", "GSSAPI")));
        var error = KafkaErrors.of(
                new ClusterAuthorizationException("x"),
                KafkaOperation.toRead("look", Map.of(), Access.toCluster(AclOperation.DESCRIBE)),
                kerberos);

        assertThat(error.getMessage()).contains("do not allow this server to look", "'User:<principal");
        assertThat(error.context()).doesNotContainKey("principal");
    }

    static Stream<Arguments> handshakes() {
        return Stream.of(
                arguments(new CertificateException("PKIX path building failed"), "truststore"),
                arguments(new CertificateException("No subject alternative names present"), "another host name"),
                arguments(new CertificateException("No name matching b found"), "another host name"),
                arguments(new CertificateExpiredException("x"), "expired"),
                arguments(new CertificateNotYetValidException("x"), "not valid yet"),
                arguments(new SSLException("Unsupported or unrecognized SSL message"), "does not speak TLS"));
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void certificateOfTheBroker_isNotToldAsRefusedCredentials(Exception cause, String reason) {
        var failure = new SslAuthenticationException("SSL handshake failed", cause);

        var error = KafkaErrors.of(failure, READ, CLUSTER);

        assertThat(error.is(KafkaErrorCode.BROKER_NOT_TRUSTED))
                .as(error.toString())
                .isTrue();
        assertThat(error.getMessage()).contains(reason).doesNotContain("refused the credentials");
    }

    @Test
    void alertOfTheBroker_isToldAsRefusedCredentials() {
        var failure = new SslAuthenticationException(
                "SSL handshake failed", new SSLHandshakeException("Received fatal alert: bad_certificate"));

        assertThat(KafkaErrors.of(failure, READ, CLUSTER).is(StandardErrorCode.NOT_AUTHORIZED))
                .isTrue();
    }

    @Test
    void refusalOfABroker_isPassedOn() {
        var error = KafkaErrors.of(
                new InvalidReplicationFactorException("only 1 broker(s) are registered"), CHANGE, CLUSTER);

        assertThat(error.getMessage()).isEqualTo("Could not create topic 'orders': only 1 broker(s) are registered.");
    }

    @Test
    void whatTheClientSaysOfItself_isNotPassedOn() {
        var error = KafkaErrors.of(new KafkaException("Failed to load /etc/secret.jks"), READ, CLUSTER);
        var login = KafkaErrors.of(new SaslAuthenticationException("user alice: bad password"), READ, CLUSTER);

        assertThat(error.code()).isEqualTo("EXTERNAL_SERVICE_ERROR");
        assertThat(error.retryable()).isFalse();
        assertThat(error.getMessage()).doesNotContain("secret.jks");
        assertThat(login.getMessage()).doesNotContain("alice").contains("SaslAuthenticationException");
    }
}
